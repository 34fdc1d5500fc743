#!/usr/bin/env bash
# Runs a program of Windows under Wine: wine.sh PROGRAM ARGUMENT...
#
# Its standard output must be a pipe, and its standard input nothing, or Wine asks for a console.
set -u
export WINEPREFIX="${WINEPREFIX:?}" WINEDEBUG=-all
if [ "${STDIN-}" = yes ]; then
    /usr/lib/wine/wine64 "$@" | cat
else
    /usr/lib/wine/wine64 "$@" </dev/null | cat
fi
exit "${PIPESTATUS[0]}"
