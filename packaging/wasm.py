#!/usr/bin/env python3
"""Builds the C library as a WebAssembly module, and prints where it is.

What that needs beside Rust it installs: WebAssembly's target, from rustup or else from Debian.

    wasm.py [build | clippy]
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = "wasm32-unknown-unknown"
#: The host's randomness in place of an operating system's; a small stack, as no call takes more than 8 KiB of it; and
#: no text for a panic, which nobody would read. That last one is not stable yet.
FLAGS = ['--cfg=getrandom_backend="custom"', "-Clink-arg=-zstack-size=65536", "-Zfmt-debug=none"]


def has_target() -> bool:
    if not shutil.which("rustc"):
        return False
    known = subprocess.run(["rustc", "--print=target-libdir", f"--target={TARGET}"], capture_output=True, text=True)
    return known.returncode == 0 and Path(known.stdout.strip()).is_dir()


def cargo(command: str, *debian_packages: str) -> None:
    """Runs a command of cargo's on the library: with rustup's std for WebAssembly, or else with Debian's Rust."""
    if not has_target() and shutil.which("rustup"):
        subprocess.run(["rustup", "target", "add", TARGET], check=False, capture_output=True)
    if has_target():
        program, environment = [os.environ.get("CARGO", "cargo"), command], dict[str, str]()
    else:
        # Debian has that std as source alone. Building it is not stable either.
        install("rustc-web", "cargo-web", "rust-web-src", *debian_packages)
        program, environment = ["/usr/bin/cargo", command, "-Zbuild-std=core,alloc"], debian_environment()
    environment |= {"CARGO_ENCODED_RUSTFLAGS": "\x1f".join(FLAGS), "RUSTC_BOOTSTRAP": "1"}
    options = ["--profile=module", "--package=kayako-sign-ffi", f"--target={TARGET}", "--locked"]
    if command == "clippy":
        options += ["--", "--deny=warnings"]
    subprocess.run([*program, *options], check=True, cwd=ROOT, env={**os.environ, **environment}, stdout=sys.stderr)


def debian_environment() -> dict[str, str]:
    version = subprocess.run(["/usr/bin/rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    llvm = re.findall(r"LLVM version: (\d+)", version)[0]
    install(f"lld-{llvm}")
    return {
        "RUSTC": "/usr/bin/rustc",
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER": f"wasm-ld-{llvm}",
    }


def install(*packages: str) -> None:
    """Installs Debian's packages where this may, and else says which are missing."""
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", *packages]
    if subprocess.run(query, capture_output=True, text=True).stdout == "installed" * len(packages):
        return
    if os.geteuid() != 0:
        sys.exit(f"The module needs what is not installed. As root: apt-get install {' '.join(packages)}")
    print(f"installing {' '.join(packages)}", file=sys.stderr, flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


def main() -> None:
    if sys.argv[1:] == ["clippy"]:
        cargo("clippy", "rust-web-clippy")
        return
    cargo("build")
    folder = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    print(ROOT / folder / TARGET / "module/kayako_sign.wasm")


if __name__ == "__main__":
    main()
