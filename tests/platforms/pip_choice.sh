#!/usr/bin/env bash
# Tests which of the wheels in dist/ pip takes for each platform.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# chosen PLATFORM: prints the tags in the name of the wheel that pip takes for it.
chosen() {
    rm -rf "$out/wheels"
    "$tools/pip" download --quiet --no-index --find-links dist --no-deps --only-binary :all: --platform "$1" \
        --dest "$out/wheels" "kayako-sign==$version" &&
        basename "$out"/wheels/*.whl .whl | sed 's/.*-none-//'
}

while read -r platform tags; do
    check "pip takes the wheel for $tags on $platform" prints "$tags" chosen "$platform"
    echo "$platform: $(chosen "$platform")"
done <<'TABLE'
manylinux2014_x86_64 manylinux_2_17_x86_64.manylinux2014_x86_64
manylinux_2_17_aarch64 manylinux_2_17_aarch64.manylinux2014_aarch64
manylinux2014_aarch64 manylinux_2_17_aarch64.manylinux2014_aarch64
musllinux_1_2_x86_64 musllinux_1_2_x86_64
musllinux_1_2_aarch64 musllinux_1_2_aarch64
win_amd64 win_amd64
macosx_14_0_arm64 macosx_11_0_arm64
macosx_11_0_arm64 macosx_11_0_arm64
macosx_12_0_x86_64 macosx_10_12_x86_64
macosx_10_12_x86_64 macosx_10_12_x86_64
TABLE
check "pip takes none for Windows on ARM" fails_as 1 chosen win_arm64
check "pip takes none for a glibc that is too old" fails_as 1 chosen manylinux2010_x86_64
report
