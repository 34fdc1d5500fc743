#!/bin/sh
# Copies what was built into a folder, in the layout in which it is installed and packed. The tree may be moved, because
# no file in it holds its path. Needs no tool of the platform that the tree is for.
#
#     tree.sh FOLDER
#
# BUILT    the folder of the libraries and the command, target/release by default
# SYSTEM   the system that they are for: linux, the default, macos or windows
# COMMAND  the command for this machine, which prints the completions; the one in BUILT by default
# LIBDIR   the folder of the libraries below the tree: lib by default, or for example lib/x86_64-linux-gnu for Debian
set -eu
umask 022
export LC_ALL=C
tree=$1
cd "$(dirname "$0")/.."
built=${BUILT:-target/release}
system=${SYSTEM:-linux}
command=${COMMAND:-$built/kayako-sign}
libdir=${LIBDIR:-lib}
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
abi=$(sed -n 's/^const ABI_VERSION: u32 = \([0-9]*\);$/\1/p' ffi/build.rs)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# put MODE FILE PATH: copies a file to a path in the tree.
put() {
    mkdir -p "$tree/$(dirname "$3")"
    install -m "$1" "$2" "$tree/$3"
}

# fill TEMPLATE PATH: puts a template, filled in, to a path in the tree.
fill() {
    sed -e "s|@VERSION@|$version|; s|@ABI@|$abi|; s|@SHARED@|$shared|; s|@PROPERTY@|$property|; s|@LIBDIR@|$libdir|" \
        -e "s|@PRIVATE@|$private|; s|@LIBRARIES@|$(echo "$private" | sed 's/-l//g; s/ /;/g')|" \
        -e "s|@UP@|$(echo "$libdir" | sed 's|[^/][^/]*|..|g')|" "bindings/c/$1" >"$work/filled"
    put 644 "$work/filled" "$2"
}

# completions SHELL PATH: puts the completions for a shell to a path in the tree.
completions() {
    "$command" completions "$1" >"$work/completions"
    put 644 "$work/completions" "$2"
}

# For each system: the libraries that the static library needs besides libc, and how CMake finds the shared one.
case $system in
linux)
    shared=libkayako_sign.so.$version soname=libkayako_sign.so.$abi
    property="IMPORTED_SONAME \"$soname\""
    private='-lutil -lrt -lpthread -lm -ldl'
    put 755 "$built/kayako-sign" bin/kayako-sign
    put 644 "$built/libkayako_sign.so" "$libdir/$shared"
    ln -s "$shared" "$tree/$libdir/$soname"
    ln -s "$soname" "$tree/$libdir/libkayako_sign.so"
    ;;
macos)
    shared=libkayako_sign.$abi.dylib
    property="IMPORTED_SONAME \"@rpath/$shared\""
    private=
    put 755 "$built/kayako-sign" bin/kayako-sign
    put 755 "$built/$shared" "$libdir/$shared"
    ln -s "$shared" "$tree/$libdir/libkayako_sign.dylib"
    ;;
windows)
    shared=@UP@/bin/kayako_sign.dll
    # shellcheck disable=SC2016 # CMake's variable
    property='IMPORTED_IMPLIB "${_kayako_sign_libdir}/libkayako_sign.dll.a"'
    private='-lkernel32 -lntdll -luserenv -lws2_32 -ldbghelp'
    put 755 "$built/kayako-sign.exe" bin/kayako-sign.exe
    put 755 "$built/kayako_sign.dll" bin/kayako_sign.dll
    put 644 "$built/libkayako_sign.dll.a" "$libdir/libkayako_sign.dll.a"
    ;;
esac
put 644 "$built/libkayako_sign.a" "$libdir/libkayako_sign.a"
put 644 include/kayako_sign.h include/kayako_sign.h

fill kayako_sign.pc.in "$libdir/pkgconfig/kayako_sign.pc"
fill kayako_sign-config.cmake.in "$libdir/cmake/kayako_sign/kayako_sign-config.cmake"
fill kayako_sign-config-version.cmake.in "$libdir/cmake/kayako_sign/kayako_sign-config-version.cmake"

for page in cli/man/*.1; do
    put 644 "$page" "share/man/man1/${page##*/}"
done
awk -v version="$version" -f packaging/manual.awk include/kayako_sign.h >"$work/page"
put 644 "$work/page" share/man/man3/kayako_sign.3

if [ "$system" = windows ]; then
    completions powershell share/powershell/kayako-sign.ps1
else
    completions bash share/bash-completion/completions/kayako-sign
    completions zsh share/zsh/site-functions/_kayako-sign
    completions fish share/fish/vendor_completions.d/kayako-sign.fish
fi

for licence in LICENSE-APACHE LICENSE-MIT LICENSE-THIRD-PARTY; do
    put 644 $licence "share/doc/kayako-sign/$licence"
done
