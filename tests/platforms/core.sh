#!/usr/bin/env bash
# Runs core's own tests for a processor of 32 bits or for a big-endian one:
#
#     core.sh i686|s390x
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
target=$1-unknown-linux-gnu

# Debian's Rust builds the standard library for these. The tests need no link-time optimisation.
export RUSTC=/usr/bin/rustc CARGO=/usr/bin/cargo RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target/dist/build
export CARGO_PROFILE_RELEASE_LTO=off CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_RUNNER='qemu-s390x -L /usr/s390x-linux-gnu'
CARGO_ENCODED_RUSTFLAGS=$(packaging/rustflags.sh)
export CARGO_ENCODED_RUSTFLAGS PATH=$tools:$PATH
alone "$1, core" cargo-zigbuild test --release --locked -Zbuild-std=std,panic_unwind,panic_abort,test \
    --target "$target.2.17" -p kayako-sign-core --lib --tests
end
