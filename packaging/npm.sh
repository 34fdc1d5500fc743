#!/usr/bin/env bash
# Makes the npm package: dist/kayako-sign-VERSION.tgz.
set -eu
cd "$(dirname "$0")/.."

module=$(packaging/wasm.py build kayako-sign-ffi)
{
    echo "/** The C library, compiled for WebAssembly and written as base64. Made by packaging/npm.sh. */"
    printf 'export default "%s";\n' "$(base64 --wrap=0 "$module")"
} >bindings/js/src/module.js

# npm packs no links.
staged=target/npm
rm -rf "$staged"
mkdir -p "$staged" dist
cp -RL bindings/js/package.json bindings/js/README.md bindings/js/LICENSE-* bindings/js/src "$staged"
npm pack --silent --pack-destination dist "./$staged" >/dev/null
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
wc -c "dist/kayako-sign-$version.tgz"
