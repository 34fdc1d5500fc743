#!/bin/sh
# Two builds of the library and the command, in folders with different names, are the same byte for byte.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=../support/check.sh
. "$(dirname "$0")/../support/check.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Copies the files that git knows or would add, so no earlier build.
copy() {
    mkdir -p "$1"
    (cd "$root" && git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- --file=-) |
        tar --extract --directory="$1"
}

one=$work/one two="$work/another and longer folder"
copy "$one"
copy "$two"
unset CARGO_TARGET_DIR CARGO_ENCODED_RUSTFLAGS RUSTFLAGS
make --no-print-directory -C "$one" build >"$work/log" 2>&1 || cat "$work/log"
make --no-print-directory -C "$two" build >"$work/log" 2>&1 || cat "$work/log"
for file in libkayako_sign.so libkayako_sign.a kayako-sign; do
    check "$file is the same from both folders" cmp "$one/target/release/$file" "$two/target/release/$file"
    if grep -qaF -e "$work/" "$one/target/release/$file"; then holds=true; else holds=false; fi
    check "$file does not hold the name of its folder" test "$holds" = false
    sha256sum "$one/target/release/$file" | sed "s|$one/target/release/||"
done

# Without make's flags, it does hold them.
(cd "$one" && cargo build --release --locked -p kayako-sign-ffi --target-dir "$work/plain" >"$work/log" 2>&1)
differ() { ! cmp -s "$1" "$2"; }
check "control: without make's flags the library differs" differ "$one/target/release/libkayako_sign.so" \
    "$work/plain/release/libkayako_sign.so"
check "control: it then holds a folder name of the builder" grep -qaF "${CARGO_HOME:-$HOME/.cargo}/" \
    "$work/plain/release/libkayako_sign.so"
report
