#!/bin/sh
# Prints CARGO_ENCODED_RUSTFLAGS for a release: the flags that the caller has set, those that keep the paths of this
# machine out of what is built, and those in .cargo/config.toml, which cargo then ignores. If several of the paths
# match, the last one counts.
set -eu
cd "$(dirname "$0")/.."
between=$(printf '\037')

# The standard library's sources have this path if they are installed, and this name if they are not.
rustc=${RUSTC:-rustc}
library="$("$rustc" --print sysroot)/lib/rustlib/src/rust=/rustc/$("$rustc" -vV | sed -n 's/^commit-hash: //p')"

flags=${CARGO_ENCODED_RUSTFLAGS-$(printf %s "${RUSTFLAGS-}" | sed "s/^ *//; s/ *\$//; s/  */$between/g")}
remap=--remap-path-prefix
for flag in "$remap=${CARGO_HOME:-$HOME/.cargo}=/cargo" "$remap=$library" "$remap=$PWD=/kayako-sign" \
    -Ctarget-feature=-crt-static; do
    # A make that another make has started has them already.
    case $between$flags$between in
    *"$between$flag$between"*) ;;
    *) flags=$flags${flags:+$between}$flag ;;
    esac
done
printf %s "$flags"
