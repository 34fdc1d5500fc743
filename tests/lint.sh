#!/usr/bin/env bash
# Runs every linter and formatter over all files, even if one of them fails, and counts those that pass. The linters of
# the example languages are in tests/languages/lint.sh, because they need these languages.
#
#     lint.sh [WORD]...    all, or those whose statement contains one of the words: lint.sh ruff mypy
#
# Needs what `make tools` installs, npm, and Rust's target for WebAssembly, which packaging/wasm.py installs.
set -u
cd "$(dirname "$0")/.." || exit
words=("$@")
bin=target/venv/bin
cargo=${CARGO:-cargo}
# shellcheck source-path=SCRIPTDIR source=support/check.sh
. tests/support/check.sh
# shellcheck source-path=SCRIPTDIR source=support/jobs.sh
. tests/support/jobs.sh

# lint STATEMENT COMMAND...: runs the command if the statement contains one of the words.
lint() {
    local word
    for word in "${words[@]:-}"; do
        case $1 in *"$word"*) check "$1" quiet "${@:2}" && return ;; esac
    done
}

# files PATTERN...: prints the files of this repository that match, except deleted ones.
files() {
    git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
        [ ! -f "$file" ] || echo "$file"
    done
}

scripts() {
    files ':!*.tsv' ':!*.md' | while read -r file; do
        if head -n 1 "$file" | grep -qaE '^#!.*[ /](ba)?sh$|^# shellcheck shell='; then echo "$file"; fi
    done
}

php_files() {
    files '*.php' 'bindings/php/bin/*'
}

# mypy_in FOLDER OPTION...: checks all Python below the folder.
mypy_in() {
    local python
    mapfile -t python < <(files "$1/*.py")
    "$bin/mypy" "${@:2}" "${python[@]}"
}

rustdoc() {
    RUSTDOCFLAGS='--deny warnings' "$cargo" doc --workspace --no-deps --locked --quiet
}

prettier() {
    local javascript
    tests/support/node_packages.sh tests/js
    mapfile -t javascript < <(files '*.js' '*.mjs' '*.d.ts' '*.css' bindings/js/package.json ':!benches' ':!*/wasm.js')
    tests/js/node_modules/.bin/prettier --print-width 120 --log-level warn --check -- "${javascript[@]}"
}

rust() (
    output=$jobs_folder/rust
    lint "Rust is formatted (rustfmt)" "$cargo" fmt --all --check
    lint "Rust has no warnings (clippy)" "$cargo" clippy --workspace --all-targets --locked -- --deny warnings
    lint "core without its features has no warnings (clippy)" \
        "$cargo" clippy -p kayako-sign-core --no-default-features --locked -- --deny warnings
    lint "the module of JavaScript has no warnings (clippy)" packaging/wasm.py clippy kayako-sign-ffi
    lint "the module of the page has no warnings (clippy)" packaging/wasm.py clippy kayako-sign-page
    lint "the documentation of the crates has no warnings (rustdoc)" rustdoc
    echo "$passed $failed"
)

others() (
    output=$jobs_folder/others
    lint "Python has no warnings (ruff)" "$bin/ruff" check .
    lint "Python is formatted (ruff format)" "$bin/ruff" format --check .
    # mypy knows no older Python.
    lint "the types of the package for Python fit (mypy)" \
        "$bin/mypy" --python-version 3.10 bindings/python tests/python
    for folder in benches packaging page tests/{abi,cli,docs,install,languages,packages,security,support}; do
        lint "the types in $folder fit (mypy)" mypy_in "$folder"
    done
    lint "the types in tests/platforms/test_dist.py fit (mypy)" "$bin/mypy" tests/platforms/test_dist.py
    lint "the types of the package for Python fit (pyright)" "$bin/pyright" --project bindings/python
    mapfile -t php < <(php_files)
    lint "PHP follows PSR-12 (phpcs)" phpcs --standard=PSR12 "${php[@]}"
    mapfile -t shell < <(scripts)
    lint "shell scripts have no warnings (shellcheck)" shellcheck --external-sources "${shell[@]}"
    lint "JavaScript and CSS are formatted (prettier)" prettier
    echo "$passed $failed"
)

# add_counts JOB: prints the output of a job, and adds the counts in its last line. A job that broke off has none.
add_counts() {
    local counts
    [ -e "$1.holds" ] || { cat "$1.out"; failed=$((failed + 1)); return; }
    read -ra counts < <(tail -n 1 "$1.out")
    head -n -1 "$1.out"
    passed=$((passed + counts[0]))
    failed=$((failed + counts[1]))
}

# Rust's linters wait for one another, so the others run beside them.
run Rust rust
run others others
each_finished add_counts
report
