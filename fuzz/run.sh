#!/bin/sh
# Searches for input that breaks a promise, for SECONDS in each part of a request, with AddressSanitizer. Inputs that
# reach new code are kept in fuzz/corpus.
#
#     run.sh SECONDS PART...
#
# Needs cargo-fuzz.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
shift
# The sanitizer needs an unstable flag of the compiler.
export RUSTC_BOOTSTRAP=1

for part; do
    mkdir -p "fuzz/corpus/$part"
    cargo fuzz run --sanitizer address "$part" "fuzz/corpus/$part" "fuzz/seeds/$part" -- \
        -max_total_time="$seconds" -dict=fuzz/pieces.dict -max_len=4096
done
