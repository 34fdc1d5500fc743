"""Installing, and looking at what lies where."""

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
    """Run a command that must succeed, and return what it printed."""
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
    """Everything below a folder by its path, with what it is: a folder, a link's target, or a file's mode."""
    return {str(path.relative_to(folder)): _kind(path) for path in sorted(folder.rglob("*"))}


def _kind(path: Path) -> str:
    if path.is_symlink():
        return f"-> {path.readlink()}"
    return "folder" if path.is_dir() else f"{stat.S_IMODE(path.stat().st_mode):o}"
