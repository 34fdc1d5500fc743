#!/usr/bin/env bash
# Runs the tests on processors, C libraries and systems that this machine does not have, and looks at what cannot be run:
#
#     run.sh [PLATFORM]...
#
# All of them, or some of aarch64, i686, s390x, musl, windows, macos, wheels and core. What they test is in target/dist,
# as `make dist` leaves it, and is built where it is missing. Installs what it needs.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit
here=tests/platforms
out=$root/target/platforms
tools=$root/target/dist-tools/bin
venv=$root/target/venv
platforms=("$@")
[ "$#" -gt 0 ] || platforms=(aarch64 i686 s390x musl windows macos wheels core)
# Zig's and Python's own folders.
export ZIG_GLOBAL_CACHE_DIR=$out/zig ZIG_LOCAL_CACHE_DIR=$out/zig

# shellcheck source-path=SCRIPTDIR source=../c/check.sh
. tests/c/check.sh
broken=

# run NAME COMMAND...: goes on if it fails.
run() {
    local name=$1
    shift
    echo "-- $name"
    "$@" 2>&1 || broken+="; $name"
}

quiet() {
    "$@" >"$out/output" 2>&1 || { cat "$out/output"; return 1; }
}

# built TARGET PART FILE: builds what is not there.
built() {
    [ -e "target/dist/$1/$3" ] || packaging/cross.sh "$1" "$2" || exit
}

# c_program FOLDER TEST COMPILER... : compiles a test of tests/c, or of here, for another platform.
c_program() {
    local folder=$1 source=tests/c/$2.c program=$1/$2
    [ -e "$source" ] || source=$here/$2.c
    shift 2
    "${@/#TEST/$source}" -std=c99 -D_DEFAULT_SOURCE -O2 -Wall -Wextra -Werror -pthread -Iinclude -Itests/c "-I$out" \
        -o "$program"
}

# c_tests NAME RUNNER TESTS COMPILER...: compiles the tests and runs them, by RUNNER, with the shared tables. TEST among
# the arguments of the compiler is the source.
c_tests() {
    local name=$1 runner=$2 tests=$3 folder=$out/c/$1 test
    shift 3
    mkdir -p "$folder"
    for test in $tests; do
        c_program "$folder" "$test" "$@" || { broken+="; $name, $test is not compiled"; continue; }
        # shellcheck disable=SC2086,SC2046 # Words.
        run "$name, $test" $runner "$folder/$test" $(tables "$test")
    done
}

tables() {
    case $1 in
    conformance) echo tests/vectors.tsv ;;
    requests) echo tests/requests.tsv ;;
    diagnoses) echo tests/diagnoses.tsv tests/signatures.tsv ;;
    esac
}

zig() {
    "$tools/python-zig" "$@"
}

everywhere='conformance requests diagnoses constants salts misuse threads'
for platform in "${platforms[@]}"; do
    # shellcheck disable=SC1090
    . "$here/$platform.sh"
done
[ -z "$broken" ] || { echo "-- failed: ${broken#; }"; exit 1; }
