"""packaging/apt.sh, by which all scripts install Debian's packages, with an apt that only notes how it is called."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from installation import ROOT


class Machine:
    """A machine that has the package `there`, and a user with this number."""

    def __init__(self, folder: Path, user: int) -> None:
        self.calls = folder / "calls"
        programs = {
            "apt-get": f'echo "$@" >>"{self.calls}"',
            "dpkg-query": 'case " $* " in *" there "*) echo installed ;; *) exit 1 ;; esac',
            "id": f"echo {user}",
        }
        for name, does in programs.items():
            program = folder / name
            program.write_text(f"#!/bin/sh\n{does}\n")
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


def test_it_waits_for_another_apt_to_end(root: Machine) -> None:
    assert root.apt("there", "absent").returncode == 0
    update, install = root.calls.read_text().splitlines()
    assert "DPkg::Lock::Timeout=" in update
    assert "DPkg::Lock::Timeout=" in install


def test_it_installs_what_is_missing_alone(root: Machine) -> None:
    assert root.apt("there", "absent", "gone").returncode == 0
    assert root.calls.read_text().splitlines()[-1].endswith("--no-install-recommends absent gone")


def test_it_does_nothing_if_nothing_is_missing(root: Machine) -> None:
    assert root.apt("there").returncode == 0
    assert not root.calls.exists()


def test_it_names_what_it_may_not_install(user: Machine) -> None:
    done = user.apt("there", "absent")
    assert done.returncode == 1
    assert done.stderr == (
        "This test needs packages that are missing. Run this as root, then try again:\n  apt-get install absent\n"
    )
    assert not user.calls.exists()
