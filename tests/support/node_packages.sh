#!/bin/sh
# Installs the packages of npm that the tests of JavaScript use into node_modules, again when the list changes.
set -eu
cd "$(dirname "$0")"
if ! cmp -s package-lock.json node_modules/.installed.json; then
    echo "installing node's packages"
    npm ci --silent --ignore-scripts --no-audit --no-fund
    cp package-lock.json node_modules/.installed.json
fi
