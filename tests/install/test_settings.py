"""`make install` works if the settings of cargo name another target folder or a target."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation import FILES, ROOT, files, output

#: Settings for a build that is quick, but not good enough for a release.
QUICK = {
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
    "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A target folder that the tests share, so that each crate is built only once."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def cloned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all files that git does not ignore, shared because its path is among the compiler's flags."""
    clone = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with (
        subprocess.Popen(
            ["tar", "--create", "--null", "--files-from=-"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as packed,
        subprocess.Popen(["tar", "--extract"], cwd=clone, stdin=packed.stdout) as unpacked,
    ):
        assert packed.stdin
        packed.stdin.write(listed.stdout)
        packed.stdin.close()
        assert unpacked.wait() == 0
    return clone


@pytest.fixture
def clone(cloned: Path) -> Iterator[Path]:
    """That copy. Its build and its changed settings are removed after each test."""
    settings = cloned / ".cargo/config.toml"
    committed = settings.read_text()
    yield cloned
    settings.write_text(committed)
    shutil.rmtree(cloned / "target", ignore_errors=True)


def host() -> str:
    about = output("rustc", "-vV").splitlines()
    return next(line.removeprefix("host: ") for line in about if line.startswith("host: "))


def check_install(clone: Path, prefix: Path, **environment: str) -> None:
    """Checks that `make install` check_install every file, and that the command runs."""
    output(
        "make", "--no-print-directory", "install", f"PREFIX={prefix}", cwd=clone, environment={**QUICK, **environment}
    )
    assert files(prefix) == FILES
    assert output(prefix / "bin/kayako-sign", "salt", "--ten-digits").strip().isdigit()


def test_install_works_with_a_target_folder_in_the_environment(clone: Path, elsewhere: Path, tmp_path: Path) -> None:
    check_install(clone, tmp_path / "prefix", CARGO_TARGET_DIR=str(elsewhere))
    assert (elsewhere / "release/libkayako_sign.so").is_file(), "cargo did not build in the folder of its settings"


def test_install_works_with_a_target_folder_in_the_settings(clone: Path, elsewhere: Path, tmp_path: Path) -> None:
    with (clone / ".cargo/config.toml").open("a") as settings:
        settings.write(f'\n[build]\ntarget-dir = "{elsewhere}"\n')
    check_install(clone, tmp_path / "prefix")


def test_install_works_with_a_target_in_the_settings(clone: Path, elsewhere: Path, tmp_path: Path) -> None:
    with (clone / ".cargo/config.toml").open("a") as settings:
        settings.write(f'\n[build]\ntarget-dir = "{elsewhere}"\ntarget = "{host()}"\n')
    check_install(clone, tmp_path / "prefix")
    assert (elsewhere / host() / "release/libkayako_sign.so").is_file(), (
        "cargo did not build in the folder of its settings"
    )


def test_install_works_with_a_target_in_the_environment(clone: Path, elsewhere: Path, tmp_path: Path) -> None:
    check_install(clone, tmp_path / "prefix", CARGO_TARGET_DIR=str(elsewhere), CARGO_BUILD_TARGET=host())
