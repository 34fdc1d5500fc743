#!/bin/sh
# Compares the header and the built library with the binary interface that is committed beside this. A program that was
# built against it must run with them.
#
#     check.sh kayako_sign.h libkayako_sign.so
#
# Needs abidiff, and what describe.sh needs.
set -eu
header=$1 library=$2
here=$(dirname "$0")
committed=$here/libkayako_sign.abi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compare OPTION... NEW: fails where NEW differs from what is committed, and leaves a report of it.
compare() {
    abidiff --no-architecture "$committed" "$@" >"$work/report" 2>&1
}

# stop SENTENCE
stop() {
    cat "$work/report" >&2
    echo "$1" >&2
    exit 1
}

breaks="A program that was built against the committed interface would break with this one. Keep what was there, and add \
the new beside it under another name. Where that cannot be, raise ABI_VERSION in ffi/build.rs and the major version, \
then run \`make abi\` and commit what changed."
adds="The interface has grown. Run \`make abi\` and commit what changed, so that it is guarded from now on."

"$here/describe.sh" "$header" "$library" >"$work/header.abi"
# What is new is no break: [C] and [D] stand before what was changed and what was taken away.
compare --non-reachable-types "$work/header.abi" || ! grep -Eq '^ *\[[CD]\]|SONAME' "$work/report" || stop "$breaks"
# Without debug information in it, the library is compared by the names of its functions.
compare --no-added-syms "$library" || stop "$breaks"
compare --non-reachable-types --harmless "$work/header.abi" || stop "$adds"
