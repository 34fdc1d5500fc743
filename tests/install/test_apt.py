"""Runs packaging/apt.sh, which all scripts use, with an apt-get that only records its arguments."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from installation import ROOT


class Machine:
    """Replaces three programs: the package `there` is installed, and the user has this number."""

    def __init__(self, folder: Path, user: int) -> None:
        self.calls = folder / "calls"
        programs = {
            "apt-get": f'echo "$@" >>"{self.calls}"',
            "dpkg-query": 'case " $* " in *" there "*) echo installed ;; *) exit 1 ;; esac',
            "id": f"echo {user}",
        }
        for name, script in programs.items():
            program = folder / name
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
        self.path = f"{folder}:/usr/bin:/bin"

    def apt(self, *packages: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ROOT / "packaging/apt.sh", "This test needs", *packages],
            env={"PATH": self.path},
            capture_output=True,
            text=True,
        )


@pytest.fixture
def root(tmp_path: Path) -> Machine:
    return Machine(tmp_path, 0)


@pytest.fixture
def user(tmp_path: Path) -> Machine:
    return Machine(tmp_path, 1000)


def test_it_waits_for_the_lock_of_another_apt(root: Machine) -> None:
    assert root.apt("there", "absent").returncode == 0
    update, install = root.calls.read_text().splitlines()
    assert "DPkg::Lock::Timeout=" in update
    assert "DPkg::Lock::Timeout=" in install


def test_it_installs_only_the_missing_packages(root: Machine) -> None:
    assert root.apt("there", "absent", "gone").returncode == 0
    assert root.calls.read_text().splitlines()[-1].endswith("--no-install-recommends absent gone")


def test_it_does_nothing_if_no_package_is_missing(root: Machine) -> None:
    assert root.apt("there").returncode == 0
    assert not root.calls.exists()


def test_without_root_it_names_the_missing_packages(user: Machine) -> None:
    done = user.apt("there", "absent")
    assert done.returncode == 1
    assert done.stderr == (
        "This test needs packages that are missing. Run this as root, then try again:\n  apt-get install absent\n"
    )
    assert not user.calls.exists()
