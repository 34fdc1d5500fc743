#!/bin/sh
# The libraries export the functions of the header and no other, and the shared one has its SONAME and flags. Compilers
# refuse a program that ignores a status. Needs nm, readelf, gcc and clang.
#
#     exports.sh kayako_sign.h libkayako_sign.so libkayako_sign.a
set -eu
header=$1 shared=$2 static=$3
# shellcheck source-path=SCRIPTDIR source=../support/check.sh
. "$(dirname "$0")/../support/check.sh"

declared=$(sed -n 's/^[a-z].*[ *]\(kayako_[a-z0-9_]*\)(.*/\1/p' "$header" | sort)
exported=$(nm -D --defined-only "$shared" | awk '{ print $3 }' | sort)
archived=$(nm -g --quiet --defined-only "$static" | awk '$3 ~ /^kayako_/ { print $3 }' | sort)
dynamic=$(readelf -d "$shared")

# same NAME LIST: the list is that of the header. Prints the functions that differ.
same() {
    [ "$declared" = "$2" ] && return
    printf '%s\n' "$declared" "$2" | sort | uniq -u | sed "s/^/only in the header or only in $1: /" >&2
    return 1
}

# compiles COMPILER STATEMENT
compiles() {
    printf '#include <kayako_sign.h>\nvoid f(kayako_upload *upload) { %s; }\n' "$2" |
        "$1" -Werror -S -o /dev/null "-I$(dirname "$header")" -x c - 2>/dev/null
}

refuses_ignoring() {
    ! compiles "$1" 'kayako_upload_end(upload)' && compiles "$1" 'if (kayako_upload_end(upload) != KAYAKO_OK) return'
}

has() {
    printf '%s\n' "$dynamic" | grep -q "$1"
}

check "the header declares functions" test -n "$declared"
check "the shared library exports the header's functions and nothing else" same "the shared library" "$exported"
check "the static library holds the header's functions and no other kayako_ name" same "the static library" "$archived"
check "the SONAME is libkayako_sign.so.0" has 'SONAME.*\[libkayako_sign\.so\.0\]'
check "the shared library stays loaded (NODELETE)" has 'FLAGS_1.*NODELETE'
check "every function that returns a status is marked KAYAKO_MUST_USE" \
    test "$(grep -c '^KAYAKO_MUST_USE$' "$header")" -eq "$(grep -c '^kayako_status kayako_' "$header")"
check "gcc refuses a program that ignores a status" refuses_ignoring gcc
check "clang refuses a program that ignores a status" refuses_ignoring clang
report
