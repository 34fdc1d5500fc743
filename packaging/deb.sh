#!/bin/sh
# Makes the three Debian packages with debhelper, and puts them into dist/:
#
#     deb.sh [ARCHITECTURE FOLDER]
#
# They are for this machine and hold what is in target/release, or for ARCHITECTURE and hold what cross.sh has put into
# FOLDER.
set -eu
umask 022
cd "$(dirname "$0")/.."

command -v dh >/dev/null || packaging/apt.sh 'The packages need' debhelper
architecture=${1:-$(dpkg --print-architecture)}

work=target/deb/kayako-sign
rm -rf target/deb
mkdir -p $work dist
cp -r packaging/debian $work/
if [ "$#" -gt 0 ]; then
    export BUILT="$2" COMMAND=target/release/kayako-sign
    # A file that Zig has linked needs only glibc 2.17, less than Debian's own list would demand.
    for library in 'libc 6' 'libdl 2' 'libm 6' 'libpthread 0'; do
        echo "$library libc6 (>= 2.17)"
    done >$work/debian/shlibs.local
fi
# -d, because debhelper asks for a compiler for the architecture, and everything is compiled already.
(cd $work && dpkg-buildpackage --build=binary --host-arch "$architecture" -d --no-pre-clean \
    --unsigned-source --unsigned-changes)
rm -f dist/*kayako-sign*_"$architecture".deb
mv target/deb/*.deb dist/
ls -l dist/*_"$architecture".deb
