#!/usr/bin/env bash
# Tests the page in Debian's browsers. Arguments choose test files by a part of their names.
set -eu
cd "$(dirname "$0")"

../support/node_packages.sh .
exec node run.mjs "$@"
