"""Builds the library from the workspace that this folder is part of, and puts it into the wheel."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import platform_tags

PACKAGE = "kayako_sign"
WORKSPACE = Path(__file__).resolve().parents[2]


class LibraryBuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it writes a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the library and adds it to what goes into the wheel."""
        library = build_library()
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag()}"
        if version == "editable":
            # The package is then read where it stands, and looks for the library beside itself.
            install(library, Path(self.root, "src", PACKAGE, library.name))
        else:
            build_data["force_include"][str(library)] = f"{PACKAGE}/{library.name}"


def workspace_version() -> str:
    """The version that Cargo.toml states for all parts of the project."""
    manifest = WORKSPACE / "Cargo.toml"
    if not manifest.is_file():
        raise failure(
            f"its Rust source is not in {WORKSPACE}. Build from a clone of the whole repository,"
            " and with pip 21.3 or later, because earlier ones copy this folder away from it."
        )
    version = re.search(r'^version = "(.+)"$', manifest.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if version is None:
        raise failure(f"{manifest} states no version.")
    return version[1]


def build_library() -> Path:
    """Runs cargo and returns the path of the shared library, wherever cargo is told to put it."""
    cargo = shutil.which("cargo")
    if cargo is None:
        raise failure("it is written in Rust, and there is no cargo on PATH. Install Rust and try again.")
    command = [cargo, "build", "--release", "--locked", "-p", "kayako-sign-ffi"]
    build = subprocess.run(
        [*command, "--message-format=json-render-diagnostics"], cwd=WORKSPACE, stdout=subprocess.PIPE, check=False
    )
    if build.returncode != 0:
        raise failure(f"`{' '.join(['cargo', *command[1:]])}` failed in {WORKSPACE}. What it said stands above.")
    for message in map(json.loads, build.stdout.splitlines()):
        if message["reason"] == "compiler-artifact" and "cdylib" in message["target"]["crate_types"]:
            for file in map(Path, message["filenames"]):
                if file.suffix in {".so", ".dylib", ".dll"}:
                    return file
    raise failure("cargo built no shared library.")


def platform_tag() -> str:
    """The tag of this platform. A manylinux tag promises more than a build on any one machine can keep."""
    return next(tag for tag in platform_tags() if not tag.startswith(("manylinux", "musllinux")))


def install(source: Path, target: Path) -> None:
    """Puts a copy in place at once: a process may be running with the old one."""
    copy = target.with_suffix(f".{os.getpid()}")
    shutil.copyfile(source, copy)
    copy.replace(target)


def failure(reason: str) -> SystemExit:
    """Ends the build with a sentence instead of a traceback."""
    return SystemExit(f"kayako-sign cannot be built: {reason}")
