#!/bin/sh
# Makes the three Debian packages by debhelper, and puts them into dist/:
#
#     deb.sh [ARCHITECTURE FOLDER]
#
# They are for this machine and of what lies in target/release, or of what cross.sh has put into FOLDER.
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
    # What Zig links needs less than Debian's own packages would.
    for library in 'libc 6' 'libdl 2' 'libm 6' 'libpthread 0'; do
        echo "$library libc6 (>= 2.17)"
    done >$work/debian/shlibs.local
fi
# debhelper asks for a compiler that makes such programs. What is built needs none any more.
(cd $work && dpkg-buildpackage --build=binary --host-arch "$architecture" -d --no-pre-clean \
    --unsigned-source --unsigned-changes)
rm -f dist/*kayako-sign*_"$architecture".deb
mv target/deb/*.deb dist/
ls -l dist/*_"$architecture".deb
