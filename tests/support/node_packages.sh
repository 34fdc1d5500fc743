#!/bin/sh
# Installs the packages of npm that a folder's package-lock.json names into its node_modules, again when that changes.
#
#     node_packages.sh FOLDER
set -eu
cd "$1"
if ! cmp -s package-lock.json node_modules/.installed.json; then
    echo "installing node's packages"
    npm ci --silent --ignore-scripts --no-audit --no-fund
    cp package-lock.json node_modules/.installed.json
fi
