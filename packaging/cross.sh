#!/bin/sh
# Builds the libraries and the command for another platform, and puts them into target/dist/TARGET:
#
#     cross.sh TARGET
#
# The standard library is the one that rustup has for TARGET. Where it has none, Debian's Rust builds it. Zig links for
# Linux with glibc 2.17 or musl, and makes what macOS loads; Debian's mingw links for Windows.
set -eu
cd "$(dirname "$0")/.."
target=$1
out=target/dist/$target
tools=$PWD/target/dist-tools/bin
export CARGO_TARGET_DIR=target/dist/build
unset CARGO_BUILD_TARGET CARGO_BUILD_TARGET_DIR

stop() {
    echo "cross.sh: $1" >&2
    exit 1
}

case $target in
x86_64-unknown-linux-gnu | aarch64-unknown-linux-gnu) system=glibc named=$target.2.17 ;;
x86_64-unknown-linux-musl | aarch64-unknown-linux-musl) system=musl named=$target ;;
x86_64-pc-windows-gnu) system=windows named=$target ;;
aarch64-apple-darwin) system=macos named=$target oldest=11.0 ;;
x86_64-apple-darwin) system=macos named=$target oldest=10.12 ;;
*) stop "there is no platform $target" ;;
esac

# Which Rust, and what it must build first.
if [ -d "$(rustc --print target-libdir --target "$target")" ]; then
    cargo=cargo std=
else
    packaging/apt.sh "A build for $target needs" rustc-web cargo-web rust-web-src
    export RUSTC=/usr/bin/rustc CARGO=/usr/bin/cargo RUSTC_BOOTSTRAP=1
    cargo=$CARGO std=-Zbuild-std=std,panic_unwind,panic_abort
fi
llvm=$("${RUSTC:-rustc}" -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')

# The same flags for library and command: others would build the standard library once more.
between=$(printf '\037')
CARGO_ENCODED_RUSTFLAGS=$(packaging/rustflags.sh)
[ $system != musl ] || CARGO_ENCODED_RUSTFLAGS="$CARGO_ENCODED_RUSTFLAGS$between-Ctarget-feature=-crt-static"
export CARGO_ENCODED_RUSTFLAGS

if [ $system = windows ]; then
    packaging/apt.sh "A build for Windows needs" gcc-mingw-w64-x86-64
    export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
    rustc() { "$cargo" rustc "$@"; }
else
    # cargo-zigbuild finds Python's Zig by PATH.
    PATH=$tools:$PATH
    export PATH
    rustc() { cargo-zigbuild rustc "$@"; }
fi
if [ $system = macos ]; then
    packaging/apt.sh "A build for macOS needs" "lld-$llvm"
    # rustc would strip with a program of its own, which Debian does not have.
    export MACOSX_DEPLOYMENT_TARGET=$oldest CARGO_PROFILE_RELEASE_STRIP=none
fi

# library KINDS: builds the library as these kinds.
library() {
    # shellcheck disable=SC2086 # $std is one argument or none.
    rustc --release --locked $std --target "$named" -p kayako-sign-ffi --lib --crate-type "$1"
}

# command FLAG...: builds the command with these flags for its linking.
command() {
    # shellcheck disable=SC2086
    rustc --release --locked $std --target "$named" -p kayako-sign-cli --bin kayako-sign -- "$@"
}

# links_dylib: links the shared library for macOS. Zig's has more exports than the header's functions, and names the
# build folder.
links_dylib() {
    work=$(mktemp -d)
    "$tools/python" -c 'import ziglang, pathlib
stub = pathlib.Path(ziglang.__file__).parent / "lib/libc/darwin/libSystem.tbd"
print(stub.read_text(), end="")' |
        sed 's/arm64e\.x1-[a-z]*,\{0,1\} *//g; s/arm64e-/arm64-/g' >"$work/libSystem.tbd"
    sed -n 's/^[a-z].*[ *]\(kayako_[a-z0-9_]*\)(.*/_\1/p' include/kayako_sign.h >"$work/exports"
    "ld64.lld-$llvm" -dylib -arch "$1" -platform_version macos "$oldest" "$oldest" -dead_strip \
        -exported_symbols_list "$work/exports" -install_name @rpath/libkayako_sign.0.dylib \
        -force_load "$built/libkayako_sign.a" "$work/libSystem.tbd" -o "$2"
    rm -rf "$work"
}

built=$CARGO_TARGET_DIR/$target/release
rm -rf "$out"
mkdir -p "$out"
case $system in
glibc)
    library cdylib,staticlib
    command
    cp "$built/libkayako_sign.so" "$built/libkayako_sign.a" "$built/kayako-sign" "$out/"
    ;;
musl)
    library cdylib,staticlib
    # Runs on every Linux of this processor, wherever it is loaded.
    command -C target-feature=+crt-static -C link-self-contained=no -C link-arg=-pie
    cp "$built/libkayako_sign.so" "$built/libkayako_sign.a" "$built/kayako-sign" "$out/"
    # By this name musl's own packages ask for it; Zig's is that of a file which only those who compile have.
    patchelf --replace-needed libc.so "libc.musl-${target%%-*}.so.1" "$out/libkayako_sign.so"
    ;;
windows)
    library cdylib,staticlib
    command
    cp "$built/kayako_sign.dll" "$built/libkayako_sign.dll.a" "$built/libkayako_sign.a" "$built/kayako-sign.exe" "$out/"
    ;;
macos)
    library staticlib
    command
    cp "$built/libkayako_sign.a" "$built/kayako-sign" "$out/"
    links_dylib "$([ "${target%%-*}" = aarch64 ] && echo arm64 || echo x86_64)" "$out/libkayako_sign.0.dylib"
    ;;
esac
