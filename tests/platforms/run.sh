#!/usr/bin/env bash
# Tests the files that `make dist` has put into dist/ and target/dist, on processors, C libraries and systems that this
# machine does not have. Files that cannot be run here are only inspected. Installs the tools for it, and takes minutes.
set -u
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

[ -e dist/SHA256SUMS ] || { echo "there is no dist/: run make dist" >&2; exit 2; }
packaging/dist-tools.sh
packaging/apt.sh 'The tests need' libc6-i386 libc6-s390x-cross musl qemu-user unzip wine64 \
    gcc-mingw-w64-x86-64 rustc-web cargo-web rust-web-src || exit

# These files need packages that dist-tools.sh installs. tests/lint.sh checks the types of the others.
alone "types" "$venv/mypy" --python-executable "$tools/python" $here/emulated.py $here/macos.py $here/macos_code.py
for platform in aarch64 aarch64-musl musl i686 s390x windows; do
    alone "C on $platform" $here/c.sh $platform
done
alone "the command with musl" env KAYAKO_SIGN_COMMAND="$dist/x86_64-unknown-linux-musl/kayako-sign" \
    KAYAKO_SIGN_LIBRARY="$dist/x86_64-unknown-linux-gnu/libkayako_sign.so" "$venv/python" -m pytest -q tests/cli
alone "arm64" $here/arm64.sh
alone "Windows" $here/windows.sh
alone "macOS" "$tools/python" $here/macos.py
alone "the code for macOS" "$tools/python" $here/macos_code.py
alone "the files in dist/" "$venv/python" -m pytest -q $here
alone "wheels" $here/pip_choice.sh
alone "docs/install.md" $here/install.sh
alone "pip with musl" $here/pip_musl.sh
alone "the core on 32 bits" $here/core.sh i686
alone "the core, big-endian" $here/core.sh s390x
end
