#!/usr/bin/env bash
# Installs those of the named Debian packages that are missing. If it does not run as root, it names them and fails.
#
#     apt.sh PURPOSE PACKAGE...
#
# PURPOSE is the beginning of that message, for example "The packages need".
set -eu
purpose=$1
shift

missing=()
for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
        missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    printf '%s packages that are missing. Run this as root, then try again:\n  apt-get install %s\n' \
        "$purpose" "${missing[*]}" >&2
    exit 1
fi
echo "installing ${missing[*]}"
# Another apt may be running, so wait for its lock.
apt=(apt-get -qq -o DPkg::Lock::Timeout=300)
export DEBIAN_FRONTEND=noninteractive
"${apt[@]}" update
"${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
