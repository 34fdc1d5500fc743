#!/bin/sh
# Makes the three Debian packages of what was built, by debhelper, and puts them into dist/.
set -eu
umask 022
cd "$(dirname "$0")/.."

if ! command -v dh >/dev/null; then
    [ "$(id -u)" -eq 0 ] || { echo "debhelper is missing: apt-get install debhelper" >&2 && exit 1; }
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debhelper >/dev/null
fi

work=target/deb/kayako-sign
rm -rf target/deb
mkdir -p $work dist
cp -r packaging/debian $work/
(cd $work && dpkg-buildpackage --build=binary --no-pre-clean --unsigned-source --unsigned-changes)
rm -f dist/*kayako-sign*.deb
mv target/deb/*.deb dist/
ls -l dist/*.deb
