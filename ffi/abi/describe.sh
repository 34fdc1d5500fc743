#!/bin/sh
# Prints the binary interface that a header declares, as abidw describes it: functions, types, and the value of each
# constant. It uses the header, because Rust's debug information would also describe the inside of a signer. check.sh
# tests that the library exports the header's functions.
#
#     describe.sh kayako_sign.h libkayako_sign.so
#
# Needs gcc, readelf and abidw.
set -eu
header=$1 library=$2
soname=$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Builds a library with the header's functions, all empty. A constant becomes a named enum. An enum without a name gets
# that of the type before it. The version is not part of the interface.
{
    echo 'typedef __SIZE_TYPE__ size_t; typedef __INT32_TYPE__ int32_t;'
    sed -e '/^#include/d' -e '/^#define KAYAKO_SIGN_VERSION/d' \
        -e '/^typedef int32_t /h' -e '/^enum$/{ G; s/^enum.*int32_t \(.*\);/enum \1/; }' \
        -e 's/^#define \(KAYAKO_[A-Z0-9_]*\) \([0-9]*\)$/enum \1 { \1 = \2 };/' \
        -e 's/);$/) { __builtin_trap(); }/' "$header"
} | gcc -shared -fPIC -g -fno-eliminate-unused-debug-types -Wl,-soname,"$soname" -x c -o "$work/surface.so" -
abidw --load-all-types --no-architecture --no-corpus-path --no-comp-dir-path --no-elf-needed --no-show-locs \
    "$work/surface.so"
