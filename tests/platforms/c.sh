#!/usr/bin/env bash
# Runs the C tests with the shared tables on other processors, C libraries and systems:
#
#     c.sh aarch64|aarch64-musl|i686|s390x|musl|windows
#
# Each is linked with the shared library, which the platform's own loader loads. conformance is also linked with the
# static one.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source-path=SCRIPTDIR source=../support/tables.sh
. tests/support/tables.sh
platform=$1
folder=$out/c/$platform
tests='conformance requests diagnoses constants salts misuse threads'
flags='' static='-lunwind -lutil -lrt -lpthread -lm -ldl' library=libkayako_sign.so runner=
case $platform in
aarch64) target=aarch64-unknown-linux-gnu zig=aarch64-linux-gnu.2.17 runner="qemu-aarch64 -L $out/arm64" ;;
aarch64-musl) target=aarch64-unknown-linux-musl zig=aarch64-linux-musl runner="qemu-aarch64 -L $out/arm64" ;;
i686) target=i686-unknown-linux-gnu zig=x86-linux-gnu.2.17 ;;
s390x) target=s390x-unknown-linux-gnu zig=s390x-linux-gnu.2.17 runner='qemu-s390x -L /usr/s390x-linux-gnu' ;;
musl) target=x86_64-unknown-linux-musl zig=x86_64-linux-musl ;;
windows)
    target=x86_64-pc-windows-gnu zig='' runner=$here/wine.sh library=kayako_sign.dll
    # The others use functions of Unix that mingw does not have.
    tests='conformance requests diagnoses constants threads stack'
    # With this macro, its library follows the formats of the C standard. Its compiler still checks those of Windows.
    flags="-static -D__USE_MINGW_ANSI_STDIO=1 -Wno-format -Wno-format-extra-args -include $here/mingw.h"
    static='-lkernel32 -lntdll -luserenv -lws2_32 -ldbghelp'
    ;;
esac
case $platform in
aarch64 | i686 | s390x) tests+=' exhaustion stack' flags=-rdynamic ;;
*musl) flags=-dynamic ;;
esac
[ "$platform" != aarch64 ] || tests+=' registers'
case $platform in aarch64*) $here/arm64_root.sh || exit ;; esac

# These builds are only tested, so they need no link-time optimisation.
case $platform in i686 | s390x) export CARGO_PROFILE_RELEASE_LTO=off ;; esac
built "$target" library $library
rm -rf "$folder"
mkdir -p "$folder"
tests/c/header_lists.sh include/kayako_sign.h "$folder"
if [ "$platform" = windows ]; then
    cp "$dist/$target/$library" "$folder/"
    x86_64-w64-mingw32-gcc -shared -O2 -o "$folder/bcryptprimitives.dll" $here/bcryptprimitives.c -ladvapi32 || exit
    shared=$dist/$target/libkayako_sign.dll.a
else
    cp "$dist/$target/$library" "$folder/libkayako_sign.so.0"
    shared="$folder/libkayako_sign.so.0 -Wl,-rpath,$folder"
fi

# compile PROGRAM SOURCE LIBRARY...
compile() {
    local program=$1 source=$2 compiler=(x86_64-w64-mingw32-gcc)
    shift 2
    [ -z "$zig" ] || compiler=("$tools/python-zig" cc -target "$zig")
    # shellcheck disable=SC2086 # Words.
    "${compiler[@]}" -std=c99 -D_DEFAULT_SOURCE -O2 -Wall -Wextra -Werror -pthread $flags -Iinclude \
        -Itests/support -Itests/c -Itests/security "-I$folder" -o "$program" "$source" "$@"
}

# Windows needs the suffix to find a program.
suffix=
[ "$platform" != windows ] || suffix=.exe
# shellcheck disable=SC2086,SC2046 # Words.
for test in $tests; do
    source=$(ls tests/{c,security,platforms}/$test.c 2>/dev/null)
    compile "$folder/$test$suffix" "$source" $shared || { broken+="; $test does not compile"; continue; }
    alone "$platform, $test" $runner "$folder/$test$suffix" $(tables_of "$test")
done
# shellcheck disable=SC2086,SC2046 # Words.
if compile "$folder/static$suffix" tests/c/conformance.c "$dist/$target/libkayako_sign.a" $static; then
    alone "$platform, conformance, static library" $runner "$folder/static$suffix" $(tables_of conformance)
else
    broken+='; the static library does not link'
fi
end
