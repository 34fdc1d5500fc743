#!/usr/bin/env bash
# Runs a program of Windows under Wine: wine.sh PROGRAM ARGUMENT...
#
# Its outputs must be pipes, and its standard input must be empty or a pipe: otherwise Wine asks for a console. With
# STDIN=pipe it gets the standard input of this script.
set -u
WINEPREFIX=$(cd "$(dirname "$0")/../.." && pwd)/target/platforms/wine
export WINEPREFIX WINEDEBUG=-all
wine=/usr/lib/wine/wine64

# Sets up the files of Windows, without a browser and .NET.
[ -e "$WINEPREFIX/system.reg" ] ||
    WINEDLLOVERRIDES=mscoree,mshtml= $wine wineboot -i </dev/null 2>&1 | cat >/dev/null

if [ "${STDIN-}" = pipe ]; then
    $wine "$@" 2> >(cat >&2) | cat
else
    $wine "$@" </dev/null 2> >(cat >&2) | cat
fi
exit "${PIPESTATUS[0]}"
