#!/usr/bin/env bash
# Holds the examples and their drivers to the formatters and linters of their languages, where Debian has one. The
# compilers of Java and C# warn while the tests build.
set -eu
cd "$(dirname "$0")/../.."

rubocop --format quiet bindings/examples/*.rb tests/languages/*.rb
for file in bindings/examples/*.pl tests/languages/*.pl; do
    perltidy --noprofile --maximum-line-length=120 --standard-output "$file" | diff --unified "$file" -
done
unformatted=$(gofmt -l bindings/examples tests/languages)
[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted" >&2; exit 1; }
luacheck --quiet bindings/examples tests/languages
