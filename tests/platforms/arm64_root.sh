#!/usr/bin/env bash
# Unpacks Debian's loaders, Python and PHP for arm64 into target/platforms/arm64, if they are not there yet. This
# machine's own package lists are not changed.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"
packages=$out/arm64-packages
[ ! -e "$out/arm64/usr/bin/php8.2" ] || exit 0

apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o "Dir::State::lists=$packages/lists"
    -o "Dir::State::status=$packages/status" -o "Dir::Cache=$packages/cache" -o Debug::NoLocking=1)
rm -rf "$out/arm64" "$packages"
mkdir -p "$packages/lists/partial" "$packages/cache/archives/partial"
touch "$packages/status"
"${apt[@]}" update || exit
"${apt[@]}" --download-only --no-install-recommends -y install python3 php-cli php-mbstring php-xml musl || exit
for package in "$packages"/cache/archives/*.deb; do
    dpkg-deb -x "$package" "$out/arm64" || exit
done
