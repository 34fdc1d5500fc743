#!/usr/bin/env bash
# Prints which lines and regions of core and ffi are reached by the tests in Rust, and by those in C with a library that
# counts them. target/coverage/html shows each place that is not reached.
#
# Needs cargo-llvm-cov, gcc, PHP, and the tools of the compiler's LLVM under Debian's names.
set -eu
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR=target/coverage
tests=tests/c
# shellcheck source-path=SCRIPTDIR source=support/tables.sh
. tests/support/tables.sh
out=$CARGO_TARGET_DIR/c
llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
export LLVM_COV=llvm-cov-$llvm LLVM_PROFDATA=llvm-profdata-$llvm

rm -rf "$out"
mkdir -p "$out"
counting=$(cargo llvm-cov show-env --export-prefix)
eval "$counting"
cargo llvm-cov clean --workspace
# Leaves out the tests of ffi: they use another build of it, whose counts cannot be added to those of the library.
cargo test --quiet --locked -p kayako-sign-core
cargo build --quiet --locked -p kayako-sign-ffi

ln -s "$PWD/$CARGO_TARGET_DIR/debug/libkayako_sign.so" "$out/libkayako_sign.so"
ln -s libkayako_sign.so "$out/libkayako_sign.so.0"
$tests/header_lists.sh include/kayako_sign.h "$out"
for program in conformance requests diagnoses misuse exhaustion threads constants; do
    gcc -std=c99 -D_DEFAULT_SOURCE -rdynamic -pthread -Iinclude -Itests/support "-I$out" \
        -o "$out/$program" "$tests/$program.c" "-L$out" -lkayako_sign -Wl,-rpath,"$PWD/$out"
    # shellcheck disable=SC2046 # Each table is an argument.
    "$out/$program" $(tables_of "$program")
done

cargo llvm-cov report --html --output-dir "$CARGO_TARGET_DIR" >/dev/null
cargo llvm-cov report | cut -c1-175
