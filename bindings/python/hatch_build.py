"""Builds the library and puts it into the wheel; puts the library's source into the sdist."""

from __future__ import annotations

import json
import os
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
# An sdist has the Rust source in a folder of this name; in a clone, this folder is part of the workspace.
SDIST_SOURCE = "rust"
WORKSPACE = HERE / SDIST_SOURCE if (HERE / SDIST_SOURCE).is_dir() else HERE.parents[1]
# The library's name in the package, by the suffix of the file.
NAMES = {".so": "libkayako_sign.so", ".dylib": "libkayako_sign.dylib", ".dll": "kayako_sign.dll"}
# The path of a library that is built already, and the platform tags of its wheel. Without them cargo builds the library
# for this machine.
BUILT = os.environ.get("KAYAKO_SIGN_BUILT")
TAGS = os.environ.get("KAYAKO_SIGN_TAGS")
# For musl, rustc makes a shared library only with this flag. It is in .cargo/config.toml, but cargo does not read it
# there if one of these variables is set. Each has its own separator.
SHARED_MUSL = "-Ctarget-feature=-crt-static"
FLAGS = {"CARGO_ENCODED_RUSTFLAGS": "\x1f", "RUSTFLAGS": " "}


class LibraryBuildHook(BuildHookInterface[Any]):
    """Adds the library to a wheel and its source to an sdist: hatchling calls it before and after it writes them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the files that are not in this folder."""
        if self.target_name == "sdist":
            self.source = tempfile.TemporaryDirectory()
            write_source(Path(self.source.name))
            # In a clone the licences are links, and hatchling would write links into the sdist.
            files = {os.path.realpath(path): name for path, name in build_data["force_include"].items()}
            build_data["force_include"] = {**files, self.source.name: SDIST_SOURCE}
            return
        library = Path(BUILT) if BUILT else build_library()
        name = NAMES[library.suffix]
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{TAGS or platform_tag()}"
        if version == "editable":
            # An editable package stays in this folder, and looks for the library beside itself.
            install(library, Path(self.root, "src", PACKAGE, name))
        else:
            build_data["force_include"][str(library)] = f"{PACKAGE}/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes the source that only the sdist needed."""
        if self.target_name == "sdist":
            self.source.cleanup()


def manifest(path: Path) -> str:
    """Returns the text of a Cargo.toml of the workspace."""
    if not path.is_file():
        raise failure(
            f"its Rust source is not in {WORKSPACE}. Build from a clone of the whole repository,"
            " and with pip 21.3 or later, because earlier ones copy this folder away from it."
        )
    return path.read_text(encoding="utf-8")


def workspace_version() -> str:
    """Returns the version that Cargo.toml gives to all parts of the project."""
    path = WORKSPACE / "Cargo.toml"
    version = re.search(r'^version = "(.+)"$', manifest(path), flags=re.MULTILINE)
    if version is None:
        raise failure(f"{path} states no version.")
    return version[1]


def write_source(target: Path) -> None:
    """Writes the crates that the library is built from, a Cargo.lock for them, and the tests of the package."""
    crates = ["core", "ffi"]
    workspace = manifest(WORKSPACE / "Cargo.toml")
    members = re.sub(r"^members = .*$", f"members = {json.dumps(crates)}", workspace, flags=re.MULTILINE)
    target.joinpath("Cargo.toml").write_text(members, encoding="utf-8")
    shutil.copyfile(WORKSPACE / "Cargo.lock", target / "Cargo.lock")
    for crate in crates:
        shutil.copytree(WORKSPACE / crate / "src", target / crate / "src")
        # Leave out the tests of the crates, and what only these tests need.
        tests = r"^\[(\[test\]|dev-dependencies)\]\n.*?(?=^\[|\Z)"
        text = re.sub(tests, "", manifest(WORKSPACE / crate / "Cargo.toml"), flags=re.MULTILINE | re.DOTALL)
        target.joinpath(crate, "Cargo.toml").write_text(text, encoding="utf-8")
    shutil.copyfile(WORKSPACE / "ffi/build.rs", target / "ffi/build.rs")
    target.joinpath(".cargo").mkdir()
    shutil.copyfile(WORKSPACE / ".cargo/config.toml", target / ".cargo/config.toml")
    run_cargo("update", "--workspace", "--quiet", folder=target)
    write_tests(target)


def write_tests(target: Path) -> None:
    """Writes the tests of the package and what they read: the header, the shared tables, the stand-in helpdesk."""
    clone_alone = shutil.ignore_patterns("test_package.py", "test_readme.py", "__pycache__", ".*_cache")
    for folder in ["include", "tests/helpdesk", "tests/python", "tests/tables"]:
        shutil.copytree(WORKSPACE / folder, target / folder, ignore=clone_alone)
    target.joinpath("tests/support").mkdir()
    for name in ["pytest.ini", "tests/support/helpdesk.py", "tests/support/tables.py"]:
        shutil.copyfile(WORKSPACE / name, target / name)


def build_library() -> Path:
    """Builds the shared library and returns its path, which depends on cargo's settings."""
    require_standard_library()
    messages = run_cargo(
        *("build", "--release", "--locked", "-p", "kayako-sign-ffi"),
        "--message-format=json-render-diagnostics",
        folder=WORKSPACE,
    )
    for message in map(json.loads, messages.splitlines()):
        if message["reason"] == "compiler-artifact" and "cdylib" in message["target"]["crate_types"]:
            for file in map(Path, message["filenames"]):
                if file.suffix in NAMES:
                    return file
    raise failure("cargo built no shared library.")


def require_standard_library() -> None:
    """Fails if Rust has no standard library for the target in CARGO_BUILD_TARGET."""
    target = os.environ.get("CARGO_BUILD_TARGET")
    if target is None:
        return
    found = subprocess.run(
        [os.environ.get("RUSTC", "rustc"), "--print=target-libdir", f"--target={target}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode != 0:
        raise failure(
            f"CARGO_BUILD_TARGET is {target}, which this Rust does not know."
            " `rustc --print=target-list` prints those that it knows."
        )
    if not Path(found.stdout.strip()).is_dir():
        raise failure(
            f"CARGO_BUILD_TARGET is {target}, and Rust's standard library for it is not installed."
            f" Install it with `rustup target add {target}`, or unset the variable to build for this machine."
        )


def run_cargo(*arguments: str, folder: Path) -> bytes:
    """Runs cargo and returns what it printed."""
    cargo = shutil.which("cargo")
    if cargo is None:
        raise failure("it is written in Rust, and there is no cargo on PATH. Install Rust and try again.")
    flags = {
        name: separator.join(filter(None, [os.environ[name], SHARED_MUSL]))
        for name, separator in FLAGS.items()
        if name in os.environ
    }
    done = subprocess.run(
        [cargo, *arguments], cwd=folder, env={**os.environ, **flags}, stdout=subprocess.PIPE, check=False
    )
    if done.returncode != 0:
        raise failure(f"`cargo {' '.join(arguments)}` failed in {folder}. Its messages are above.")
    return done.stdout


def platform_tag() -> str:
    """Returns the tag of this platform. A build for this machine cannot promise what a manylinux tag does."""
    return next(tag for tag in platform_tags() if not tag.startswith(("manylinux", "musllinux")))


def install(source: Path, target: Path) -> None:
    """Replaces the target with a copy in one step, because a process may be using the old file."""
    copy = target.with_suffix(f".{os.getpid()}")
    shutil.copyfile(source, copy)
    copy.replace(target)


def failure(reason: str) -> SystemExit:
    """Returns the error that ends the build with a message instead of a traceback."""
    return SystemExit(f"kayako-sign cannot be built: {reason}")
