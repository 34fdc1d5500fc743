#!/bin/sh
# Makes Python's sdist in dist/, and a wheel for each TARGET with the library that cross.sh has built for it:
#
#     wheel.sh TARGET...
#
# For Linux, auditwheel checks that a wheel needs no more of a machine than its name promises.
set -eu
cd "$(dirname "$0")/.."
tools=$PWD/target/dist-tools/bin
dist=$PWD/dist
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)

build() {
    (cd bindings/python && "$tools/python" -m hatchling build --directory "$dist" --target "$1")
}

mkdir -p "$dist"
rm -f dist/kayako_sign-*.whl dist/kayako_sign-*.tar.gz
build sdist
for target in "$@"; do
    processor=${target%%-*} file=libkayako_sign.so
    case $target in
    # The pip that came with Python 3.9 knows only the older name.
    *-linux-gnu) tag=manylinux_2_17_$processor tags=$tag.manylinux2014_$processor ;;
    *-linux-musl) tag=musllinux_1_2_$processor tags=$tag ;;
    x86_64-pc-windows-gnu) tags=win_amd64 file=kayako_sign.dll ;;
    aarch64-apple-darwin) tags=macosx_11_0_arm64 file=libkayako_sign.0.dylib ;;
    x86_64-apple-darwin) tags=macosx_10_12_x86_64 file=libkayako_sign.0.dylib ;;
    esac
    KAYAKO_SIGN_BUILT=$PWD/target/dist/$target/$file KAYAKO_SIGN_TAGS=$tags build wheel
    case $target in *-linux-*) ;; *) continue ;; esac
    wheel=dist/kayako_sign-$version-py3-none-$tags.whl
    # Its stderr also says that this machine does not use musl.
    "$tools/auditwheel" show --json "$wheel" 2>/dev/null | grep -F "\"overall_tag\": \"$tag\"" >/dev/null || {
        "$tools/auditwheel" show "$wheel" >&2
        echo "$wheel needs more of a machine than its name promises" >&2
        exit 1
    }
done
