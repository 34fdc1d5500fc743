#!/usr/bin/env bash
# Follows docs/install.md for Linux with the files in dist/, in a folder and a Python environment of its own.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
folder=$out/install
rm -rf "$folder"
mkdir -p "$folder"
cp dist/* "$folder/"
python3 -m venv "$folder/python"

# blocks HEADING: prints the console blocks below the heading, or those above the first heading if it is empty.
blocks() {
    awk -v wanted="$1" '/^## / { heading = substr($0, 4) }
        /^```$/ { inside = 0 }
        inside && heading == wanted
        /^```console$/ { inside = 1 }' "$root/docs/install.md"
}

# follow HEADING COMMAND: runs the blocks below the heading, and then the command.
follow() {
    (cd "$folder" && PATH=$folder/python/bin:$PATH bash -eu -c "$(blocks "$1")
$2") >"$out/output" 2>&1 || { cat "$out/output"; return 1; }
}

signs="[ \"\$(kayako-sign sign --salt 1234567890 --format base64)\" = $signature ]"
check "docs/install.md has steps for all systems and for Linux" test -n "$(blocks '')" -a -n "$(blocks Linux)"
check "the checksums are those of the files" follow '' true
check "control: a changed file is found" fails_as 1 follow '' \
    'echo >>SHA256SUMS; printf x >>kayako-sign.html; sha256sum --check --quiet --ignore-missing SHA256SUMS'
check "the steps for Linux succeed, and the command signs" follow Linux "$signs"
check "Python signs with the package that they install" prints "$signature" "$folder/python/bin/python" -c \
    'import kayako_sign; print(kayako_sign.Signer("apikey", "secretkey").sign("1234567890"))'
check "PHP signs with the package that they unpack" prints "$signature" php -d ffi.enable=1 -r "
    require '$folder/kayako-sign-php-$version/autoload.php';
    echo (new Kayako\\Sign\\Signer('apikey', 'secretkey'))->sign('1234567890');"
report
