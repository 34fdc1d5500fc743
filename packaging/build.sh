#!/bin/sh
# Builds the libraries and the command for this machine, and puts them into target/release. Cargo may be told to build
# elsewhere, by CARGO_TARGET_DIR, build.target-dir or build.target, so it is asked where it put them.
#
# CARGO is cargo, and STATIC=no links the command with the machine's C library.
set -eu
cd "$(dirname "$0")/.."
place=target/release
CARGO_ENCODED_RUSTFLAGS=$(packaging/rustflags.sh)
export CARGO_ENCODED_RUSTFLAGS

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$place"

# built NAME ARGUMENT...: runs cargo, and puts the files of the artifact with that name in place.
built() {
    name=$1
    shift
    # shellcheck disable=SC2086 # Each word is an argument.
    "${CARGO:-cargo}" "$@" --release --locked --message-format=json-render-diagnostics $flags >"$work/messages"
    sed -n "/\"name\":\"$name\",/s/.*\"filenames\":\[\"\([^]]*\)\"\].*/\1/p" "$work/messages" | sed 's/","/\n/g' |
        while IFS= read -r file; do
            cmp -s "$file" "$place/${file##*/}" && continue
            # A program may be running with the old one.
            cp "$file" "$place/${file##*/}.new"
            mv -f "$place/${file##*/}.new" "$place/${file##*/}"
        done
}

flags=
built kayako_sign build -p kayako-sign-ffi
# The command alone is linked statically, and catches no panic.
flags="-- -C panic=abort $([ "${STATIC:-yes}" != yes ] || packaging/static.sh)"
built kayako-sign rustc -p kayako-sign-cli --bin kayako-sign
ln -sf libkayako_sign.so $place/libkayako_sign.so.0
(cd $place && sha256sum kayako-sign libkayako_sign.so libkayako_sign.a) >"$place/.built-${STATIC:-yes}"
