#!/bin/sh
# Runs each fuzz target for some seconds, with AddressSanitizer, to find input that breaks a promise. Inputs that reach
# new code stay in fuzz/corpus.
#
#     run.sh SECONDS TARGET...
#
# Needs cargo-fuzz.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
shift
# The sanitizer needs an unstable flag of the compiler.
export RUSTC_BOOTSTRAP=1

for target; do
    mkdir -p "fuzz/corpus/$target"
    cargo fuzz run --sanitizer address "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
        -max_total_time="$seconds" -dict=fuzz/pieces.dict -max_len=4096
done
