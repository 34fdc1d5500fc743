#!/bin/sh
# Installs the npm packages of a folder's package-lock.json into its node_modules, and again if that file changes.
#
#     node_packages.sh FOLDER
set -eu
cd "$1"
if ! cmp -s package-lock.json node_modules/.installed.json; then
    echo "installing node's packages"
    npm ci --silent --ignore-scripts --no-audit --no-fund
    cp package-lock.json node_modules/.installed.json
fi
