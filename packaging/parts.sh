#!/bin/sh
# Writes the lists of the crates in the library and in the command, in CycloneDX's format, into dist/.
set -eu
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
: "${SOURCE_DATE_EPOCH:=$(dpkg-parsechangelog -l packaging/debian/changelog -S Timestamp)}"
export SOURCE_DATE_EPOCH

command -v cargo-cyclonedx >/dev/null || cargo install --locked --version 0.5.9 cargo-cyclonedx
# It writes a list beside each crate.
trap 'find . -path ./target -prune -o -name "kayako-sign-*.cdx.json" -path "./*/*" ! -path "./dist/*" -exec rm {} +' EXIT
cargo cyclonedx --all --format json --spec-version 1.5 --quiet

# take FILE NAME: copies a list into dist/, without the path of the clone in it.
take() {
    sed "s|path+file://$PWD|kayako-sign:|g" "$1" >"dist/kayako-sign-$version-$2.cdx.json"
}

mkdir -p dist
take ffi/kayako-sign-ffi.cdx.json library
take cli/kayako-sign-cli.cdx.json command
