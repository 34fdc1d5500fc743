#!/usr/bin/env bash
# Tests that pip builds the library from the sdist on a machine with musl, and that musl's loader loads it. A cargo that
# builds for musl takes the place of that machine's cargo.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
folder=$out/pip
rm -rf "$folder"
mkdir -p "$folder/bin"
cat >"$folder/bin/cargo" <<CARGO
#!/bin/sh
[ "\$1" = build ] || exec /usr/bin/cargo "\$@"
PATH=$tools:\$PATH RUSTC=/usr/bin/rustc CARGO=/usr/bin/cargo RUSTC_BOOTSTRAP=1 exec cargo-zigbuild "\$@" \\
    --target x86_64-unknown-linux-musl -Zbuild-std=std,panic_unwind,panic_abort
CARGO
chmod +x "$folder/bin/cargo"

# installs VARIABLE...: installs the sdist with these environment variables.
installs() {
    env "$@" PATH="$folder/bin:$PATH" CARGO_TARGET_DIR="$folder/build" "$tools/python" -m pip install --quiet \
        --no-index --no-build-isolation --no-deps --target "$folder/site" --upgrade "dist/kayako_sign-$version.tar.gz"
}

is_for_musl() {
    readelf -d "$folder/site/kayako_sign/libkayako_sign.so" | grep -q 'NEEDED.*\[libc\.so\]'
}

check "pip builds it for musl" quiet installs
check "the built library is for musl" is_for_musl
mkdir -p "$folder/c"
cp "$folder/site/kayako_sign/libkayako_sign.so" "$folder/c/libkayako_sign.so.0"
"$tools/python-zig" cc -target x86_64-linux-musl -dynamic -O2 -std=c99 -Iinclude bindings/c/examples/sign.c \
    "$folder/c/libkayako_sign.so.0" -Wl,-rpath,"$folder/c" -o "$folder/c/sign"
check "a program of musl signs with it" quiet "$folder/c/sign" 1234567890
check "pip builds it with the user's RUSTFLAGS, which hide the project's" quiet installs RUSTFLAGS=-Copt-level=1
check "the library built with them is also for musl" is_for_musl
report
