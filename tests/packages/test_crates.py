"""The crates as a registry would take them."""

from __future__ import annotations

import json
import os
import re
import tarfile
from pathlib import Path

import pytest

from installation import ROOT, VERSION, output

CRATES = ["kayako-sign-core", "kayako-sign-transcript", "kayako-sign-ffi", "kayako-sign-cli"]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each crate, packaged, and built from nothing but what its package and the others hold."""
    target = tmp_path_factory.mktemp("target")
    # Cargo unpacks a crate of one version once, and takes it for the same for ever: in a home and a target folder that
    # are used again, these would be built on a core of yesterday.
    home = cargo_home_without_sources(tmp_path_factory.mktemp("cargo"))
    # The page's crate is for the page alone, and published nowhere.
    which = ["--workspace", "--exclude=kayako-sign-page", "--exclude=kayako-sign-ffi-rlib"]
    command = ["cargo", "package", *which, "--locked", "--allow-dirty", "--quiet", f"--target-dir={target}"]
    output(*command, environment={"CARGO_HOME": str(home)})
    return target / "package"


def cargo_home_without_sources(home: Path) -> Path:
    """A home like that of the user, but for what was unpacked there."""
    output("cargo", "fetch", "--locked")
    real = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    (home / "registry").mkdir()
    for entry in [*real.iterdir(), *(real / "registry").iterdir()]:
        if entry.name not in ("registry", "src"):
            (home / entry.relative_to(real)).symlink_to(entry)
    return home


@pytest.mark.parametrize("crate", CRATES)
def test_a_crate_holds_its_licences_and_a_readme(packages: Path, crate: str) -> None:
    with tarfile.open(packages / f"{crate}-{VERSION}.crate") as package:
        names = {name.partition("/")[2] for name in package.getnames()}
        assert {"LICENSE-APACHE", "LICENSE-MIT", "README.md", "Cargo.toml"} <= names
        for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
            text = package.extractfile(f"{crate}-{VERSION}/{licence}")
            assert text is not None
            assert text.read() == (ROOT / licence).read_bytes()


def test_no_crate_is_forgotten(packages: Path) -> None:
    found = packages.glob(f"*-{VERSION}.crate")
    assert {package.name.removesuffix(f"-{VERSION}.crate") for package in found} == set(CRATES)


def oldest_rust() -> str:
    stated = re.search(r'^rust-version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), flags=re.MULTILINE)
    assert stated, "Cargo.toml states the oldest Rust"
    return stated[1]


def version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")[:2]))


def test_every_dependency_admits_the_oldest_rust() -> None:
    metadata = json.loads(output("cargo", "metadata", "--format-version=1", "--locked"))
    newer = [
        f"{package['name']} {package['version']} needs Rust {package['rust_version']}"
        for package in metadata["packages"]
        if package["rust_version"] and version(package["rust_version"]) > version(oldest_rust())
    ]
    assert newer == [], "resolve them to older versions, or raise rust-version"


def test_the_oldest_rust_builds_it_where_it_is_installed() -> None:
    toolchains = [line.split()[0] for line in output("rustup", "toolchain", "list").splitlines()]
    for toolchain in toolchains:
        if toolchain.startswith(f"{oldest_rust()}."):
            target = f"--target-dir={ROOT / 'target/oldest'}"
            output("cargo", f"+{toolchain}", "build", "--workspace", "--locked", "--quiet", target)
