#!/usr/bin/env bash
# Tests the page in Debian's browsers. Arguments choose files of tests by a part of their names.
set -eu
cd "$(dirname "$0")"

# Installed again when the list changes.
if ! cmp -s package-lock.json node_modules/.installed.json; then
    echo "installing node's packages"
    npm ci --silent --no-audit --no-fund
    cp package-lock.json node_modules/.installed.json
fi
page=../../page
node_modules/.bin/prettier --print-width 120 --log-level warn --check -- ./*.mjs $page/*.js $page/*.css
exec node run.mjs "$@"
