#!/bin/sh
# Puts what was built below $DESTDIR$PREFIX, and lists it in share/kayako-sign/installed, by which it is taken away again.
# Nothing that is put there knows where it lies: the tree may be moved.
#
# LIBDIR is the folder of the libraries, below PREFIX: lib, or lib/x86_64-linux-gnu as Debian has it. Needs binutils.
set -eu
umask 022
export LC_ALL=C
cd "$(dirname "$0")/.."

case $PREFIX in /*) ;; *) PREFIX=$PWD/$PREFIX ;; esac
case $LIBDIR in
"$PREFIX"/*) LIBDIR=${LIBDIR#"$PREFIX"/} ;;
/*) echo "LIBDIR must be a folder below PREFIX, which is $PREFIX" >&2 && exit 1 ;;
esac
root=${DESTDIR-}$PREFIX
list=share/kayako-sign/installed
built=target/release
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
soname=$(readelf -d $built/libkayako_sign.so | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree

# put MODE FILE PLACE
put() {
    mkdir -p "$tree/$(dirname "$3")"
    install -m "$1" "$2" "$tree/$3"
}

# fill TEMPLATE PLACE
fill() {
    sed -e "s|@VERSION@|$version|; s|@SONAME@|$soname|; s|@ABI@|${soname##*.}|; s|@LIBDIR@|$LIBDIR|" \
        -e "s|@UP@|$(echo "$LIBDIR" | sed 's|[^/][^/]*|..|g')|" "bindings/c/$1" >"$work/filled"
    put 644 "$work/filled" "$2"
}

# completions SHELL PLACE
completions() {
    $built/kayako-sign completions "$1" >"$work/completions"
    put 644 "$work/completions" "$2"
}

put 755 $built/kayako-sign bin/kayako-sign
put 644 include/kayako_sign.h include/kayako_sign.h
put 644 $built/libkayako_sign.so "$LIBDIR/libkayako_sign.so.$version"
ln -s "libkayako_sign.so.$version" "$tree/$LIBDIR/$soname"
ln -s "$soname" "$tree/$LIBDIR/libkayako_sign.so"
put 644 $built/libkayako_sign.a "$LIBDIR/libkayako_sign.a"
strip --strip-debug --enable-deterministic-archives "$tree/$LIBDIR/libkayako_sign.a"

fill kayako_sign.pc.in "$LIBDIR/pkgconfig/kayako_sign.pc"
fill kayako_sign-config.cmake.in "$LIBDIR/cmake/kayako_sign/kayako_sign-config.cmake"
fill kayako_sign-config-version.cmake.in "$LIBDIR/cmake/kayako_sign/kayako_sign-config-version.cmake"

for page in cli/man/*.1; do
    put 644 "$page" "share/man/man1/${page##*/}"
done
awk -v version="$version" -f packaging/manual.awk include/kayako_sign.h >"$work/page"
put 644 "$work/page" share/man/man3/kayako_sign.3

completions bash share/bash-completion/completions/kayako-sign
completions zsh share/zsh/site-functions/_kayako-sign
completions fish share/fish/vendor_completions.d/kayako-sign.fish

for licence in LICENSE-APACHE LICENSE-MIT LICENSE-THIRD-PARTY; do
    put 644 $licence "share/doc/kayako-sign/$licence"
done

# What an earlier version put here goes where this one has no such file; its folders are still ours to take away.
mkdir -p "$tree/${list%/*}" "$(dirname "$root")"
touch "$tree/$list"
if [ -f "$root/$list" ]; then
    grep '/$' "$root/$list" >>"$tree/$list" || :
    grep -v '/$' "$root/$list" | while IFS= read -r file; do
        [ -e "$tree/$file" ] || [ -L "$tree/$file" ] || rm -f "$root/$file"
    done
fi
(cd "$tree" && find . -type d -print | sed 's|^\./||; s|$|/|' | sort) | while IFS= read -r folder; do
    [ -d "$root/${folder#./}" ] || { mkdir "$root/${folder#./}" && echo "$folder" >>"$tree/$list"; }
done
(cd "$tree" && find . ! -type d -print | sed 's|^\./||' | sort) >"$work/files"
cat "$work/files" >>"$tree/$list"
# Each file takes the place of an older one at once: that may be running.
while IFS= read -r file; do
    cp -P "$tree/$file" "$root/$file.new"
    mv -f "$root/$file.new" "$root/$file"
done <"$work/files"

# The dynamic linker keeps a list of what lies in its folders. Whoever gave DESTDIR does that where it ends up.
[ -n "${DESTDIR-}" ] || [ "$(id -u)" -ne 0 ] || ldconfig
echo "kayako-sign $version is installed in $root."
