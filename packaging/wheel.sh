#!/bin/sh
# Makes the wheel and the sdist for Python in dist/. The wheel runs on every Linux with glibc 2.17 or newer. That is why
# Zig links its library, and auditwheel looks at whether it holds.
set -eu
cd "$(dirname "$0")/.."
tools=$PWD/target/wheel-tools
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)

# Installed anew when the list changes.
if ! cmp -s packaging/wheel-requirements.txt "$tools/requirements.txt"; then
    echo "installing what makes wheels into $tools"
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --requirement packaging/wheel-requirements.txt
    cp packaging/wheel-requirements.txt "$tools/requirements.txt"
fi

# cargo finds its subcommand zigbuild by PATH, and that finds Python's Zig.
PATH=$tools/bin:$PATH
export PATH KAYAKO_SIGN_GLIBC=2.17

mkdir -p dist
rm -f dist/kayako_sign-*.whl dist/kayako_sign-*.tar.gz
(cd bindings/python && "$tools/bin/python" -m hatchling build --directory ../../dist --target sdist --target wheel)
wheel=$(echo "dist/kayako_sign-$version-"*.whl)
auditwheel show "$wheel"
auditwheel show --json "$wheel" | grep -q '"overall_tag": "manylinux_2_17_' || {
    echo "$wheel needs more of a machine than its name says" >&2
    exit 1
}
