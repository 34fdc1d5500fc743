#!/bin/sh
# Tests the examples for languages that call the C library, and installs these languages.
set -eu
cd "$(dirname "$0")/../.."
tests/tools.sh target/venv ruby rubocop libffi-platypus-perl perltidy default-jdk-headless libjna-java mono-mcs \
    mono-runtime golang-go luajit lua-check
tests/languages/lint.sh
target/venv/bin/pytest -q tests/languages
