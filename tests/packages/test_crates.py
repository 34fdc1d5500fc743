"""The crates can be packaged for a registry, and build from their packages."""

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
    """Packages all crates, and builds each from its package and those of the others. Returns their folder."""
    target = tmp_path_factory.mktemp("target")
    # Cargo unpacks a version of a crate once and then never again. With a home or a target folder that was used before,
    # the other crates would be built with an old version of core.
    home = cargo_home_without_sources(tmp_path_factory.mktemp("cargo"))
    # The crates of the page are not published.
    which = ["--workspace", "--exclude=kayako-sign-page", "--exclude=kayako-sign-ffi-rlib"]
    command = ["cargo", "package", *which, "--locked", "--allow-dirty", "--quiet", f"--target-dir={target}"]
    output(*command, environment={"CARGO_HOME": str(home)})
    return target / "package"


def cargo_home_without_sources(home: Path) -> Path:
    """Makes a home for cargo like that of the user, without the unpacked sources, and returns it."""
    output("cargo", "fetch", "--locked")
    real = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    (home / "registry").mkdir()
    for entry in [*real.iterdir(), *(real / "registry").iterdir()]:
        if entry.name not in ("registry", "src"):
            (home / entry.relative_to(real)).symlink_to(entry)
    return home


@pytest.mark.parametrize("crate", CRATES)
def test_a_crate_contains_its_licences_and_a_readme(packages: Path, crate: str) -> None:
    with tarfile.open(packages / f"{crate}-{VERSION}.crate") as package:
        names = {name.partition("/")[2] for name in package.getnames()}
        assert {"LICENSE-APACHE", "LICENSE-MIT", "README.md", "Cargo.toml"} <= names
        for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
            text = package.extractfile(f"{crate}-{VERSION}/{licence}")
            assert text is not None
            assert text.read() == (ROOT / licence).read_bytes()


def test_every_crate_is_packaged(packages: Path) -> None:
    found = packages.glob(f"*-{VERSION}.crate")
    assert {package.name.removesuffix(f"-{VERSION}.crate") for package in found} == set(CRATES)


def oldest_rust() -> str:
    stated = re.search(r'^rust-version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), flags=re.MULTILINE)
    assert stated, "Cargo.toml has no rust-version"
    return stated[1]


def version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")[:2]))


def test_every_dependency_builds_with_the_oldest_rust_by_its_own_statement() -> None:
    metadata = json.loads(output("cargo", "metadata", "--format-version=1", "--locked"))
    newer = [
        f"{package['name']} {package['version']} needs Rust {package['rust_version']}"
        for package in metadata["packages"]
        if package["rust_version"] and version(package["rust_version"]) > version(oldest_rust())
    ]
    assert newer == [], "use older versions of them, or raise rust-version"


def test_the_oldest_rust_builds_the_workspace_if_it_is_installed() -> None:
    toolchains = [line.split()[0] for line in output("rustup", "toolchain", "list").splitlines()]
    for toolchain in toolchains:
        if toolchain.startswith(f"{oldest_rust()}."):
            target = f"--target-dir={ROOT / 'target/oldest'}"
            output("cargo", f"+{toolchain}", "build", "--workspace", "--locked", "--quiet", target)
