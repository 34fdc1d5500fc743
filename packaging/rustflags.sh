#!/bin/sh
# Prints CARGO_ENCODED_RUSTFLAGS for a build that is given away: the flags that the caller has set, those that keep the
# folders of this machine out of what is built, and what .cargo/config.toml says, which cargo then does not read. Where
# several folders match, the last one counts.
set -eu
cd "$(dirname "$0")/.."
between=$(printf '\037')

# The standard library's sources lie here where they are installed, and are named like this where they are not.
rustc=${RUSTC:-rustc}
library="$("$rustc" --print sysroot)/lib/rustlib/src/rust=/rustc/$("$rustc" -vV | sed -n 's/^commit-hash: //p')"

flags=${CARGO_ENCODED_RUSTFLAGS-$(printf %s "${RUSTFLAGS-}" | sed "s/^ *//; s/ *\$//; s/  */$between/g")}
remap=--remap-path-prefix
for flag in "$remap=${CARGO_HOME:-$HOME/.cargo}=/cargo" "$remap=$library" "$remap=$PWD=/kayako-sign" \
    -Ctarget-feature=-crt-static; do
    # A make that runs in another has them already.
    case $between$flags$between in
    *"$between$flag$between"*) ;;
    *) flags=$flags${flags:+$between}$flag ;;
    esac
done
printf %s "$flags"
