# kayako-sign: build it, see it sign, test it.

CARGO ?= cargo
PYTHON ?= python3

library := target/release/libkayako_sign.so
venv := target/venv

# What a program finds the freshly built library and command by.
export KAYAKO_SIGN_LIBRARY := $(CURDIR)/$(library)
export KAYAKO_SIGN_COMMAND := $(CURDIR)/target/release/kayako-sign

groups := rust c php python command docs

.PHONY: build demo test header tools clean $(groups:%=test-%)

build:
	$(CARGO) build --release --locked -p kayako-sign-ffi -p kayako-sign-cli
	ln -sf libkayako_sign.so $(library).0

demo: build
	@bindings/demo.sh

# Every group, and a table of them at the end. `make test-c` and its like run one.
test:
	@tests/run.sh $(groups)

tools:
	@tests/tools.sh $(venv)

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
	phpcs --standard=PSR12 bindings/php/src bindings/php/examples tests/php
	phpunit --configuration tests/php/phpunit.xml

test-python: tools build
	$(venv)/bin/ruff check bindings/python tests
	$(venv)/bin/ruff format --check bindings/python tests
	$(venv)/bin/mypy --strict bindings/python/src
	$(venv)/bin/pyright bindings/python/src
	$(venv)/bin/pytest -q tests/python

test-command: tools build
	$(venv)/bin/pytest -q tests/command

test-docs: tools build
	$(venv)/bin/pytest -q tests/docs

# Writes include/kayako_sign.h and PHP's copy of its declarations anew, after a change in ffi/src.
header:
	KAYAKO_RENEW_HEADER=1 $(CARGO) test --quiet --locked -p kayako-sign-ffi --test header

clean:
	$(CARGO) clean
