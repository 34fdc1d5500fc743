"""The wheel and the sdist for Python have the right content, and work in an empty virtual environment."""

from __future__ import annotations

import json
import os
import re
import sysconfig
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from environment import Environment, signs
from installation import ROOT, VERSION, output

WHEEL = ROOT / f"dist/kayako_sign-{VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
SDIST = ROOT / f"dist/kayako_sign-{VERSION}.tar.gz"
LICENCES = {"LICENSE-APACHE", "LICENSE-MIT", "LICENSE-THIRD-PARTY"}


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path / "environment")


@pytest.fixture(scope="session")
def wheel() -> dict[str, bytes]:
    """The content of each file in the wheel, by its path."""
    with zipfile.ZipFile(WHEEL) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def sdist() -> dict[str, bytes]:
    """The content of each file in the sdist, by its path."""
    with tarfile.open(SDIST) as archive:
        files = {member.name.partition("/")[2]: archive.extractfile(member) for member in archive if member.isfile()}
        return {name: file.read() for name, file in files.items() if file}


def test_no_other_package_for_python_is_in_dist() -> None:
    assert {*(ROOT / "dist").glob("kayako_sign-*")} == {WHEEL, SDIST}


def test_the_wheel_signs_with_no_other_program_on_path(environment: Environment) -> None:
    done = environment.install(str(WHEEL), PATH=str(environment.python.parent))
    assert done.returncode == 0, done.stdout + done.stderr
    assert environment.folder in signs(environment).parents


def test_the_wheel_runs_with_glibc_2_17() -> None:
    shown = output(ROOT / "target/dist-tools/bin/auditwheel", "show", "--json", WHEEL)
    assert json.loads(shown)["overall_tag"] == "manylinux_2_17_x86_64"


def test_the_library_in_the_wheel_exports_the_headers_functions_only(wheel: dict[str, bytes], tmp_path: Path) -> None:
    library = tmp_path / "library.so"
    library.write_bytes(wheel["kayako_sign/libkayako_sign.so"])
    exported = output("nm", "--dynamic", "--defined-only", "--format=posix", library).splitlines()
    header = (ROOT / "include/kayako_sign.h").read_text()
    declared = set(re.findall(r"^\w.*?\b(kayako_\w+)\(", header, flags=re.MULTILINE))
    assert {line.split()[0] for line in exported} == declared


def test_the_metadata_of_the_wheel_is_complete(wheel: dict[str, bytes]) -> None:
    metadata = message_from_bytes(wheel[f"kayako_sign-{VERSION}.dist-info/METADATA"])
    assert metadata["License-Expression"] == "MIT OR Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.9"
    assert set(metadata.get_all("License-File", [])) == LICENCES
    classifiers = set(metadata.get_all("Classifier", []))
    assert {"Operating System :: POSIX :: Linux", "Programming Language :: Python :: 3.9", "Typing :: Typed"} <= (
        classifiers
    )
    assert set(metadata.get_all("Provides-Extra", [])) == {"requests", "httpx", "aiohttp"}
    needed = metadata.get_all("Requires-Dist", [])
    assert len(needed) == 4, "a dependency is not optional"
    assert all("; extra == " in dependency for dependency in needed)
    assert "kayako_sign/py.typed" in wheel


def test_the_wheel_has_a_hook_for_pyinstaller(wheel: dict[str, bytes]) -> None:
    points = wheel[f"kayako_sign-{VERSION}.dist-info/entry_points.txt"].decode()
    assert "[pyinstaller40]\nhook-dirs = kayako_sign.__pyinstaller:hook_folders" in points
    assert "kayako_sign/__pyinstaller/hook-kayako_sign.py" in wheel


def test_the_wheel_contains_the_licences_of_all_code_in_it(wheel: dict[str, bytes]) -> None:
    for name in LICENCES:
        assert wheel[f"kayako_sign-{VERSION}.dist-info/licenses/{name}"] == (ROOT / name).read_bytes()


def test_wheel_and_sdist_name_no_folder_of_this_machine(wheel: dict[str, bytes], sdist: dict[str, bytes]) -> None:
    cargo = os.environ.get("CARGO_HOME", os.path.expanduser("~/.cargo"))
    folders = [str(folder).encode() for folder in (ROOT, cargo, output("rustc", "--print", "sysroot").strip())]
    naming = [name for name, data in (wheel | sdist).items() if any(folder in data for folder in folders)]
    assert naming == []


def test_the_sdist_contains_the_source_of_the_library_only(sdist: dict[str, bytes]) -> None:
    rust = {name.removeprefix("rust/") for name in sdist if name.startswith("rust/")}
    sources = {str(file.relative_to(ROOT)) for crate in ("core", "ffi") for file in (ROOT / crate / "src").iterdir()}
    manifests = {"Cargo.toml", "Cargo.lock", "core/Cargo.toml", "ffi/Cargo.toml", "ffi/build.rs", ".cargo/config.toml"}
    tests = ("tests/", "include/", "pytest.ini")
    assert {name for name in rust if not name.startswith(tests)} == sources | manifests
    assert set(sdist) >= LICENCES


def test_the_tests_in_the_sdist_pass(environment: Environment, tmp_path: Path) -> None:
    assert environment.install(str(WHEEL)).returncode == 0
    with tarfile.open(SDIST) as archive:
        archive.extractall(tmp_path, filter="data")
    tests = tmp_path / f"kayako_sign-{VERSION}/rust/tests/python"
    done = environment.run(
        *(
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            str(tests / "test_vectors.py"),
            str(tests / "test_signer.py"),
        ),
        PYTHONPATH=sysconfig.get_path("purelib"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^\d+ passed", done.stdout, flags=re.MULTILINE)


def test_the_sdist_locks_the_same_crates_as_the_workspace(sdist: dict[str, bytes]) -> None:
    def crates(lock: str) -> set[str]:
        return set(re.findall(r'^name = ".+"\nversion = ".+"$', lock, flags=re.MULTILINE))

    locked = crates(sdist["rust/Cargo.lock"].decode())
    assert locked < crates((ROOT / "Cargo.lock").read_text())
    assert not any('"clap"' in crate or '"proptest"' in crate for crate in locked)


def test_the_sdist_builds_with_rust_and_signs(environment: Environment) -> None:
    done = environment.install(str(SDIST))
    assert done.returncode == 0, done.stdout + done.stderr
    assert environment.folder in signs(environment).parents


def test_a_target_without_a_standard_library_is_an_error_with_advice(environment: Environment) -> None:
    done = environment.install(str(SDIST), CARGO_BUILD_TARGET="powerpc64-unknown-linux-gnu")
    assert done.returncode != 0
    assert (
        "CARGO_BUILD_TARGET is powerpc64-unknown-linux-gnu, and Rust's standard library for it"
        " is not installed. Install it with `rustup target add powerpc64-unknown-linux-gnu`, or unset the variable"
    ) in done.stdout + done.stderr


def test_an_unknown_target_is_an_error(environment: Environment) -> None:
    done = environment.install(str(SDIST), CARGO_BUILD_TARGET="abacus")
    assert done.returncode != 0
    assert "CARGO_BUILD_TARGET is abacus, which this Rust does not know" in done.stdout + done.stderr


def test_an_sdist_built_from_the_sdist_has_the_same_files(sdist: dict[str, bytes], tmp_path: Path) -> None:
    with tarfile.open(SDIST) as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / f"kayako_sign-{VERSION}"
    again = ("-m", "hatchling", "build", "--target", "sdist", "--directory", str(tmp_path))
    output(ROOT / "target/dist-tools/bin/python", *again, cwd=folder)
    with tarfile.open(tmp_path / SDIST.name) as archive:
        assert {name.partition("/")[2] for name in archive.getnames()} == set(sdist)
