#!/bin/sh
# Builds the benchmarks and prints one table of how fast each language signs, compared with the code that a user would
# write without this library. The arguments go to bench.py.
set -eu
cd "$(dirname "$0")/.."
gcc -O2 -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Iinclude benches/c/signing.c -o target/bench-c \
    -Ltarget/release -Wl,-rpath,"$PWD/target/release" -lkayako_sign -lcrypto
export CARGO_TARGET_DIR=target/benches
"${CARGO:-cargo}" build --release --locked --quiet --manifest-path benches/rust/Cargo.toml
PYTHONPATH=bindings/python/src target/venv/bin/python benches/bench.py --c target/bench-c \
    --rust target/benches/release/kayako-sign-benches "$@"
