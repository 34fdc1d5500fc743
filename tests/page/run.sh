#!/usr/bin/env bash
# Tests the page in Debian's browsers. Arguments choose files of tests by a part of their names.
set -eu
cd "$(dirname "$0")"

../support/node_packages.sh .
exec node run.mjs "$@"
