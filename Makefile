# kayako-sign: build it, see it sign, test it, install it. `make help` lists what there is.

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
pytest := target/venv/bin/pytest -q
# What Debian installs for npm, unless npm is there already.
npm = $(if $(shell command -v npm),,nodejs npm)

# What a program finds the freshly built library and command by.
export KAYAKO_SIGN_LIBRARY := $(CURDIR)/$(library)
export KAYAKO_SIGN_COMMAND := $(CURDIR)/target/release/kayako-sign

groups := lint rust c abi php python js cli page install docs trust-short
# Those that need minutes, and what is installed.
packages := install deb crates wheel languages

.DEFAULT_GOAL := build
.PHONY: help build install uninstall deb wheel npm page dist demo lint test test-packages test-trust test-platforms fuzz
.PHONY: coverage bench bench-core header manual abi tools clean $(sort $(groups:%=test-%) $(packages:%=test-%))

help: ## lists the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "%-16s %s\n", $$1, $$2 }'

# ---- Building and installing ----

built = target/release/.built-$(STATIC)
sources := Cargo.toml Cargo.lock core/src transcript/src ffi/build.rs ffi/src cli/src packaging/build.sh \
	packaging/rustflags.sh packaging/static.sh

# What is built here may be given away, so it names no folder of this machine.
demo test-python: export CARGO_ENCODED_RUSTFLAGS = $(shell packaging/rustflags.sh)

build: ## builds the library and the command, as they are released
	@CARGO="$(CARGO)" STATIC="$(STATIC)" packaging/build.sh

# `make && sudo make install` needs no cargo the second time: it builds only where a source has changed since, or where
# something else than make has built, which names folders of this machine.
install: ## installs both below PREFIX, with header, manual pages, completions, pkg-config and CMake files
	@(cd target/release && sha256sum --check --status $(notdir $(built))) 2>/dev/null && [ -z "$$(find $(sources) -newer $(built))" ] || \
		$(MAKE) --no-print-directory build
	@$(where) packaging/install.sh

uninstall: ## removes what `make install` installed
	@$(where) packaging/uninstall.sh

# Debian keeps the C library up to date for all.
deb: STATIC = no
deb: build ## makes the Debian packages in dist/
	@packaging/deb.sh

wheel: target = $(shell uname -m)-unknown-linux-gnu
wheel: ## makes the Python wheel for this processor and the sdist in dist/
	@packaging/dist-tools.sh
	@packaging/cross.sh $(target) library
	@packaging/wheel.sh $(target)

npm: ## makes the npm package in dist/, with the C library for WebAssembly in it
	@$(if $(npm),tests/tools.sh target/venv $(npm) &&) packaging/npm.sh

page: ## makes the page that signs in a browser: dist/kayako-sign.html
	@page/build.py

dist: build ## makes everything that is given away, for each platform, in dist/; TARGETS="…" for some
	@packaging/dist.sh $(TARGETS)

demo: build ## signs once in each language, and sends a request from each to a stand-in helpdesk
	@bindings/demo.sh

# ---- Tests: tests/README.md says what is where ----

test: ## runs every group of tests, and ends with a table of them
	@tests/run.sh $(groups)

test-packages: ## runs the groups that need minutes: packages and the other languages
	@tests/run.sh $(packages)

tools: ## installs what the tests need: Debian's packages, and Python's into target/venv
	@tests/tools.sh target/venv

lint: tools ## runs all linters and formatters of all languages over everything
	@tests/tools.sh target/venv $(npm)
	CARGO="$(CARGO)" tests/lint.sh

test-lint: lint

test-rust: tools ## tests the crates, and core in a program without std
	$(CARGO) test --workspace --locked
	CARGO_TARGET_DIR=target/no_std $(CARGO) run --release --locked --quiet --manifest-path tests/no_std/Cargo.toml

test-c: tools build ## tests the C library from C
	tests/c/run.sh

test-abi: tools build ## compares the header and the library with the binary interface that is committed
	$(pytest) tests/abi

test-php: tools build ## tests the PHP package
	phpunit --configuration tests/php/phpunit.xml

test-python: tools build ## tests the Python package
	$(pytest) -n 2 --dist loadfile tests/python

test-js: tools npm ## tests the npm package, in Node and in Debian's browsers
	@tests/tools.sh target/venv chromium firefox-esr
	tests/js/run.sh

test-cli: tools build ## tests the command
	$(pytest) -n 2 tests/cli

test-page: tools build page ## tests the page in Debian's browsers
	@tests/tools.sh target/venv chromium firefox-esr $(npm)
	tests/page/run.sh

test-install: tools build ## installs into folders of its own and uses what is installed there
	$(pytest) tests/install

test-docs: tools build npm ## runs the blocks of code in the documents
	$(pytest) tests/docs

# What is promised about secrets, randomness, memory and what is given away. The short form takes a minute or two, the
# long one, which also installs cargo-deny, cargo-fuzz and cargo-mutants, half an hour at most.
test-trust-short: tools build ## tests what SECURITY.md promises, in its short form
	@tests/tools.sh target/venv qemu-user
	tests/security/run.sh short

test-trust: tools build ## tests what SECURITY.md promises, with ten million calls, fuzzing and mutants
	@tests/tools.sh target/venv qemu-user
	tests/security/run.sh long

# Needs root: it mounts a layer over this machine, and installs the packages there.
test-deb: tools deb ## tests the Debian packages
	@tests/tools.sh target/venv lintian
	$(pytest) tests/packages/test_deb.py

test-crates: tools ## tests the crates as a registry would take them
	$(pytest) tests/packages/test_crates.py

test-wheel: tools wheel ## tests the wheel and the sdist
	$(pytest) tests/packages/test_wheel.py

test-languages: tools build ## tests the examples for Ruby, Perl, Java, C#, Go and Lua
	tests/languages/run.sh

test-platforms: tools ## tests what `make dist` made for other processors, C libraries and systems
	@packaging/dist-tools.sh
	tests/platforms/run.sh

fuzz: ## looks for input that breaks a promise, a minute for each part of a request, with AddressSanitizer
	command -v cargo-fuzz >/dev/null || $(CARGO) install --locked cargo-fuzz
	fuzz/run.sh 60 url form multipart json raw transcript

coverage: tools ## shows which lines and regions of core and ffi the tests in Rust and C reach
	tests/coverage.sh

bench: tools build npm ## measures how fast each language signs; PLOT=FILE draws how time grows
	@CARGO="$(CARGO)" benches/run.sh $(if $(PLOT),--plot $(PLOT))

bench-core: ## measures the core by criterion
	CARGO_TARGET_DIR=target/benches $(CARGO) bench --locked --manifest-path benches/rust/Cargo.toml

# ---- What is generated and committed ----

header: ## writes include/kayako_sign.h and what PHP, Python and JavaScript copy of it, after a change in ffi/src
	KAYAKO_RENEW_HEADER=1 $(CARGO) test --quiet --locked -p kayako-sign-ffi --test header

manual: ## writes the manual pages in cli/man, after a change in the command line
	KAYAKO_RENEW_MANUAL=1 $(CARGO) test --quiet --locked -p kayako-sign-cli man

abi: build ## writes the description of the ABI that `make test-abi` compares, after a change in the header
	ffi/abi/describe.sh include/kayako_sign.h $(library) >ffi/abi/libkayako_sign.abi

clean: ## removes what was built
	$(CARGO) clean
	rm -rf target
