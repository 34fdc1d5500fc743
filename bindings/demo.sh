#!/usr/bin/env bash
# Signs the vendor's sample salt with the vendor's sample keys, once in each language. `make demo` runs it.
set -eu
cd "$(dirname "$0")/.."

export KAYAKO_API_KEY=apikey KAYAKO_SECRET_KEY=secretkey
salt=1234567890

# Prints the signature at the end of the credentials that a command prints.
show() {
    local label=$1 credentials
    shift
    credentials=$("$@")
    printf '%-9s %s\n' "$label" "${credentials##*signature=}"
}

absent() {
    printf '%-9s not installed here: %s\n' "$1" "$2"
}

echo "The signature of salt $salt, API key $KAYAKO_API_KEY, secret key $KAYAKO_SECRET_KEY, as it stands in a URL:"
show Rust cargo run --quiet --release --locked -p kayako-sign-core --example sign -- "$salt"

if command -v cc >/dev/null; then
    mkdir -p target/demo
    cc -std=c99 -Iinclude -o target/demo/sign bindings/c/examples/sign.c \
        -Ltarget/release -lkayako_sign -Wl,-rpath,"$PWD/target/release"
    show C target/demo/sign "$salt"
else
    absent C 'a C compiler, such as gcc'
fi

if php -r 'exit(extension_loaded("FFI") ? 0 : 1);' 2>/dev/null; then
    show PHP env AUTOLOAD=bindings/php/autoload.php php -d ffi.enable=1 bindings/php/examples/sign.php "$salt"
else
    absent PHP 'php-cli with its FFI extension'
fi

if command -v python3 >/dev/null; then
    show Python env PYTHONPATH=bindings/python/src python3 bindings/python/examples/sign.py "$salt"
else
    absent Python 'python3'
fi

show command target/release/kayako-sign sign --salt "$salt"
