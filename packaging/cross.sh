#!/bin/sh
# Builds a part of the project for another platform, and puts it into target/dist/TARGET:
#
#     cross.sh TARGET library|command
#
# The standard library is rustup's for TARGET. If rustup has none, Debian's Rust builds it. Zig links for Linux, with
# glibc 2.17 or musl, and for macOS; Debian's mingw links for Windows.
set -eu
cd "$(dirname "$0")/.."
target=$1
part=$2
processor=${target%%-*}
out=target/dist/$target
tools=$PWD/target/dist-tools
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
export CARGO_TARGET_DIR=target/dist/build
unset CARGO_BUILD_TARGET CARGO_BUILD_TARGET_DIR

case $target in
x86_64-unknown-linux-gnu | aarch64-unknown-linux-gnu) system=glibc cargo_target=$target.2.17 ;;
# These two are for tests and are not released.
i686-unknown-linux-gnu | s390x-unknown-linux-gnu) system=glibc cargo_target=$target.2.17 ;;
x86_64-unknown-linux-musl | aarch64-unknown-linux-musl) system=musl cargo_target=$target ;;
x86_64-pc-windows-gnu) system=windows cargo_target=$target ;;
aarch64-apple-darwin) system=macos cargo_target=$target oldest=11.0 ;;
x86_64-apple-darwin) system=macos cargo_target=$target oldest=10.12 ;;
*) echo "cross.sh: there is no platform $target" >&2 && exit 1 ;;
esac

# Choose the Rust, and whether it must build the standard library.
if [ -d "$(rustc --print target-libdir --target "$target")" ]; then
    cargo=cargo std=
else
    packaging/apt.sh "A build for $target needs" rustc-web cargo-web rust-web-src
    export RUSTC=/usr/bin/rustc CARGO=/usr/bin/cargo RUSTC_BOOTSTRAP=1
    cargo=$CARGO std=-Zbuild-std=std,panic_unwind,panic_abort
fi
llvm=$("${RUSTC:-rustc}" -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
# The same flags for library and command, because with others the standard library would be built again.
CARGO_ENCODED_RUSTFLAGS=$(packaging/rustflags.sh)
export CARGO_ENCODED_RUSTFLAGS

case $system in
windows)
    packaging/apt.sh "A build for Windows needs" gcc-mingw-w64-x86-64
    export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
    ;;
macos)
    packaging/apt.sh "A build for macOS needs" "lld-$llvm"
    # rustc would strip with its own program, which Debian does not have.
    export MACOSX_DEPLOYMENT_TARGET="$oldest" CARGO_PROFILE_RELEASE_STRIP=none
    ;;
esac

# cargo_rustc ARGUMENT...: runs cargo rustc. On PATH cargo-zigbuild finds Zig, and rustc the wrappers of mingw's tools.
cargo_rustc() {
    if [ "$system" = windows ]; then set -- "$cargo" rustc "$@"; else set -- "$tools/bin/cargo-zigbuild" rustc "$@"; fi
    # shellcheck disable=SC2086 # $std is one argument or none.
    PATH=$PWD/packaging/mingw:$tools/bin:$PATH "$@" --release --locked --target "$cargo_target" $std $flags
}

# strip_archive FILE: removes debug information, which only rustup's standard library has, not one that is built here.
strip_archive() {
    [ -z "$std" ] || return 0
    case $system in
    glibc | musl) "$processor-linux-gnu-strip" --strip-debug --enable-deterministic-archives "$1" ;;
    windows) x86_64-w64-mingw32-strip --strip-debug --enable-deterministic-archives "$1" ;;
    esac
}

# link_dylib STATIC SHARED: links the shared library for macOS. Zig would export more than the header's functions.
link_dylib() {
    work=$(mktemp -d)
    "$tools/bin/python" -c 'import pathlib, ziglang
print((pathlib.Path(ziglang.__file__).parent / "lib/libc/darwin/libSystem.tbd").read_text())' |
        # lld does not know arm64e in this file.
        sed 's/arm64e\.x1-[a-z]*,\{0,1\} *//g; s/arm64e-/arm64-/g' >"$work/libSystem.tbd"
    sed -n 's/^[a-z].*[ *]\(kayako_[a-z0-9_]*\)(.*/_\1/p' include/kayako_sign.h >"$work/exports"
    "ld64.lld-$llvm" -dylib -arch "$(echo "$processor" | sed s/aarch64/arm64/)" \
        -platform_version macos "$oldest" "$oldest" -dead_strip -exported_symbols_list "$work/exports" \
        -install_name @rpath/libkayako_sign.0.dylib -current_version "$version" -force_load "$1" "$work/libSystem.tbd" -o "$2"
    rm -rf "$work"
}

built=$CARGO_TARGET_DIR/$target/release
mkdir -p "$out"
flags=
case $part-$system in
library-macos)
    cargo_rustc -p kayako-sign-ffi --lib --crate-type staticlib
    cp "$built/libkayako_sign.a" "$out/"
    link_dylib "$out/libkayako_sign.a" "$out/libkayako_sign.0.dylib"
    ;;
library-windows)
    cargo_rustc -p kayako-sign-ffi --lib
    cp "$built/kayako_sign.dll" "$built/libkayako_sign.dll.a" "$built/libkayako_sign.a" "$out/"
    strip_archive "$out/libkayako_sign.a"
    ;;
library-*)
    cargo_rustc -p kayako-sign-ffi --lib
    cp "$built/libkayako_sign.so" "$built/libkayako_sign.a" "$out/"
    strip_archive "$out/libkayako_sign.a"
    # Systems with musl have it under this name. Zig's name is that of a file in their development packages.
    [ "$system" != musl ] ||
        "$tools/bin/patchelf" --replace-needed libc.so "libc.musl-$processor.so.1" "$out/libkayako_sign.so"
    ;;
command-windows)
    cargo_rustc -p kayako-sign-cli --bin kayako-sign
    cp "$built/kayako-sign.exe" "$out/"
    ;;
command-*)
    # With musl linked in, it runs on every Linux of its processor, and may be loaded at any address.
    [ "$system" != musl ] || flags='-- -Ctarget-feature=+crt-static -Clink-self-contained=no -Clink-arg=-pie'
    cargo_rustc -p kayako-sign-cli --bin kayako-sign
    cp "$built/kayako-sign" "$out/"
    ;;
esac
