#!/bin/sh
# The library and the command are linked with the protections that the loader and the kernel offer, and neither holds a
# folder name of the builder. Needs gcc and readelf.
#
#     hardening.sh libkayako_sign.so kayako-sign FOLDER
#
# FOLDER is for the control: programs and a library without these protections.
set -eu
library=$1 command=$2 folder=$3
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=../support/check.sh
. "$(dirname "$0")/../support/check.sh"

full_relro() { readelf -lW "$1" | grep -q GNU_RELRO && readelf -dW "$1" | grep -q BIND_NOW; }
stack_is_data() { readelf -lW "$1" | grep GNU_STACK | grep -q 'RW '; }
no_search_path() { ! readelf -dW "$1" | grep -qE 'RPATH|RUNPATH'; }
no_text_relocation() { ! readelf -dW "$1" | grep -q TEXTREL; }
no_page_both_ways() { ! readelf -lW "$1" | grep LOAD | grep -q 'RWE'; }
position_independent() { readelf -hW "$1" | grep -q 'Type: *DYN' && readelf -dW "$1" | grep -q 'FLAGS_1.*PIE'; }
no_builder() { ! grep -qaF -e "$root/" -e "${CARGO_HOME:-$HOME/.cargo}/" "$1"; }

for file in "$library" "$command"; do
    name=$(basename "$file")
    check "$name: relocations are read-only after the start (full RELRO)" full_relro "$file"
    check "$name: the stack is not executable" stack_is_data "$file"
    check "$name: has no search path for libraries (no RPATH)" no_search_path "$file"
    check "$name: the loader does not change its code (no TEXTREL)" no_text_relocation "$file"
    check "$name: no page is both writable and executable" no_page_both_ways "$file"
    check "$name: holds no folder name of the builder" no_builder "$file"
done
check "$(basename "$command"): can be loaded at any address (PIE)" position_independent "$command"

mkdir -p "$folder"
printf 'int main(void) { return 0; }\n' >"$folder/lax.c"
printf 'extern int there; int *here(void) { return &there; } const char *root = "%s/lax";\n' "$root" \
    >"$folder/lax-library.c"
gcc -no-pie -Wl,-z,norelro -Wl,-z,lazy -Wl,-z,execstack -Wl,-rpath,/nowhere -o "$folder/lax" "$folder/lax.c"
gcc -nostdlib -static -Wl,--omagic,--no-warn-rwx-segments,-e,main -o "$folder/lax-pages" "$folder/lax.c"
gcc -shared -fno-pic -mcmodel=large -Wl,-z,notext -o "$folder/lax.so" "$folder/lax-library.c"
found=0
fails() { ! "$@" && found=$((found + 1)); }
check "control: a program without RELRO is found" fails full_relro "$folder/lax"
check "control: an executable stack is found" fails stack_is_data "$folder/lax"
check "control: an RPATH is found" fails no_search_path "$folder/lax"
check "control: a page that is writable and executable is found" fails no_page_both_ways "$folder/lax-pages"
check "control: a program at a fixed address is found" fails position_independent "$folder/lax"
check "control: a TEXTREL is found" fails no_text_relocation "$folder/lax.so"
check "control: a folder name of the builder is found" fails no_builder "$folder/lax.so"
echo "control: $found of 7 deliberate faults are found"
report
