#!/bin/sh
# Compares the header and the built library with the committed binary interface, libkayako_sign.abi. A program that was
# built with that interface must run with them.
#
#     check.sh kayako_sign.h libkayako_sign.so
#
# Needs abidiff and the tools of describe.sh.
set -eu
header=$1 library=$2
here=$(dirname "$0")
committed=$here/libkayako_sign.abi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compare OPTION... NEW: fails if NEW differs from the committed interface, and writes a report.
compare() {
    abidiff --no-architecture "$committed" "$@" >"$work/report" 2>&1
}

# stop MESSAGE
stop() {
    cat "$work/report" >&2
    echo "$1" >&2
    exit 1
}

breaks="A program that was built against the committed interface would break with this one. Keep the old functions and add \
new ones under other names. If that is impossible, raise ABI_VERSION in ffi/build.rs and the major version, then run \
\`make abi\` and commit the result."
adds="The interface has grown. Run \`make abi\` and commit what changed, so that the new parts are guarded too."

"$here/describe.sh" "$header" "$library" >"$work/header.abi"
# An addition breaks nothing. The report marks changes with [C] and removals with [D].
compare --non-reachable-types "$work/header.abi" || ! grep -Eq '^ *\[[CD]\]|SONAME' "$work/report" || stop "$breaks"
# The library has no debug information, so only the names of its functions are compared.
compare --no-added-syms "$library" || stop "$breaks"
compare --non-reachable-types --harmless "$work/header.abi" || stop "$adds"
