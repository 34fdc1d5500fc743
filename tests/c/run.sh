#!/bin/sh
# Builds the C tests and examples in target/c and runs them: with the shared library, with the static one, and where
# memory is what matters under Valgrind. Prints the checks of each, and their sum. The table of what the example sends
# to the stand-in helpdesk stays in target/test/matrix-c.txt.
#
# KAYAKO_SIGN_LIBRARY names the shared library, target/release/libkayako_sign.so unless it is set. The static one lies
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
failed=''

stop() {
    echo "$0: $1" >&2
    exit 2
}
for file in "$shared" "$static"; do
    [ -f "$file" ] || stop "there is no $file: run cargo build --release -p kayako-sign-ffi"
done
for tool in gcc g++ clang clang++ nm readelf php valgrind; do
    command -v "$tool" >/dev/null || stop "$tool is not installed"
done

# compile KIND OUTPUT SOURCE COMPILER...: KIND is the library that the program is linked with.
compile() {
    kind=$1 program=$out/$1/$2 source=$3
    shift 3
    mkdir -p "$(dirname "$program")"
    set -- "$@" -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Werror -O2 -g -pthread -Iinclude -Itests/support "-I$out" -o "$program" "$source"
    case $kind in
    shared) set -- "$@" "-L$out" -lkayako_sign -Xlinker -rpath -Xlinker "$out" ;;
    static) set -- "$@" "$static" -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc ;;
    esac
    "$@" -Wl,--as-needed -lcrypto -lcurl
}

# run NAME COMMAND...: keeps what the command prints for the sum at the end, and goes on if it fails.
run() {
    name=$1
    shift
    echo "-- $name"
    "$@" >"$out/output" 2>&1 || failed="$failed; $name"
    tee -a "$out/log" <"$out/output"
}

# memcheck COMMAND...: a wrong access and memory that is not freed are errors, reachable memory included.
memcheck='valgrind --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=all'
# shellcheck disable=SC2317 # run() calls it
memcheck() {
    result=0
    $memcheck --log-file="$out/valgrind" "$@" || result=$?
    sed -n 's/^==[0-9]*== *\(in use at exit\|ERROR SUMMARY\)/valgrind: \1/p' "$out/valgrind"
    [ "$result" -ne 99 ] || cat "$out/valgrind"
    return "$result"
}

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

for kind in shared static; do
    for test in conformance requests uploads diagnoses openssl misuse threads salts constants; do
        compile "$kind" "$test" "$tests/$test.c" gcc -std=c99 -D_DEFAULT_SOURCE
    done
    compile "$kind" exhaustion "$tests/exhaustion.c" gcc -std=c99 -D_DEFAULT_SOURCE -rdynamic
    for example in sign threads request; do
        compile "$kind" "examples/$example" "bindings/c/examples/$example.c" gcc -std=c99
    done
    compile "$kind" examples/usage "$out/usage.c" gcc -std=c99
    run "conformance, $kind library" "$out/$kind/conformance" tests/tables/vectors.tsv
    run "requests, $kind library" "$out/$kind/requests" tests/tables/requests.tsv
    run "uploads, $kind library" "$out/$kind/uploads" tests/tables/requests.tsv
    run "diagnoses, $kind library" "$out/$kind/diagnoses" tests/tables/diagnoses.tsv tests/tables/signatures.tsv
    run "exhaustion, $kind library" "$out/$kind/exhaustion" tests/tables/requests.tsv tests/tables/diagnoses.tsv tests/tables/signatures.tsv
    for test in openssl misuse threads salts constants; do
        run "$test, $kind library" "$out/$kind/$test"
    done
    run "examples, $kind library" "$tests/examples.sh" "$out/$kind/examples"
done

compile shared large_bodies "$tests/large_bodies.c" gcc -std=c99 -D_DEFAULT_SOURCE
run "large bodies" "$out/shared/large_bodies"
compile shared hostile_requests "$tests/hostile_requests.c" gcc -std=c99 -D_DEFAULT_SOURCE
run "hostile requests" "$out/shared/hostile_requests"
run "the example and the stand-in helpdesk" "$tests/matrix.sh" "$out/shared/examples" target/test/matrix-c.txt

# header COMPILER STANDARD OPTION...: what the header is compiled with tells it nothing that it must not depend on.
header_as() {
    compiler=$1 standard=$2
    shift 2
    compile shared "header-$compiler-$standard" "$tests/header.c" "$compiler" "$@" "-std=$standard" -Wshadow -Wundef
    run "header as $standard by $compiler $*" "$out/shared/header-$compiler-$standard"
}
for standard in c99 c11 c17; do
    header_as gcc "$standard"
    header_as clang "$standard"
done
for standard in c++11 c++14 c++17 c++20; do
    header_as g++ "$standard" -x c++
    header_as clang++ "$standard" -x c++
done
header_as gcc c99 -fshort-enums
header_as clang c99 -fshort-enums
header_as g++ c++11 -x c++ -fshort-enums

run "exports" "$tests/exports.sh" "$header" "$shared" "$static"

run "conformance under Valgrind" memcheck "$out/shared/conformance" tests/tables/vectors.tsv
run "requests under Valgrind" memcheck "$out/shared/requests" tests/tables/requests.tsv
run "uploads under Valgrind" memcheck "$out/shared/uploads" tests/tables/requests.tsv
run "diagnoses under Valgrind" memcheck "$out/shared/diagnoses" tests/tables/diagnoses.tsv tests/tables/signatures.tsv
run "openssl under Valgrind" memcheck "$out/shared/openssl" 500
run "misuse under Valgrind" memcheck "$out/shared/misuse" 1000
run "threads under Valgrind" memcheck "$out/shared/threads" 50
run "examples under Valgrind" "$tests/examples.sh" "$out/shared/examples" "$memcheck --quiet"
run "the example and the stand-in helpdesk under Valgrind" "$tests/matrix.sh" "$out/shared/examples" "$out/table" \
    "$memcheck --quiet" POST

awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 }
    END { printf "-- C in all: %d passed, %d failed\n", passed, failed }' "$out/log"
[ -z "$failed" ] || { echo "-- failed: ${failed#; }"; exit 1; }
