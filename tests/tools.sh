#!/usr/bin/env bash
# Installs what the tests need: Debian's packages, with the named ones, and Python's packages into a folder. If it may
# not install Debian's packages, it names them and fails.
#
#     tools.sh FOLDER [PACKAGE]...
set -eu
cd "$(dirname "$0")/.."
venv=$1
shift

packages=(
    binutils clang g++ gcc libcurl4-openssl-dev libssl-dev valgrind
    composer php-cli php-codesniffer php-curl php-fpm php-guzzlehttp-guzzle php-guzzlehttp-psr7 php-nyholm-psr7
    php-psr-http-client php-symfony-http-client phpunit
    apache2-utils curl nodejs openssl python3-venv shellcheck wget
    abigail-tools bash-completion cmake man-db pkgconf
    "$@"
)

packaging/apt.sh 'The tests need' "${packages[@]}"

for tool in cargo rustfmt cargo-clippy; do
    command -v "$tool" >/dev/null || {
        echo "The tests need $tool. Install Rust 1.85 or newer with rustfmt and clippy." >&2
        exit 1
    }
done

# Installs them again if the list has changed.
if ! cmp -s tests/python/requirements.txt "$venv/requirements.txt"; then
    echo "installing Python's tools into $venv"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement tests/python/requirements.txt
    cp tests/python/requirements.txt "$venv/requirements.txt"
fi
