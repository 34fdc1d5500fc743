#!/bin/sh
# Installs what was built below $DESTDIR$PREFIX, and lists it in share/kayako-sign/installed, which uninstall.sh reads.
# LIBDIR is the folder of the libraries, below PREFIX. tree.sh lists the other variables.
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
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
LIBDIR=$LIBDIR packaging/tree.sh "$tree"
# A file that cross.sh has built needs another strip, which cross.sh has run already.
[ -n "${BUILT-}" ] || strip --strip-debug --enable-deterministic-archives "$tree/$LIBDIR/libkayako_sign.a"

# Remove the files of an earlier version that this one does not have. Keep its folders in the list, for uninstall.sh.
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
# Replace each file in one step, because a program may be using the old one.
while IFS= read -r file; do
    cp -P "$tree/$file" "$root/$file.new"
    mv -f "$root/$file.new" "$root/$file"
done <"$work/files"

# Update the dynamic linker's list of libraries. With DESTDIR that is done later, where the files end up.
[ -n "${DESTDIR-}" ] || [ "$(id -u)" -ne 0 ] || ! command -v ldconfig >/dev/null || ldconfig
echo "kayako-sign $version is installed in $root."
