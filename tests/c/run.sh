#!/usr/bin/env bash
# Builds the C tests and examples in target/c and runs them, as many at a time as there are processors: with the shared
# library, with the static one, and those that test memory under Valgrind. Prints the checks of each, and their sum.
# The table of the requests that the example sends to the stand-in helpdesk stays in target/test/matrix-c.txt.
#
# KAYAKO_SIGN_LIBRARY names the shared library; the default is target/release/libkayako_sign.so. The static one is
# beside it. Needs gcc, g++, clang, nm, readelf, php, valgrind, and the headers of OpenSSL and libcurl: libssl-dev and
# libcurl4-openssl-dev.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
shared=$(realpath -m "${KAYAKO_SIGN_LIBRARY:-$root/target/release/libkayako_sign.so}")
static=${shared%.so}.a
out=$root/target/c
cd "$root"
header=include/kayako_sign.h
tests=tests/c
# shellcheck source-path=SCRIPTDIR source=../support/jobs.sh
. tests/support/jobs.sh
# shellcheck source-path=SCRIPTDIR source=../support/tables.sh
. tests/support/tables.sh

stop() {
    echo "$0: $1" >&2
    exit 2
}
for file in "$shared" "$static"; do
    [ -f "$file" ] || stop "$file does not exist: run cargo build --release -p kayako-sign-ffi"
done
for tool in gcc g++ clang clang++ nm readelf php valgrind; do
    command -v "$tool" >/dev/null || stop "$tool is not installed"
done

# compile KIND OUTPUT SOURCE COMPILER...: links the program with the library of that kind, shared or static.
compile() {
    local kind=$1 program=$out/$1/$2 source=$3 library
    shift 3
    mkdir -p "$(dirname "$program")"
    case $kind in
    shared) library=("-L$out" -lkayako_sign -Xlinker -rpath -Xlinker "$out") ;;
    static) library=("$static" -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc) ;;
    esac
    run "$program" "$@" -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Werror -O2 -g -pthread -Iinclude \
        -Itests/support "-I$out" -o "$program" "$source" "${library[@]}" -Wl,--as-needed -lcrypto -lcurl
}

# memcheck COMMAND...: fails for a wrong access, and for memory that is not freed, even if it is still reachable.
memcheck='valgrind --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=all'
# shellcheck disable=SC2317 # run() calls it
memcheck() {
    local result=0 log
    log=$(mktemp -p "$out")
    $memcheck --log-file="$log" "$@" || result=$?
    sed -n 's/^==[0-9]*== *\(in use at exit\|ERROR SUMMARY\)/valgrind: \1/p' "$log"
    [ "$result" -ne 99 ] || cat "$log"
    return "$result"
}

# ---- Building ----

rm -rf "$out"
mkdir -p "$out"
# A program asks for the library by its SONAME.
ln -s "$shared" "$out/libkayako_sign.so"
ln -s "$shared" "$out/libkayako_sign.so.0"
$tests/header_lists.sh "$header" "$out"
# The example that the header opens with.
{
    printf '#include <kayako_sign.h>\n#include <stdio.h>\nint main(void) {\n'
    sed -n '/^#ifndef/q; s/^ \*     //p' "$header"
    printf '}\n'
} >"$out/usage.c"

c99=(gcc -std=c99 -D_DEFAULT_SOURCE)
for kind in shared static; do
    for test in conformance requests uploads diagnoses openssl misuse threads salts constants; do
        compile $kind $test $tests/$test.c "${c99[@]}"
    done
    compile $kind exhaustion $tests/exhaustion.c "${c99[@]}" -rdynamic
    for example in sign threads request; do
        compile $kind examples/$example bindings/c/examples/$example.c gcc -std=c99
    done
    compile $kind examples/usage "$out/usage.c" gcc -std=c99
done
for test in large_bodies hostile_requests; do
    compile shared $test $tests/$test.c "${c99[@]}"
done

# header_as COMPILER STANDARD OPTION...: compiles header.c in this way.
headers=()
header_as() {
    local name="header as $2 by $1 ${*:3}"
    headers+=("$name")
    compile shared "$name" $tests/header.c "$1" "${@:3}" "-std=$2" -Wshadow -Wundef
}
for standard in c99 c11 c17; do
    header_as gcc $standard
    header_as clang $standard
done
for standard in c++11 c++14 c++17 c++20; do
    header_as g++ $standard -x c++
    header_as clang++ $standard -x c++
done
header_as gcc c99 -fshort-enums
header_as clang c99 -fshort-enums
header_as g++ c++11 -x c++ -fshort-enums
finish_builds

# ---- Running ----

# show COMMAND...: shows the output of the command, and keeps it for the sum.
show() {
    "$@" >"$out/part"
    tee -a "$out/log" <"$out/part"
}

run "the example and the stand-in helpdesk under Valgrind" $tests/matrix.sh "$out/shared/examples" "$out/table" \
    "$memcheck --quiet" POST
# shellcheck disable=SC2046 # Each is an argument.
for test in uploads conformance requests diagnoses; do
    run "$test under Valgrind" memcheck "$out/shared/$test" $(tables_of $test)
done
run "misuse under Valgrind" memcheck "$out/shared/misuse" 1000
run "openssl under Valgrind" memcheck "$out/shared/openssl" 500
run "threads under Valgrind" memcheck "$out/shared/threads" 50
run "examples under Valgrind" $tests/examples.sh "$out/shared/examples" "$memcheck --quiet"
# shellcheck disable=SC2046 # Each is an argument.
for kind in shared static; do
    for test in conformance requests uploads diagnoses exhaustion openssl misuse threads salts constants; do
        run "$test, $kind library" "$out/$kind/$test" $(tables_of $test)
    done
    run "examples, $kind library" $tests/examples.sh "$out/$kind/examples"
done
for name in "${headers[@]}"; do
    run "$name" "$out/shared/$name"
done
run "the example and the stand-in helpdesk" $tests/matrix.sh "$out/shared/examples" target/test/matrix-c.txt
run "exports" $tests/exports.sh "$header" "$shared" "$static"
show finish
# These measure time, so nothing else runs beside them.
show alone "large bodies" "$out/shared/large_bodies"
show alone "hostile requests" "$out/shared/hostile_requests"

awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 }
    END { printf "-- C in all: %d passed, %d failed\n", passed, failed }' "$out/log"
end
