#!/usr/bin/env bash
# Tests the npm package in Node and in Debian's browsers. Arguments choose test files by a part of their names.
set -eu -o pipefail
cd "$(dirname "$0")"

../support/node_packages.sh .

files=()
for file in *.test.mjs; do
    for word in "${@:-.}"; do
        case $file in *"$word"*) files+=("$file") ;; esac
    done
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
node --expose-gc --test --test-reporter=spec "${files[@]}" | tee "$log" || status=$?
sed -nE 's/^. pass ([0-9]+)$/\1 passed, /p; s/^. fail ([0-9]+)$/\1 failed/p' "$log" | tr -d '\n'
echo
exit "$status"
