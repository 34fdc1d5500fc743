#!/usr/bin/env bash
# Signs the vendor's sample salt with the vendor's sample keys, once in each language; then sends a signed request from
# each to a stand-in helpdesk on this machine. `make demo` runs it.
set -eu
cd "$(dirname "$0")/.."

export KAYAKO_API_KEY=apikey KAYAKO_SECRET_KEY=secretkey AUTOLOAD=bindings/php/autoload.php
export PYTHONPATH=bindings/python/src
salt=1234567890
build=target/demo
mkdir -p "$build"

# example KIND NAME: the example of core of that name.
rust_example() {
    cargo run --quiet --release --locked -p kayako-sign-core --example "$@"
}

# c_example NAME LIBRARY...: builds an example of C.
c_example() {
    local name=$1
    shift
    cc -std=c99 -Iinclude -o "$build/$name" "bindings/c/examples/$name.c" \
        -Ltarget/release -lkayako_sign "$@" -Wl,-rpath,"$PWD/target/release"
}

absent() {
    printf '%-9s not installed here: %s\n' "$1" "$2"
}

has_c() { command -v cc >/dev/null || { absent C 'a C compiler, such as gcc'; return 1; }; }
has_php() {
    php -r 'exit(extension_loaded("FFI") ? 0 : 1);' 2>/dev/null || { absent PHP 'php-cli, with its FFI extension'; return 1; }
}
has_python() { command -v python3 >/dev/null || { absent Python python3; return 1; }; }
has_curl() { command -v curl >/dev/null || { absent "$1" 'curl, which sends it'; return 1; }; }

# Prints the signature at the end of the credentials that a command prints.
show() {
    local label=$1 credentials
    shift
    credentials=$("$@")
    printf '%-9s %s\n' "$label" "${credentials##*signature=}"
}

# Prints which route the helpdesk says that a command has asked for. It says so only to whoever signed.
ask() {
    local label=$1 answer
    shift
    answer=$("$@" | grep -o '"route":"[^"]*"')
    printf '%-9s 200 OK, %s\n' "$label" "$answer"
}

echo "The signature of salt $salt, API key $KAYAKO_API_KEY, secret key $KAYAKO_SECRET_KEY, as it stands in a URL:"
show Rust rust_example sign -- "$salt"
if has_c; then
    c_example sign
    show C "$build/sign" "$salt"
fi
if has_php; then show PHP php -d ffi.enable=1 bindings/php/examples/sign.php "$salt"; fi
if has_python; then show Python python3 bindings/python/examples/sign.py "$salt"; fi
show command target/release/kayako-sign sign --salt "$salt"

echo
if ! command -v php >/dev/null; then
    echo 'The signed requests need php-cli for the stand-in helpdesk that answers them.'
    exit
fi
# shellcheck source=tests/helpdesk/start.sh
. tests/helpdesk/start.sh
url="$helpdesk/api/index.php?/Base/User/1"
curl_signed() { printf 'url = "%s"\n' "$1" | curl --silent --fail --config -; }
by_rust() { curl_signed "$(rust_example sign_url -- "$url")"; }
by_command() { target/release/kayako-sign request "$url" | curl --silent --fail --config -; }

echo "One signed request from each, to a stand-in helpdesk on this machine:"
if has_curl Rust; then ask Rust by_rust; fi
if has_c >/dev/null; then
    if c_example request -lcurl 2>/dev/null; then
        ask C "$build/request" GET "$url"
    else
        absent C 'libcurl4-openssl-dev, with which the example sends it'
    fi
fi
if has_php >/dev/null; then ask PHP php -d ffi.enable=1 bindings/php/examples/request.php "$url"; fi
if has_python >/dev/null; then ask Python python3 bindings/python/examples/request.py "$url"; fi
if has_curl command; then ask command by_command; fi
