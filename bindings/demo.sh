#!/usr/bin/env bash
# Signs the vendor's sample salt with the vendor's sample keys in each language. Then sends a signed request from each
# to the command's stand-in helpdesk on this machine, and one that it refuses. `make demo` runs it.
set -eu
cd "$(dirname "$0")/.."

export KAYAKO_API_KEY=apikey KAYAKO_SECRET_KEY=secretkey AUTOLOAD=bindings/php/autoload.php
export PYTHONPATH=bindings/python/src
salt=1234567890
build=target/demo
mkdir -p "$build"

# rust_example NAME ARGUMENT...: runs an example of core.
rust_example() {
    cargo run --quiet --release --locked -p kayako-sign-core --example "$@"
}

# c_example NAME LIBRARY...: builds a C example.
c_example() {
    local name=$1
    shift
    cc -std=c99 -Iinclude -o "$build/$name" "bindings/c/examples/$name.c" \
        -Ltarget/release -lkayako_sign "$@" -Wl,-rpath,"$PWD/target/release"
}

# absent LANGUAGE NEED: says that a language is left out, and what is missing.
absent() {
    printf '%-10s not installed here: %s\n' "$1" "$2"
}

has_c() { command -v cc >/dev/null || { absent C 'a C compiler, for example gcc'; return 1; }; }
has_php() {
    php -r 'exit(extension_loaded("FFI") ? 0 : 1);' 2>/dev/null ||
        { absent PHP 'php-cli, with its FFI extension'; return 1; }
}
# The npm package needs its module. It is built once, if that is possible without installing anything.
module_built=
has_node() {
    [ -z "$module_built" ] || return 0
    command -v node >/dev/null || { absent "$1" node; return 1; }
    if ! command -v npm >/dev/null || ! [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
        [ -f bindings/js/src/module.js ] && return
        absent "$1" 'npm and the WebAssembly target of Rust; or run make npm first'
        return 1
    fi
    packaging/npm.sh >"$build/npm.log" 2>&1 || { cat "$build/npm.log" >&2; exit 1; }
    module_built=yes
}
has_python() { command -v python3 >/dev/null || { absent Python python3; return 1; }; }

# show LABEL COMMAND...: runs a command that prints credentials, and prints the signature at their end.
show() {
    local label=$1 credentials
    shift
    credentials=$("$@")
    printf '%-10s %s\n' "$label" "${credentials##*signature=}"
}

# ask LABEL COMMAND...: runs a command that sends a signed request, and prints the user that is answered, or fails.
ask() {
    local label=$1 answer
    shift
    answer=$("$@" | sed -n 's|.*<fullname>\(.*\)</fullname>.*|\1|p')
    [ -n "$answer" ] || { printf '%-10s refused\n' "$label" >&2; exit 1; }
    printf '%-10s 200 OK, the user %s\n' "$label" "$answer"
}

# get: requests the URL on standard input, and prints the answer. As an argument, others on this machine could see it.
get() {
    if command -v curl >/dev/null; then
        sed 's/.*/url = "&"/' | curl --silent --config -
    else
        python3 -c '
import sys, urllib.error, urllib.request
try:
    print(urllib.request.urlopen(input()).read().decode())
except urllib.error.HTTPError as error:
    print(error.read().decode())
'
    fi
}

echo "The signature of salt $salt, API key $KAYAKO_API_KEY, secret key $KAYAKO_SECRET_KEY, as it appears in a URL:"
show Rust rust_example sign -- "$salt"
if has_c; then
    c_example sign
    show C "$build/sign" "$salt"
fi
if has_php; then show PHP php -d ffi.enable=1 bindings/php/examples/sign.php "$salt"; fi
if has_python; then show Python python3 bindings/python/examples/sign.py "$salt"; fi
if has_node JavaScript; then show JavaScript node bindings/js/examples/sign.mjs "$salt"; fi
show command target/release/kayako-sign sign --salt "$salt"

echo
log=$build/helpdesk.log
target/release/kayako-sign helpdesk --sample-keys --listen 127.0.0.1:0 2>"$log" &
helpdesk=$!
trap 'kill "$helpdesk" 2>/dev/null || true' EXIT
url=
for _ in $(seq 200); do
    url=$(sed -n 's|.* is at \(http:.*/index\.php\)\..*|\1?/Base/User/1|p' "$log")
    [ -z "$url" ] || break
    sleep 0.05
done
has_sender() {
    command -v curl >/dev/null || has_python >/dev/null ||
        { absent "$1" 'curl or python3, to send the request'; return 1; }
}
by_rust() { rust_example sign_url -- "$url" | get; }
by_c() { echo "$url&$("$build/sign")" | get; }
by_command() { target/release/kayako-sign request --format url "$url" | get; }
refused() { echo "$url&apikey=apikey&salt=$salt&signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%253D" | get; }

echo "One signed request from each, to kayako-sign helpdesk on this machine:"
if has_sender Rust; then ask Rust by_rust; fi
if has_c >/dev/null; then
    if c_example request -lcurl 2>/dev/null; then
        ask C "$build/request" GET "$url"
    elif has_sender C; then
        # Without libcurl's header, C signs, and curl or Python sends.
        ask C by_c
    fi
fi
if has_php; then ask PHP php -d ffi.enable=1 bindings/php/examples/request.php "$url"; fi
if has_python; then ask Python python3 bindings/python/examples/request.py "$url"; fi
if has_node JavaScript; then ask JavaScript node bindings/js/examples/request.mjs "$url"; fi
if has_sender command; then
    ask command by_command
    echo
    echo "One with a signature that is URL-encoded twice, and why the helpdesk refuses it:"
    printf '%s\n' "$(refused)"
    kill "$helpdesk"
    wait "$helpdesk"
    tail -n 5 "$log"
fi
