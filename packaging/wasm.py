#!/usr/bin/env python3
"""Builds a crate of this workspace as a WebAssembly module and prints the path of the module, or lints it.

Installs what that needs beside Rust: the WebAssembly target from rustup, or else Debian's Rust.

    wasm.py build|clippy PACKAGE
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = "wasm32-unknown-unknown"
#: The host's randomness in place of an operating system's; a small stack, as no call takes more than 10 KiB of it; and
#: no text for a panic, because it is never shown. The last one is not stable yet.
FLAGS = ['--cfg=getrandom_backend="custom"', "-Clink-arg=-zstack-size=65536", "-Zfmt-debug=none"]
#: The differences of a module that is small instead of fast: the profile, and a SHA-256 without unrolled rounds.
SMALL = {"kayako-sign-page": ("page", '--cfg=sha2_backend_soft="compact"')}


def has_target() -> bool:
    """Returns whether Rust has a compiled standard library for WebAssembly."""
    if not shutil.which("rustc"):
        return False
    known = subprocess.run(["rustc", "--print=target-libdir", f"--target={TARGET}"], capture_output=True, text=True)
    return known.returncode == 0 and Path(known.stdout.strip()).is_dir()


def cargo(command: str, package: str, *options: str) -> str:
    """Runs a command of cargo on a package, and returns what it prints."""
    if not has_target() and shutil.which("rustup"):
        subprocess.run(["rustup", "target", "add", TARGET], check=False, capture_output=True)
    if has_target():
        program, environment = [os.environ.get("CARGO", "cargo"), command], dict[str, str]()
    else:
        # Debian has that standard library as source only. Building it is not stable either.
        clippy = ["rust-web-clippy"] if command == "clippy" else []
        install("rustc-web", "cargo-web", "rust-web-src", *clippy)
        program, environment = ["/usr/bin/cargo", command, "-Zbuild-std=core,alloc"], debian_environment()
    profile, *flags = SMALL.get(package, ("module",))
    environment |= {"CARGO_ENCODED_RUSTFLAGS": "\x1f".join(FLAGS + flags), "RUSTC_BOOTSTRAP": "1"}
    arguments = [f"--profile={profile}", f"--package={package}", f"--target={TARGET}", "--locked", *options]
    environment = {**os.environ, **environment}
    return subprocess.run(
        [*program, *arguments], check=True, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ).stdout


def debian_environment() -> dict[str, str]:
    """Returns the variables with which Debian's cargo builds for WebAssembly."""
    version = subprocess.run(["/usr/bin/rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    llvm = re.findall(r"LLVM version: (\d+)", version)[0]
    install(f"lld-{llvm}")
    return {
        "RUSTC": "/usr/bin/rustc",
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER": f"wasm-ld-{llvm}",
    }


def install(*packages: str) -> None:
    """Installs Debian packages that are missing."""
    command = [str(ROOT / "packaging/apt.sh"), "A WebAssembly module needs", *packages]
    if subprocess.run(command, stdout=sys.stderr).returncode != 0:
        sys.exit(1)


def build(package: str) -> str:
    """Builds the module of a package, and returns its path."""
    messages = map(json.loads, cargo("build", package, "--message-format=json-render-diagnostics").splitlines())
    files = [file for message in messages for file in message.get("filenames", []) if file.endswith(".wasm")]
    return str(files[-1])


def main() -> None:
    if len(sys.argv) != 3 or sys.argv[1] not in {"build", "clippy"}:
        sys.exit(__doc__)
    command, package = sys.argv[1:]
    if command == "build":
        print(build(package))
    else:
        cargo("clippy", package, "--", "--deny=warnings")


if __name__ == "__main__":
    main()
