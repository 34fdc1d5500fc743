#!/bin/sh
# Removes what install.sh has installed below $DESTDIR$PREFIX: the files in its list, and the folders that it made,
# unless they hold something else by now.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

case $PREFIX in /*) ;; *) PREFIX=$PWD/$PREFIX ;; esac
root=${DESTDIR-}$PREFIX
list=$root/share/kayako-sign/installed
[ -f "$list" ] || { echo "kayako-sign is not installed in $root: there is no $list" >&2 && exit 1; }

folders=$(grep '/$' "$list" | sort -r || :)
grep -v '/$' "$list" | while IFS= read -r file; do
    rm -f "$root/$file"
done
echo "$folders" | while IFS= read -r folder; do
    rmdir "$root/${folder#./}" 2>/dev/null || :
done

[ -n "${DESTDIR-}" ] || [ "$(id -u)" -ne 0 ] || ! command -v ldconfig >/dev/null || ldconfig
echo "kayako-sign is no longer in $root."
