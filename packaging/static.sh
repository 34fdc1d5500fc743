#!/bin/sh
# Prints the flags with which rustc links a program statically. That needs the C library's libc.a, and a platform on
# which such a program can be loaded at any address; without them it prints no flags, and a message on stderr.
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
    echo "The command is linked dynamically, because static linking is impossible here: libc.a may be missing." >&2
fi
