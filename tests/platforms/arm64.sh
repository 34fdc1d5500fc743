#!/usr/bin/env bash
# Tests Python, PHP and the command of aarch64 under qemu: Debian's programs for arm64, with the files of `make dist`.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
machine=$out/arm64
emulator=(qemu-aarch64 -L "$machine")
python=("${emulator[@]}" -E PYTHONHOME="$machine/usr" -E PYTHONDONTWRITEBYTECODE=1)
php=("${emulator[@]}" "$machine/usr/bin/php8.2" -n -d "extension_dir=$machine/usr/lib/php/20220829" -d extension=ffi
    -d ffi.enable=1)

$here/arm64_root.sh || exit
rm -rf "$out/arm64-python" "$out/arm64-php"

# pip chooses among all wheels, as it does on such a machine.
installs() (
    check "pip installs the wheel for this machine" quiet "${python[@]}" \
        -E PYTHONPATH="$(echo "$tools"/../lib/python3.*/site-packages)" "$machine/usr/bin/python3" -m pip install \
        --quiet --no-index --find-links dist --target "$out/arm64-python" "kayako-sign==$version"
    check "the wheel is the one for glibc on aarch64" grep -q '^Tag: py3-none-manylinux_2_17_aarch64$' \
        "$out/arm64-python/kayako_sign-$version.dist-info/WHEEL"
    report
)

# The PHP package of `make dist` finds its library.
php_signs() (
    unzip -q "dist/kayako-sign-php-$version.zip" -d "$out/arm64-php"
    check "PHP signs with its package's library for this machine" prints "$signature" "${php[@]}" -r "
        require '$out/arm64-php/kayako-sign-php-$version/autoload.php';
        echo (new Kayako\\Sign\\Signer('apikey', 'secretkey'))->sign('1234567890');"
    report
)

command_signs() (
    local command=("${emulator[@]}" "$out/arm64-command/bin/kayako-sign")
    mkdir -p "$out/arm64-command"
    tar -xzf "dist/kayako-sign-$version-aarch64-unknown-linux-gnu.tar.gz" -C "$out/arm64-command" --strip-components=1
    check "the command signs" prints "$signature" "${command[@]}" sign --salt 1234567890 --format base64
    check "it accepts the right signature" quiet "${command[@]}" verify --salt 1234567890 $signature
    check "it refuses the signature of another salt" fails_as 1 "${command[@]}" verify --salt 1234567891 $signature
    check "it is linked with no library of the machine" fails_as 1 readelf_needs "$out/arm64-command/bin/kayako-sign"
    report
)

readelf_needs() {
    readelf -d "$1" | grep -q NEEDED
}

# Runs the command's own tests through a program that starts it under qemu. Leaves out the one that starts it ten
# thousand times.
command_vectors() {
    printf '#!/bin/sh\nexec /usr/bin/%s "%s" "$@"\n' "${emulator[*]}" "$out/arm64-command/bin/kayako-sign" >"$out/emulated"
    chmod +x "$out/emulated"
    KAYAKO_SIGN_COMMAND=$out/emulated KAYAKO_SIGN_LIBRARY=$dist/x86_64-unknown-linux-gnu/libkayako_sign.so \
        "$venv/python" -m pytest -q -k 'not ten_thousand' \
        tests/cli/test_conformance.py
}

alone "aarch64, pip" installs
alone "aarch64, Python" "${python[@]}" -E PYTHONPATH="$(echo "$venv"/../lib/python3.*/site-packages)" \
    "$machine/usr/bin/python3" -m pytest -q -o "pythonpath=$out/arm64-python tests/support" \
    tests/python/test_vectors.py tests/python/test_tables.py
alone "aarch64, PHP's package" php_signs
extensions=()
for extension in ctype dom mbstring phar simplexml tokenizer xml xmlwriter; do
    extensions+=(-d "extension=$extension")
done
export KAYAKO_SIGN_LIBRARY=$out/arm64-php/kayako-sign-php-$version/lib/aarch64-unknown-linux-gnu/libkayako_sign.so.0
for test in ConformanceTest DiagnosisTest StatusTest; do
    alone "aarch64, PHP, $test" "${php[@]}" "${extensions[@]}" -d include_path=.:/usr/share/php /usr/bin/phpunit \
        --configuration tests/php/phpunit.xml tests/php/$test.php
done
alone "aarch64, the command" command_signs
alone "aarch64, the command and the shared vectors" command_vectors
end
