#!/usr/bin/env python3
"""Builds the page: one file with the module, the style and the script, and a policy that allows nothing else.

Installs what that needs beside Rust: the WebAssembly target, from rustup or else from Debian, and Debian's esbuild
and zopfli.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
PAGE = ROOT / "dist/kayako-sign.html"

EMPTY_BLOCK = b"\0\0\0\xff\xff"


def build_module() -> Path:
    """Builds the module, and returns its path."""
    script = ROOT / "packaging/wasm.py"
    built = subprocess.run([script, "build", "kayako-sign-page"], check=True, stdout=subprocess.PIPE, text=True)
    return Path(built.stdout.strip())


def pack(module: Path) -> str:
    """Returns a module deflated and in base 85, as `library.js` expects it."""
    install("zopfli")
    deflated = subprocess.run(["zopfli", "--deflate", "-c", module], check=True, stdout=subprocess.PIPE).stdout
    # Base 85 takes whole words. Nothing may follow the last block of deflated bytes, so empty ones of 5 bytes go first.
    words = EMPTY_BLOCK * (-len(deflated) % 4) + deflated
    # A < might begin markup, and z is short for a word of zeros.
    return base64.a85encode(words).replace(b"z", b"!!!!!").replace(b"<", b"~").decode()


def install(program: str) -> None:
    """Installs the Debian package of a program, unless the program is there."""
    if not shutil.which(program):
        subprocess.run([ROOT / "packaging/apt.sh", "The page needs", program], check=True)


def esbuild(*options: str) -> str:
    """Returns what esbuild writes, without anything that only people read."""
    command = ["esbuild", "--minify", "--charset=utf8", *options]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout.strip()


def hash_of(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy(script: str, style: str) -> str:
    rules = [
        "default-src 'none'",
        f"script-src {hash_of(script)} 'wasm-unsafe-eval'",
        f"style-src {hash_of(style)}",
        # Only for the empty icon, without which a browser may ask the server for one.
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


def build_page(module: Path) -> str:
    install("esbuild")
    # A function around it all: nothing of the page is global.
    script = esbuild("page/page.js", "--bundle", "--format=iife")
    style = esbuild("page/page.css")
    if re.search("</script|<!--", script, flags=re.IGNORECASE):
        sys.exit("The script ends its element too early.")
    parts = {"style": style, "script": script, "module": pack(module), "version": version()}
    parts["policy"] = policy(script, style)
    page = (FOLDER / "page.html").read_text(encoding="utf-8").replace(">\n<", "><")
    return re.sub(r"\{\{(\w+)\}\}", lambda part: parts[part[1]], page)


def main() -> None:
    module = build_module()
    page = build_page(module).encode()
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_bytes(page)
    print(f"{PAGE.relative_to(ROOT)}: {len(page)} bytes, with a module of {module.stat().st_size} bytes")


if __name__ == "__main__":
    main()
