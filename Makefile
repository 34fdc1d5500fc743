# Builds, demonstrates, tests and installs kayako-sign. `make help` lists the targets.

CARGO ?= cargo

# The folders of `make install`. LIBDIR is below PREFIX. DESTDIR is put before both, for those who make packages.
PREFIX ?= /usr/local
LIBDIR ?= lib
DESTDIR ?=
where = PREFIX="$(PREFIX)" LIBDIR="$(LIBDIR)" DESTDIR="$(DESTDIR)"

# Whether the command contains the C library, if it can: it then starts faster, and runs on machines with an older one.
# With `no` it uses the machine's C library, and so gets its updates.
STATIC ?= yes

library := target/release/libkayako_sign.so
pytest := target/venv/bin/pytest -q
# Debian's packages for npm, unless npm is installed already.
npm = $(if $(shell command -v npm),,nodejs npm)

# Programs find the freshly built library and command by these variables.
export KAYAKO_SIGN_LIBRARY := $(CURDIR)/$(library)
export KAYAKO_SIGN_COMMAND := $(CURDIR)/target/release/kayako-sign

groups := lint rust c abi php python js cli page install docs trust-short
# The groups that take minutes.
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

# The files that these build may be given away, so they name no folder of this machine.
demo test-python: export CARGO_ENCODED_RUSTFLAGS = $(shell packaging/rustflags.sh)

build: ## builds the library and the command, as they are released
	@CARGO="$(CARGO)" STATIC="$(STATIC)" packaging/build.sh

# In `make && sudo make install`, the second needs no cargo. It builds only if a source has changed since, or if the files
# in target/release were not built by make and so may name folders of this machine.
install: ## installs both below PREFIX, with header, manual pages, completions, pkg-config and CMake files
	@(cd target/release && sha256sum --check --status $(notdir $(built))) 2>/dev/null && [ -z "$$(find $(sources) -newer $(built))" ] || \
		$(MAKE) --no-print-directory build
	@$(where) packaging/install.sh

uninstall: ## removes what `make install` installed
	@$(where) packaging/uninstall.sh

# Debian updates the C library for all programs.
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

dist: build ## makes all files of a release, for each platform, in dist/; TARGETS="…" for some platforms
	@packaging/dist.sh $(TARGETS)

demo: build ## signs once in each language, and sends a request from each to a stand-in helpdesk
	@bindings/demo.sh

# ---- Tests: tests/README.md describes the folders ----

test: ## runs every group of tests, and ends with a table of them
	@tests/run.sh $(groups)

test-packages: ## runs the groups that take minutes: packages and the other languages
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

# Three workers, because one test waits for twenty seconds.
test-cli: tools build ## tests the command
	$(pytest) -n 3 --dist worksteal tests/cli

test-page: tools build page ## tests the page in Debian's browsers
	@tests/tools.sh target/venv chromium firefox-esr $(npm)
	tests/page/run.sh

test-install: tools build ## installs into its own folders and uses the installed files
	$(pytest) -n 2 --dist loadfile tests/install

test-docs: tools build npm ## runs the blocks of code in the documents
	$(pytest) tests/docs

# These test the promises about secrets, randomness, memory and released files. The short form takes a minute or two. The
# long form takes half an hour at most, and also installs cargo-deny, cargo-fuzz and cargo-mutants.
test-trust-short: tools build ## tests what SECURITY.md promises, in its short form
	@tests/tools.sh target/venv qemu-user
	tests/security/run.sh short

test-trust: tools build ## tests what SECURITY.md promises, with ten million calls, fuzzing and mutants
	@tests/tools.sh target/venv qemu-user
	tests/security/run.sh long

# Needs root, because it mounts a layer over this machine and installs the packages there.
test-deb: tools deb ## tests the Debian packages
	@tests/tools.sh target/venv lintian
	$(pytest) tests/packages/test_deb.py

test-crates: tools ## tests the crates as a registry would get them
	$(pytest) tests/packages/test_crates.py

test-wheel: tools wheel ## tests the wheel and the sdist
	$(pytest) tests/packages/test_wheel.py

test-languages: tools build ## tests the examples for Ruby, Perl, Java, C#, Go and Lua
	tests/languages/run.sh

test-platforms: tools ## tests the files of `make dist` for other processors, C libraries and systems
	@packaging/dist-tools.sh
	tests/platforms/run.sh

fuzz: ## looks for input that breaks a promise, for a minute for each part of a request, with AddressSanitizer
	command -v cargo-fuzz >/dev/null || $(CARGO) install --locked cargo-fuzz
	fuzz/run.sh 60 url form multipart json raw transcript

coverage: tools ## shows which lines and regions of core and ffi the tests in Rust and C reach
	tests/coverage.sh

bench: tools build npm ## measures how fast each language signs; PLOT=FILE draws how time grows
	@CARGO="$(CARGO)" benches/run.sh $(if $(PLOT),--plot $(PLOT))

bench-core: ## measures the core by criterion
	CARGO_TARGET_DIR=target/benches $(CARGO) bench --locked --manifest-path benches/rust/Cargo.toml

# ---- Generated files that are committed ----

header: ## writes include/kayako_sign.h and its parts in PHP, Python and JavaScript, after a change in ffi/src
	KAYAKO_RENEW_HEADER=1 $(CARGO) test --quiet --locked -p kayako-sign-ffi --test header

manual: ## writes the manual pages in cli/man, after a change in the command line
	KAYAKO_RENEW_MANUAL=1 $(CARGO) test --quiet --locked -p kayako-sign-cli man

abi: build ## writes the description of the ABI that `make test-abi` compares, after a change in the header
	ffi/abi/describe.sh include/kayako_sign.h $(library) >ffi/abi/libkayako_sign.abi

clean: ## removes the built files
	$(CARGO) clean
	rm -rf target
