#!/usr/bin/env bash
# Makes every file of a release, in dist/:
#
#     dist.sh [TARGET]...
#
# Each TARGET gets an archive and a wheel, and those of Debian's architectures get Debian packages; without arguments
# these are all seven. The PHP package holds the libraries of all of them. The page, the npm package, the sdist and the
# lists of crates are for every platform. Two runs on the same source make the same bytes.
set -eu
umask 022
export LC_ALL=C TZ=UTC
cd "$(dirname "$0")/.."
targets=("$@")
[ "$#" -gt 0 ] || targets=(
    x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu x86_64-unknown-linux-musl aarch64-unknown-linux-musl
    x86_64-pc-windows-gnu aarch64-apple-darwin x86_64-apple-darwin
)
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
COMMAND=$PWD/target/release/kayako-sign
export COMMAND

packaging/dist-tools.sh
packaging/apt.sh 'A release needs' debhelper binutils-aarch64-linux-gnu libc6-arm64-cross zip
# Every file gets the time of the release.
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l packaging/debian/changelog -S Timestamp)
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf dist
mkdir dist

# pack tar|zip FOLDER NAME: packs a folder of $work.
pack() {
    find "$work/$2" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    case $1 in
    tar)
        tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
            --directory="$work" "$2" | gzip -9 -n >"dist/$3.tar.gz"
        ;;
    zip) (cd "$work" && find "$2" | sort | zip -X -9 -q -@ -) >"dist/$3.zip" ;;
    esac
}

# archive TARGET: packs the libraries, the header and the command for a platform.
archive() {
    local name=kayako-sign-$version-$1
    case $1 in
    *-linux-*) SYSTEM=linux ;;
    *-apple-*) SYSTEM=macos ;;
    *-windows-*) SYSTEM=windows ;;
    esac
    BUILT=target/dist/$1
    # The command with musl linked in runs with every C library. Debian's packages have the one that uses glibc.
    if [[ $1 = *-linux-gnu ]]; then
        BUILT=$work/built
        cp -rT "target/dist/$1" "$BUILT"
        cp "target/dist/${1%gnu}musl/kayako-sign" "$BUILT/"
    fi
    SYSTEM=$SYSTEM BUILT=$BUILT packaging/tree.sh "$work/$name"
    pack tar "$name" "$name"
    [ "$SYSTEM" != windows ] || pack zip "$name" "$name"
}

# php: packs the Composer package, with the libraries of the platforms.
php() {
    local package=$work/kayako-sign-php-$version target
    mkdir -p "$package/lib"
    (cd bindings/php && cp -r README.md autoload.php bin composer.json examples preload.php src "$package/")
    cp LICENSE-* "$package/"
    for target in "${targets[@]}"; do
        mkdir "$package/lib/$target"
        case $target in
        *-linux-*) cp "target/dist/$target/libkayako_sign.so" "$package/lib/$target/libkayako_sign.so.0" ;;
        *-apple-*) cp "target/dist/$target/libkayako_sign.0.dylib" "$package/lib/$target/libkayako_sign.dylib" ;;
        *-windows-*) cp "target/dist/$target/kayako_sign.dll" "$package/lib/$target/" ;;
        esac
    done
    pack zip "${package##*/}" "${package##*/}"
}

for target in "${targets[@]}"; do
    packaging/cross.sh "$target" library
    packaging/cross.sh "$target" command
    [[ $target != *-linux-gnu ]] || packaging/cross.sh "${target%gnu}musl" command
done
for target in "${targets[@]}"; do
    archive "$target"
    case $target in
    x86_64-unknown-linux-gnu) packaging/deb.sh amd64 "target/dist/$target" ;;
    aarch64-unknown-linux-gnu) packaging/deb.sh arm64 "target/dist/$target" ;;
    esac
done
packaging/wheel.sh "${targets[@]}"
php
packaging/parts.sh
make --no-print-directory page
[ ! -d bindings/js ] || make --no-print-directory npm
(cd dist && sha256sum -- *) >"$work/sums"
mv "$work/sums" dist/SHA256SUMS
ls -l dist
