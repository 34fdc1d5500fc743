"""`make install` where cargo is told to build elsewhere than in target/."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation import FILES, ROOT, files, output

#: A build that is quick and not fit for use.
QUICK = {
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
    "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for cargo to build in, which the tests share: what one has built, the next need not."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def cloned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed or about to be, in one folder for all tests: its name is among the compiler's flags."""
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
    """That folder, with nothing built in it and cargo's settings as they are committed."""
    settings = cloned / ".cargo/config.toml"
    committed = settings.read_text()
    yield cloned
    settings.write_text(committed)
    shutil.rmtree(cloned / "target", ignore_errors=True)


def host() -> str:
    about = output("rustc", "-vV").splitlines()
    return next(line.removeprefix("host: ") for line in about if line.startswith("host: "))


def installs(clone: Path, prefix: Path, **environment: str) -> None:
    """Checks that all of it is installed, and that the command runs."""
    output(
        "make", "--no-print-directory", "install", f"PREFIX={prefix}", cwd=clone, environment={**QUICK, **environment}
    )
    assert files(prefix) == FILES
    assert output(prefix / "bin/kayako-sign", "salt", "--ten-digits").strip().isdigit()


def test_a_target_folder_in_the_environment(clone: Path, elsewhere: Path, tmp_path: Path) -> None:
    installs(clone, tmp_path / "prefix", CARGO_TARGET_DIR=str(elsewhere))
    assert (elsewhere / "release/libkayako_sign.so").is_file(), "cargo builds where it is told to"


def test_a_target_folder_in_the_settings(clone: Path, elsewhere: Path, tmp_path: Path) -> None:
    with (clone / ".cargo/config.toml").open("a") as settings:
        settings.write(f'\n[build]\ntarget-dir = "{elsewhere}"\n')
    installs(clone, tmp_path / "prefix")


def test_a_target_in_the_settings(clone: Path, elsewhere: Path, tmp_path: Path) -> None:
    with (clone / ".cargo/config.toml").open("a") as settings:
        settings.write(f'\n[build]\ntarget-dir = "{elsewhere}"\ntarget = "{host()}"\n')
    installs(clone, tmp_path / "prefix")
    assert (elsewhere / host() / "release/libkayako_sign.so").is_file(), "cargo builds where it is told to"


def test_a_target_in_the_environment(clone: Path, elsewhere: Path, tmp_path: Path) -> None:
    installs(clone, tmp_path / "prefix", CARGO_TARGET_DIR=str(elsewhere), CARGO_BUILD_TARGET=host())
