#!/bin/sh
# Installs what makes wheels and links for other platforms into target/dist-tools, a virtual environment of Python's.
set -eu
cd "$(dirname "$0")/.."
tools=target/dist-tools

# Installed anew when the list changes.
if ! cmp -s packaging/dist-requirements.txt "$tools/requirements.txt"; then
    echo "installing what links for other platforms and makes wheels into $tools"
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --requirement packaging/dist-requirements.txt
    cp packaging/dist-requirements.txt "$tools/requirements.txt"
fi
