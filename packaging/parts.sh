#!/bin/sh
# Writes which crates are in the library and in the command, as CycloneDX has it, into dist/.
set -eu
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
: "${SOURCE_DATE_EPOCH:=$(dpkg-parsechangelog -l packaging/debian/changelog -S Timestamp)}"
export SOURCE_DATE_EPOCH

command -v cargo-cyclonedx >/dev/null || cargo install --locked --version 0.5.9 cargo-cyclonedx
# It puts a table beside each crate.
trap 'find . -path ./target -prune -o -name "kayako-sign-*.cdx.json" -path "./*/*" ! -path "./dist/*" -exec rm {} +' EXIT
cargo cyclonedx --all --format json --spec-version 1.5 --quiet

# take FILE NAME: the clone's folder is in it.
take() {
    sed "s|path+file://$PWD|kayako-sign:|g" "$1" >"dist/kayako-sign-$version-$2.cdx.json"
}

mkdir -p dist
take ffi/kayako-sign-ffi.cdx.json library
take cli/kayako-sign-cli.cdx.json command
