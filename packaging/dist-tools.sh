#!/bin/sh
# Installs the tools that make wheels and link for other platforms into target/dist-tools, a Python virtual environment.
set -eu
cd "$(dirname "$0")/.."
tools=target/dist-tools

# Installs everything again if the list has changed.
if ! cmp -s packaging/dist-requirements.txt "$tools/requirements.txt"; then
    echo "installing the tools that link for other platforms and make wheels into $tools"
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --requirement packaging/dist-requirements.txt
    cp packaging/dist-requirements.txt "$tools/requirements.txt"
fi
