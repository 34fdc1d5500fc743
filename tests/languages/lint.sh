#!/usr/bin/env bash
# Runs the formatters and linters that Debian has over the examples and their drivers. For Java and C# the compilers
# warn when the tests build.
set -eu
cd "$(dirname "$0")/../.."

rubocop --format quiet bindings/examples/*.rb tests/languages/*.rb
for file in bindings/examples/*.pl tests/languages/*.pl; do
    perltidy --noprofile --maximum-line-length=120 --standard-output "$file" | diff --unified "$file" -
done
unformatted=$(gofmt -l bindings/examples tests/languages)
[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted" >&2; exit 1; }
luacheck --quiet bindings/examples tests/languages
