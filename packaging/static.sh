#!/bin/sh
# Prints the flags by which rustc links a program statically, where that is possible: it needs the C library's libc.a,
# and a platform on which such a program can be loaded anywhere. Says so where it is not.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

flags='-C target-feature=+crt-static'
echo 'fn main() {}' >"$work/probe.rs"
# shellcheck disable=SC2086 # Each word is an argument.
if "${RUSTC:-rustc}" $flags --out-dir "$work" "$work/probe.rs" 2>/dev/null &&
    readelf -hW "$work/probe" 2>/dev/null | grep -q 'Type: *DYN'; then
    echo "$flags"
else
    echo "The command is linked dynamically, for no program can be linked statically here: libc.a may be missing." >&2
fi
