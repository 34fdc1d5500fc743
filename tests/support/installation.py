"""Installs into a folder, and lists what is in it."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "bindings/c/examples/sign.c"
LIST = "share/kayako-sign/installed"

_version = re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), flags=re.MULTILINE)
assert _version, "Cargo.toml states the version"
VERSION = _version[1]
ABI = VERSION.split(".")[0]

SONAME = f"libkayako_sign.so.{ABI}"
MANUAL = [f"share/man/man1/{page.name}" for page in (ROOT / "cli/man").iterdir()]
#: What `make install` installs below its prefix, with the mode of each file or the target of each link.
FILES = {
    "bin/kayako-sign": "755",
    "include/kayako_sign.h": "644",
    "lib/libkayako_sign.so": f"-> {SONAME}",
    f"lib/{SONAME}": f"-> libkayako_sign.so.{VERSION}",
    f"lib/libkayako_sign.so.{VERSION}": "644",
    "lib/libkayako_sign.a": "644",
    "lib/pkgconfig/kayako_sign.pc": "644",
    "lib/cmake/kayako_sign/kayako_sign-config.cmake": "644",
    "lib/cmake/kayako_sign/kayako_sign-config-version.cmake": "644",
    "share/bash-completion/completions/kayako-sign": "644",
    "share/zsh/site-functions/_kayako-sign": "644",
    "share/fish/vendor_completions.d/kayako-sign.fish": "644",
    "share/doc/kayako-sign/LICENSE-APACHE": "644",
    "share/doc/kayako-sign/LICENSE-MIT": "644",
    "share/doc/kayako-sign/LICENSE-THIRD-PARTY": "644",
    "share/man/man3/kayako_sign.3": "644",
    **dict.fromkeys(MANUAL, "644"),
    LIST: "644",
}

#: The vendor's sample keys, and what the example prints with them for the salt 1234567890.
KEYS = {"KAYAKO_API_KEY": "apikey", "KAYAKO_SECRET_KEY": "secretkey"}
SIGNED = "apikey=apikey&salt=1234567890&signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D\n"


def run(
    *command: str | Path, cwd: Path = ROOT, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **(environment or {})}, capture_output=True, text=True, timeout=600
    )


def output(*command: str | Path, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> str:
    """Runs a command that must succeed, and returns what it printed."""
    done = run(*command, cwd=cwd, environment=environment)
    assert done.returncode == 0, f"{command[0]} fails:\n{done.stdout}{done.stderr}"
    return done.stdout


def make(target: str, prefix: Path | str, **variables: str) -> subprocess.CompletedProcess[str]:
    values = {"PREFIX": str(prefix), "LIBDIR": "lib", "DESTDIR": "", **variables}
    return run("make", "--no-print-directory", target, *(f"{name}={value}" for name, value in values.items()))


def install(prefix: Path | str, **variables: str) -> None:
    done = make("install", prefix, **variables)
    assert done.returncode == 0, done.stdout + done.stderr


def uninstall(prefix: Path | str, **variables: str) -> None:
    done = make("uninstall", prefix, **variables)
    assert done.returncode == 0, done.stdout + done.stderr


def contents(folder: Path) -> dict[str, str]:
    """Returns each path below a folder with its kind: "folder", the target of a link, or the mode of a file."""
    return {str(path.relative_to(folder)): _kind(path) for path in sorted(folder.rglob("*"))}


def files(folder: Path) -> dict[str, str]:
    return {path: kind for path, kind in contents(folder).items() if kind != "folder"}


def _kind(path: Path) -> str:
    if path.is_symlink():
        return f"-> {path.readlink()}"
    return "folder" if path.is_dir() else f"{stat.S_IMODE(path.stat().st_mode):o}"
