#!/usr/bin/env bash
# The core's own tests where words have 32 bits, and where the first byte of a word is the highest:
#
#     core.sh i686|s390x
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
target=$1-unknown-linux-gnu

# Debian's Rust builds a standard library for them. What is only tested is not optimised as a whole.
export RUSTC=/usr/bin/rustc CARGO=/usr/bin/cargo RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target/dist/build
export CARGO_PROFILE_RELEASE_LTO=off CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_RUNNER='qemu-s390x -L /usr/s390x-linux-gnu'
CARGO_ENCODED_RUSTFLAGS=$(packaging/rustflags.sh)
export CARGO_ENCODED_RUSTFLAGS PATH=$tools:$PATH
run "$1, core" cargo-zigbuild test --release --locked -Zbuild-std=std,panic_unwind,panic_abort,test \
    --target "$target.2.17" -p kayako-sign-core --lib --tests
end
