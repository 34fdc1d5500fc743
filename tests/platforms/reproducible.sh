#!/usr/bin/env bash
# Tests that `make dist` makes the same files, byte for byte, in another folder: reproducible.sh [TARGET]...
#
# Builds again in a copy of this clone, and compares the files with dist/. With targets, it builds and compares only the
# files of these platforms. Takes as long as a first `make dist`.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
# jobs.sh removes its folder at the end.
copy=$jobs_folder/another/folder
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- | tar --extract --directory="$copy"

unset CARGO_TARGET_DIR CARGO_ENCODED_RUSTFLAGS RUSTFLAGS
make --no-print-directory -C "$copy" dist TARGETS="$*" >"$out/log" 2>&1 || tail "$out/log"
for file in "$copy"/dist/*; do
    name=${file##*/}
    # These two depend on all platforms.
    [ "$#" -eq 0 ] || case $name in SHA256SUMS | kayako-sign-php-*) continue ;; esac
    check "$name is the same from another folder" cmp "$file" "dist/$name"
    echo "$(sha256sum <"$file" | cut -c1-16) $(sha256sum <"dist/$name" | cut -c1-16) $name"
done
report
