#!/usr/bin/env bash
# Runs a program of Windows under Wine: wine.sh PROGRAM ARGUMENT...
#
# What it writes to must be pipes, and its standard input nothing or a pipe, or Wine asks for a console. STDIN=pipe hands
# on the one that this has.
set -u
WINEPREFIX=$(cd "$(dirname "$0")/../.." && pwd)/target/platforms/wine
export WINEPREFIX WINEDEBUG=-all
wine=/usr/lib/wine/wine64

# What Windows has of its own, without a browser and .NET.
[ -e "$WINEPREFIX/system.reg" ] ||
    WINEDLLOVERRIDES=mscoree,mshtml= $wine wineboot -i </dev/null 2>&1 | cat >/dev/null

if [ "${STDIN-}" = pipe ]; then
    $wine "$@" 2> >(cat >&2) | cat
else
    $wine "$@" </dev/null 2> >(cat >&2) | cat
fi
exit "${PIPESTATUS[0]}"
