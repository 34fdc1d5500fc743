#!/bin/sh
# Looks for input that breaks a promise, in each part of a request for so many seconds, with AddressSanitizer in all that
# is run. What it finds worth keeping stays in fuzz/corpus.
#
#     run.sh SECONDS PART...
#
# Needs cargo-fuzz.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
shift
# The sanitizer asks for an unstable flag of the compiler's.
export RUSTC_BOOTSTRAP=1

for part; do
    mkdir -p "fuzz/corpus/$part"
    cargo fuzz run --sanitizer address "$part" "fuzz/corpus/$part" "fuzz/seeds/$part" -- \
        -max_total_time="$seconds" -dict=fuzz/pieces.dict -max_len=4096
done
