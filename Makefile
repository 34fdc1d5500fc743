# kayako-sign: build it, see it sign, test it, install it.

CARGO ?= cargo

# Where `make install` puts it. LIBDIR lies below PREFIX; DESTDIR stands before both, for those who make packages.
PREFIX ?= /usr/local
LIBDIR ?= lib
DESTDIR ?=
where = PREFIX="$(PREFIX)" LIBDIR="$(LIBDIR)" DESTDIR="$(DESTDIR)"

# Whether the command brings the C library along, where it can: it then starts faster, and runs where that is older.
# With `no` it is the machine's own, so that updates of that reach it.
STATIC ?= yes

library := target/release/libkayako_sign.so
venv := $(CURDIR)/target/venv/bin

# What a program finds the freshly built library and command by.
export KAYAKO_SIGN_LIBRARY := $(CURDIR)/$(library)
export KAYAKO_SIGN_COMMAND := $(CURDIR)/target/release/kayako-sign

groups := rust c php python js command page install docs trust-short
# Those that need minutes.
packages := install deb crates wheel languages

.PHONY: build install uninstall deb wheel npm page dist demo test test-packages test-trust fuzz coverage bench bench-core
.PHONY: header manual abi tools clean
.PHONY: $(groups:%=test-%) $(packages:%=test-%) test-trust-lint

# What is built here may be given away, so it names no folder of this machine.
demo test-python: export CARGO_ENCODED_RUSTFLAGS = $(shell packaging/rustflags.sh)

built = target/release/.built-$(STATIC)
sources := Cargo.toml Cargo.lock core/src transcript/src ffi/build.rs ffi/src cli/src packaging/build.sh \
	packaging/rustflags.sh packaging/static.sh

build:
	@CARGO="$(CARGO)" STATIC="$(STATIC)" packaging/build.sh

# `make && sudo make install` needs no cargo the second time: it builds only where a source has changed since, or where
# something else than make has built, which names folders of this machine.
install:
	@(cd target/release && sha256sum --check --status $(notdir $(built))) 2>/dev/null && [ -z "$$(find $(sources) -newer $(built))" ] || \
		$(MAKE) --no-print-directory build
	@$(where) packaging/install.sh

uninstall:
	@$(where) packaging/uninstall.sh

# Debian packages in dist/. Debian keeps the C library up to date for all.
deb: STATIC = no
deb: build
	@packaging/deb.sh

# The wheel for this processor and the sdist for Python in dist/.
wheel: target = $(shell uname -m)-unknown-linux-gnu
wheel:
	@packaging/dist-tools.sh
	@packaging/cross.sh $(target) library
	@packaging/wheel.sh $(target)

# Everything that is given away, for each platform, in dist/. TARGETS="…" makes it for some.
dist: build
	@packaging/dist.sh $(TARGETS)

# The npm package in dist/, with the C library for WebAssembly in it.
npm:
	@$(if $(shell command -v npm),,tests/tools.sh target/venv nodejs npm &&) packaging/npm.sh

# The page that signs in a browser: dist/kayako-sign.html.
page:
	@page/build.py

demo: build
	@bindings/demo.sh

# Every group, and a table of them at the end. `make test-c` and its like run one.
test:
	@tests/run.sh $(groups)

test-packages:
	@tests/run.sh $(packages)

tools:
	@tests/tools.sh target/venv

test-rust: tools
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- --deny warnings
	$(CARGO) clippy -p kayako-sign-core --no-default-features --locked -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' $(CARGO) doc --workspace --no-deps --locked --quiet
	$(CARGO) test --workspace --locked
	CARGO_TARGET_DIR=target/no_std $(CARGO) run --release --locked --quiet --manifest-path tests/no_std/Cargo.toml

test-c: tools build
	tests/c/run.sh

test-php: tools build
	phpcs --standard=PSR12 bindings/php/*.php bindings/php/bin/* bindings/php/src bindings/php/examples tests/php
	phpcs --standard=PSR12 tests/helpdesk
	phpunit --configuration tests/php/phpunit.xml

# mypy and pyright read in pyproject.toml what they check.
test-python: tools build
	cd bindings/python && $(venv)/mypy
	$(venv)/pyright --project bindings/python
	$(venv)/ruff check bindings/python tests/python && $(venv)/ruff format --check bindings/python tests/python
	$(venv)/pytest -q tests/python

# In Node and in Debian's browsers. The stand-in helpdesk needs PHP.
test-js: tools npm
	@tests/tools.sh target/venv chromium firefox-esr
	packaging/wasm.py clippy kayako-sign-ffi
	$(venv)/mypy --strict packaging/wasm.py
	$(venv)/ruff check --config tests/docs/ruff.toml packaging/wasm.py
	$(venv)/ruff format --check --config tests/docs/ruff.toml packaging/wasm.py
	shellcheck tests/js/run.sh
	tests/js/run.sh

test-command: tools build
	cd tests/command && $(venv)/mypy --strict . && $(venv)/ruff check . && $(venv)/ruff format --check .
	$(venv)/pytest -q -n 2 tests/command

# In Debian's browsers.
test-page: tools build page
	@tests/tools.sh target/venv chromium firefox-esr $(if $(shell command -v npm),,nodejs npm)
	page/build.py --lint
	cd page && $(venv)/mypy --strict build.py && $(venv)/ruff check . && $(venv)/ruff format --check .
	shellcheck tests/page/run.sh
	tests/page/run.sh

# The README's blocks, and the scripts that hold all of this together.
test-docs: tools build npm
	cd benches && $(venv)/mypy --strict bench.py python/signing.py && $(venv)/ruff check . && $(venv)/ruff format --check .
	phpcs --standard=PSR12 benches/php
	cd tests/docs && MYPYPATH=../command $(venv)/mypy --strict . && $(venv)/ruff check . && $(venv)/ruff format --check .
	shellcheck --external-sources bindings/demo.sh .ci/run tests/*.sh
	cd tests/c && shellcheck --external-sources *.sh
	$(venv)/pytest -q tests/docs

# Installs into folders of its own and uses what lies there.
test-install: tools build
	cd tests/install && $(venv)/mypy --strict . && $(venv)/ruff check . && $(venv)/ruff format --check .
	shellcheck packaging/*.sh ffi/abi/*.sh
	$(venv)/pytest -q tests/install

# Needs root: it mounts a layer over this machine, and installs the packages there.
test-deb: tools deb
	@tests/tools.sh target/venv lintian
	$(check-packages)
	$(venv)/pytest -q tests/packages/test_deb.py

test-crates: tools
	$(check-packages)
	$(venv)/pytest -q tests/packages/test_crates.py

test-wheel: tools wheel
	$(check-packages)
	$(venv)/pytest -q tests/packages/test_wheel.py

# Other processors, C libraries and systems, with what `make dist` has made. Takes minutes.
test-platforms: tools
	@packaging/dist-tools.sh
	shellcheck --external-sources tests/platforms/*.sh
	cd tests/platforms && $(venv)/mypy --strict --python-executable $(CURDIR)/target/dist-tools/bin/python macos.py macos_code.py && \
		MYPYPATH=../install $(venv)/mypy --strict test_dist.py && $(venv)/ruff check . && $(venv)/ruff format --check .
	tests/platforms/run.sh

# The examples for languages that call the C library.
test-languages: tools build
	@tests/tools.sh target/venv ruby rubocop libffi-platypus-perl perltidy default-jdk-headless libjna-java \
		mono-mcs mono-runtime golang-go luajit lua-check
	cd tests/languages && $(venv)/mypy --strict . && $(venv)/ruff check . && $(venv)/ruff format --check .
	tests/languages/lint.sh
	$(venv)/pytest -q tests/languages

check-packages = cd tests/packages && export MYPYPATH=../install:../python:../../bindings/python/src && \
	$(venv)/mypy --strict . && $(venv)/ruff check . && $(venv)/ruff format --check .

# What is promised about secrets, randomness, memory and what is given away. The short form takes a minute or two, the
# long one, which also installs cargo-deny, cargo-fuzz and cargo-mutants, half an hour at most.
test-trust-short: test-trust-lint
	PYTHON=$(venv)/python tests/trust/run.sh short

test-trust: test-trust-lint
	command -v cargo-deny >/dev/null || $(CARGO) install --locked cargo-deny
	command -v cargo-fuzz >/dev/null || $(CARGO) install --locked cargo-fuzz
	command -v cargo-mutants >/dev/null || $(CARGO) install --locked cargo-mutants
	PYTHON=$(venv)/python tests/trust/run.sh long

test-trust-lint: build
	@tests/tools.sh target/venv qemu-user
	cd tests/trust && MYPYPATH=../../bindings/python/src $(venv)/mypy --strict . && $(venv)/ruff check . && $(venv)/ruff format --check .
	cd tests/trust && shellcheck --external-sources *.sh ../../fuzz/*.sh

# One table of how fast each language signs, beside what a user would write without this library. PLOT=FILE draws how
# time grows.
bench: tools build npm
	gcc -O2 -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Iinclude benches/c/signing.c -o target/bench-c \
		-Ltarget/release -Wl,-rpath,$(CURDIR)/target/release -lkayako_sign -lcrypto
	CARGO_TARGET_DIR=target/benches $(CARGO) build --release --locked --quiet --manifest-path benches/rust/Cargo.toml
	@PYTHONPATH=bindings/python/src $(venv)/python benches/bench.py --c target/bench-c \
		--rust target/benches/release/kayako-sign-benches $(if $(PLOT),--plot $(PLOT))

# Absolute times of the core, by criterion.
bench-core:
	CARGO_TARGET_DIR=target/benches $(CARGO) bench --locked --manifest-path benches/rust/Cargo.toml

# Writes include/kayako_sign.h, PHP's copy of its declarations, and the statuses and diagnoses of PHP, Python and
# JavaScript, after a change in ffi/src.
header:
	KAYAKO_RENEW_HEADER=1 $(CARGO) test --quiet --locked -p kayako-sign-ffi --test header

# Writes the manual pages in cli/man anew, after a change in the command line.
manual:
	KAYAKO_RENEW_MANUAL=1 $(CARGO) test --quiet --locked -p kayako-sign-cli man

# Writes the description of the ABI anew that `make test-install` guards, after a change in the header.
abi: build
	ffi/abi/describe.sh include/kayako_sign.h $(library) >ffi/abi/libkayako_sign.abi

# Looks for input that breaks a promise, a minute for each part of a request, with AddressSanitizer.
fuzz:
	command -v cargo-fuzz >/dev/null || $(CARGO) install --locked cargo-fuzz
	fuzz/run.sh 60 url form multipart json raw transcript

# Which lines and regions of core and ffi the tests in Rust and C reach.
coverage: tools
	@tests/tools.sh target/venv llvm-$$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
	command -v cargo-llvm-cov >/dev/null || $(CARGO) install --locked cargo-llvm-cov
	tests/coverage.sh

clean:
	$(CARGO) clean
	rm -rf target
