"""Builds the library and puts it into the wheel; puts the library's source into the sdist."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import platform_tags

PACKAGE = "kayako_sign"
HERE = Path(__file__).resolve().parent
# An sdist brings the source along; in a clone, this folder is part of it.
BROUGHT = "rust"
WORKSPACE = HERE / BROUGHT if (HERE / BROUGHT).is_dir() else HERE.parents[1]
# The oldest glibc that the wheel is to run with. Cargo alone builds for that of this machine.
GLIBC = os.environ.get("KAYAKO_SIGN_GLIBC")


class LibraryBuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it writes a wheel or an sdist, and after."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds what pip would not find in this folder."""
        if self.target_name == "sdist":
            self.source = tempfile.TemporaryDirectory()
            write_source(Path(self.source.name))
            # In a clone the licences are links, which hatchling would put into the sdist as they are.
            files = {os.path.realpath(path): name for path, name in build_data["force_include"].items()}
            build_data["force_include"] = {**files, self.source.name: BROUGHT}
            return
        library = build_library()
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag()}"
        if version == "editable":
            # The package is then read where it stands, and looks for the library beside itself.
            install(library, Path(self.root, "src", PACKAGE, library.name))
        else:
            build_data["force_include"][str(library)] = f"{PACKAGE}/{library.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes what only the sdist needed."""
        if self.target_name == "sdist":
            self.source.cleanup()


def manifest(path: Path) -> str:
    """The text of a Cargo.toml of the workspace."""
    if not path.is_file():
        raise failure(
            f"its Rust source is not in {WORKSPACE}. Build from a clone of the whole repository,"
            " and with pip 21.3 or later, because earlier ones copy this folder away from it."
        )
    return path.read_text(encoding="utf-8")


def workspace_version() -> str:
    """The version that Cargo.toml states for all parts of the project."""
    path = WORKSPACE / "Cargo.toml"
    version = re.search(r'^version = "(.+)"$', manifest(path), flags=re.MULTILINE)
    if version is None:
        raise failure(f"{path} states no version.")
    return version[1]


def write_source(target: Path) -> None:
    """Writes the part of the workspace that the library is built from, with a lock of what that part needs."""
    crates = ["core", "ffi"]
    workspace = manifest(WORKSPACE / "Cargo.toml")
    members = re.sub(r"^members = .*$", f"members = {json.dumps(crates)}", workspace, flags=re.MULTILINE)
    target.joinpath("Cargo.toml").write_text(members, encoding="utf-8")
    shutil.copyfile(WORKSPACE / "Cargo.lock", target / "Cargo.lock")
    for crate in crates:
        shutil.copytree(WORKSPACE / crate / "src", target / crate / "src")
        # Tests stay behind, and so does what only they need.
        tests = r"^\[(\[test\]|dev-dependencies)\]\n.*?(?=^\[|\Z)"
        text = re.sub(tests, "", manifest(WORKSPACE / crate / "Cargo.toml"), flags=re.MULTILINE | re.DOTALL)
        target.joinpath(crate, "Cargo.toml").write_text(text, encoding="utf-8")
    shutil.copyfile(WORKSPACE / "ffi/build.rs", target / "ffi/build.rs")
    run_cargo("update", "--workspace", "--quiet", folder=target)


def build_library() -> Path:
    """Builds the shared library and returns its path, wherever cargo is told to put it."""
    command = ["zigbuild", f"--target={platform.machine()}-unknown-linux-gnu.{GLIBC}"] if GLIBC else ["build"]
    command += ["--release", "--locked", "-p", "kayako-sign-ffi"]
    messages = run_cargo(*command, "--message-format=json-render-diagnostics", folder=WORKSPACE)
    for message in map(json.loads, messages.splitlines()):
        if message["reason"] == "compiler-artifact" and "cdylib" in message["target"]["crate_types"]:
            for file in map(Path, message["filenames"]):
                if file.suffix in {".so", ".dylib", ".dll"}:
                    return file
    raise failure("cargo built no shared library.")


def run_cargo(*arguments: str, folder: Path) -> bytes:
    """Runs cargo and returns what it printed."""
    cargo = shutil.which("cargo")
    if cargo is None:
        raise failure("it is written in Rust, and there is no cargo on PATH. Install Rust and try again.")
    done = subprocess.run([cargo, *arguments], cwd=folder, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise failure(f"`cargo {' '.join(arguments)}` failed in {folder}. What it said stands above.")
    return done.stdout


def platform_tag() -> str:
    """The tag of this platform. A manylinux tag promises more than a build for this machine can keep."""
    if GLIBC:
        tag = f"manylinux_{GLIBC.replace('.', '_')}_{platform.machine()}"
        # The pip that came with Python 3.9 knows but the older name.
        return f"{tag}.manylinux2014_{platform.machine()}" if GLIBC == "2.17" else tag
    return next(tag for tag in platform_tags() if not tag.startswith(("manylinux", "musllinux")))


def install(source: Path, target: Path) -> None:
    """Puts a copy in place at once: a process may be running with the old one."""
    copy = target.with_suffix(f".{os.getpid()}")
    shutil.copyfile(source, copy)
    copy.replace(target)


def failure(reason: str) -> SystemExit:
    """Ends the build with a sentence instead of a traceback."""
    return SystemExit(f"kayako-sign cannot be built: {reason}")
