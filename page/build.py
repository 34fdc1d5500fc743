#!/usr/bin/env python3
"""Builds the page: one file that holds the core, its style and its script, and a policy that allows nothing else.

What it needs beside Rust it installs: WebAssembly's target, from rustup or else from Debian, and Debian's esbuild.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
PAGE = ROOT / "dist/kayako-sign.html"
SCRIPTS = ["core.js", "marks.js", "page.js"]

TARGET = "wasm32-unknown-unknown"
# The browser's randomness in an operating system's place; SHA-256 that is short and not fast; and no text for a panic,
# which nobody would read. That last one is not stable yet.
FLAGS = ['--cfg=getrandom_backend="custom"', '--cfg=sha2_backend_soft="compact"', "-Zfmt-debug=none"]


def has_target() -> bool:
    if not shutil.which("rustc"):
        return False
    known = subprocess.run(["rustc", "--print=target-libdir", f"--target={TARGET}"], capture_output=True, text=True)
    return known.returncode == 0 and Path(known.stdout.strip()).is_dir()


def cargo(command: str, debian_packages: list[str]) -> None:
    """Runs a command of cargo's on the module: with rustup's std for WebAssembly, or else with Debian's Rust."""
    if not has_target() and shutil.which("rustup"):
        subprocess.run(["rustup", "target", "add", TARGET], check=False)
    if has_target():
        program, environment = [os.environ.get("CARGO", "cargo"), command], dict[str, str]()
    else:
        # Debian has that std as source alone. Building it is not stable either.
        install("rustc-web", "cargo-web", "rust-web-src", *debian_packages)
        program, environment = ["/usr/bin/cargo", command, "-Zbuild-std=core,alloc"], debian_environment()
    environment |= {"CARGO_ENCODED_RUSTFLAGS": "\x1f".join(FLAGS), "RUSTC_BOOTSTRAP": "1"}
    options = ["--profile=page", "--package=kayako-sign-web", f"--target={TARGET}", "--locked"]
    if command == "clippy":
        options += ["--", "--deny=warnings"]
    subprocess.run([*program, *options], check=True, cwd=ROOT, env={**os.environ, **environment})


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
    if all(shutil.which(package) for package in packages):
        return
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", *packages]
    if subprocess.run(query, capture_output=True, text=True).stdout == "installed" * len(packages):
        return
    if os.geteuid() != 0:
        sys.exit(f"The page needs what is not installed. As root: apt-get install {' '.join(packages)}")
    print(f"installing {' '.join(packages)}", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    subprocess.run([*apt, "update"], check=True)
    command = [*apt, "install", "-y", "--no-install-recommends", *packages]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


def build_module() -> bytes:
    cargo("build", [])
    folder = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    return (ROOT / folder / TARGET / "page/kayako_sign_web.wasm").read_bytes()


def pack(module: bytes) -> str:
    """Deflates bytes, as browsers inflate them, and writes that in base64."""
    deflate = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return base64.b64encode(deflate.compress(module) + deflate.flush()).decode()


def shorter(text: str, kind: str) -> str:
    """A script or a style without what only people read."""
    command = ["esbuild", f"--loader={kind}", "--minify", "--charset=utf8"]
    if kind == "js":
        # A function around it all: nothing of the page's is global.
        command.append("--format=iife")
    return subprocess.run(command, check=True, capture_output=True, text=True, input=text).stdout.strip()


def hash_of(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy(script: str, style: str) -> str:
    rules = [
        "default-src 'none'",
        f"script-src {hash_of(script)} 'wasm-unsafe-eval'",
        f"style-src {hash_of(style)}",
        # Nothing but the empty icon, without which a browser may ask the server for one.
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    return "; ".join(rules)


def version() -> str:
    found = re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), flags=re.MULTILINE)
    return found[1] if found else sys.exit("Cargo.toml has no version")


def build_page(module: bytes) -> str:
    install("esbuild")
    script = shorter("".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS), "js")
    style = shorter((FOLDER / "page.css").read_text(encoding="utf-8"), "css")
    if re.search("</script|<!--", script, flags=re.IGNORECASE):
        sys.exit("The script ends its element early.")
    parts = {"style": style, "script": script, "module": pack(module), "version": version()}
    parts["policy"] = policy(script, style)
    page = (FOLDER / "page.html").read_text(encoding="utf-8").replace(">\n<", "><")
    return re.sub(r"\{\{(\w+)\}\}", lambda part: parts[part[1]], page)


def main() -> None:
    if sys.argv[1:] == ["--lint"]:
        cargo("clippy", ["rust-web-clippy"])
        return
    module = build_module()
    page = build_page(module).encode()
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_bytes(page)
    print(f"{PAGE.relative_to(ROOT)}: {len(page)} bytes, and the module in it {len(module)}")


if __name__ == "__main__":
    main()
