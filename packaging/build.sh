#!/bin/sh
# Builds the libraries and the command for this machine, and puts them into target/release. Cargo builds elsewhere if
# CARGO_TARGET_DIR, build.target-dir or build.target is set, so cargo's own messages say where the files are.
#
# CARGO is the cargo to run. STATIC=no links the command with the machine's C library.
set -eu
cd "$(dirname "$0")/.."
out=target/release
CARGO_ENCODED_RUSTFLAGS=$(packaging/rustflags.sh)
export CARGO_ENCODED_RUSTFLAGS

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# build_artifact NAME ARGUMENT...: runs cargo, and copies the files of the artifact NAME if they have changed.
build_artifact() {
    name=$1
    shift
    # shellcheck disable=SC2086 # Each word is an argument.
    "${CARGO:-cargo}" "$@" --release --locked --message-format=json-render-diagnostics $flags >"$work/messages"
    sed -n "/\"name\":\"$name\",/s/.*\"filenames\":\[\"\([^]]*\)\"\].*/\1/p" "$work/messages" | sed 's/","/\n/g' |
        while IFS= read -r file; do
            cmp -s "$file" "$out/${file##*/}" && continue
            # Replaces it in one step, because a program may be using the old one.
            cp "$file" "$out/${file##*/}.new"
            mv -f "$out/${file##*/}.new" "$out/${file##*/}"
        done
}

flags=
build_artifact kayako_sign build -p kayako-sign-ffi
# Only the command is linked statically, and catches no panic.
flags="-- -C panic=abort $([ "${STATIC:-yes}" != yes ] || packaging/static.sh)"
build_artifact kayako-sign rustc -p kayako-sign-cli --bin kayako-sign
ln -sf libkayako_sign.so $out/libkayako_sign.so.0
(cd $out && sha256sum kayako-sign libkayako_sign.so libkayako_sign.a) >"$out/.built-${STATIC:-yes}"
