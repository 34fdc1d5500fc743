#!/usr/bin/env bash
# What docs/install.md says of Linux, done with what is in dist/, in a folder and an environment of Python of its own.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
folder=$out/install
rm -rf "$folder"
mkdir -p "$folder"
cp dist/* "$folder/"
python3 -m venv "$folder/python"

# blocks HEADING: the lines of the console blocks below it; those of the page's head where it is empty.
blocks() {
    awk -v wanted="$1" '/^## / { heading = substr($0, 4) }
        /^```$/ { inside = 0 }
        inside && heading == wanted
        /^```console$/ { inside = 1 }' "$root/docs/install.md"
}

# does HEADING COMMAND: the blocks below it, and then the command.
does() {
    (cd "$folder" && PATH=$folder/python/bin:$PATH bash -eu -c "$(blocks "$1")
$2") >"$out/output" 2>&1 || { cat "$out/output"; return 1; }
}

signs="[ \"\$(kayako-sign sign --salt 1234567890 --format base64)\" = $signature ]"
check "the page says what to do" test -n "$(blocks '')" -a -n "$(blocks Linux)"
check "the list of sums is that of the files" does '' true
check "control: a file that is another is found" fails_as 1 does '' \
    'echo >>SHA256SUMS; printf x >>kayako-sign.html; sha256sum --check --quiet --ignore-missing SHA256SUMS'
check "for Linux it does what it says, and the command signs" does Linux "$signs"
check "Python signs with what it installs" prints "$signature" "$folder/python/bin/python" -c \
    'import kayako_sign; print(kayako_sign.Signer("apikey", "secretkey").sign("1234567890"))'
check "PHP signs with what it unpacks" prints "$signature" php -d ffi.enable=1 -r "
    require '$folder/kayako-sign-php-$version/autoload.php';
    echo (new Kayako\\Sign\\Signer('apikey', 'secretkey'))->sign('1234567890');"
report
