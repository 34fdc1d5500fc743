"""lintian accepts the Debian packages, and they can be installed, used and purged."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation import ABI, EXAMPLE, KEYS, ROOT, SIGNED, VERSION, output, run

DIST = ROOT / "dist"
PACKAGES = {f"libkayako-sign{ABI}", "libkayako-sign-dev", "kayako-sign"}
ARCHITECTURE = output("dpkg", "--print-architecture").strip()
DEBS = sorted(DIST.glob(f"*kayako-sign*_{ARCHITECTURE}.deb"))


class Machine:
    """A copy of this machine, in an overlay: a change inside it does not change this machine."""

    def __init__(self, layer: Path) -> None:
        self.root = layer / "root"
        mounts = f"""
            set -e
            mount -t tmpfs layer '{layer}'
            cd '{layer}'
            mkdir changes work root
            mount -t overlay overlay -o lowerdir=/,upperdir=changes,workdir=work root
            for folder in dev proc; do mount --rbind "/$folder" "root/$folder"; done
            echo ready
            exec cat
        """
        self.process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", mounts], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n", "an overlay cannot be mounted: run this as root"
        self.outside = ["nsenter", "--mount", f"--target={self.process.pid}"]
        self.layer = layer

    def run(self, *command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run(*self.outside, "chroot", self.root, *command, environment=environment)

    def output(self, *command: str | Path, **environment: str) -> str:
        return output(*self.outside, "chroot", self.root, *command, environment=environment)

    def copy(self, file: Path) -> Path:
        """Copies a file into the machine's /tmp, and returns its path there."""
        output(*self.outside, "cp", file, self.root / "tmp")
        return Path("/tmp") / file.name

    def changed(self) -> list[str]:
        """Returns the files that were added or removed, without the notes of dpkg and other programs."""
        found = output(*self.outside, "find", self.layer / "changes", "!", "-type", "d", "-printf", "%y /%P\n")
        notes = ("/var/lib/dpkg/", "/var/cache/", "/tmp/")
        changes = [line.split(maxsplit=1) for line in found.splitlines()]
        return [
            path for kind, path in changes if not path.startswith(notes) and (kind == "c" or not os.path.lexists(path))
        ]

    def close(self) -> None:
        self.process.communicate()


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    machine = Machine(tmp_path_factory.mktemp("layer"))
    yield machine
    machine.close()


@pytest.fixture(scope="module")
def machine(clean: Machine) -> Machine:
    """The machine with the packages installed."""
    clean.output("dpkg", "--install", *map(clean.copy, DEBS))
    return clean


def test_there_are_three_packages_of_this_version() -> None:
    control = [output("dpkg-deb", "--show", "--showformat=${Package} ${Version}", deb).split() for deb in DEBS]
    assert {name for name, _ in control} == PACKAGES
    assert all(version.rpartition("-")[0] == VERSION for _, version in control)


def test_lintian_reports_nothing() -> None:
    done = run("lintian", "--allow-root", "--fail-on=error,warning", *DEBS)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_command_signs(machine: Machine) -> None:
    signed = machine.output("kayako-sign", "sign", "--salt", "1234567890", **KEYS)
    assert (signed == SIGNED) is True, "kayako-sign prints another signature"


def test_man_finds_the_manual_pages(machine: Machine) -> None:
    for page in ("kayako-sign", "kayako-sign-sign", "kayako_sign"):
        assert machine.output("man", "--where", page).startswith("/usr/share/man/man")


@pytest.mark.parametrize("static", [False, True], ids=["shared", "static"])
def test_a_program_built_with_pkg_config_signs(machine: Machine, static: bool) -> None:
    source = machine.copy(EXAMPLE)
    flags = machine.output("pkg-config", *(["--static"] if static else []), "--cflags", "--libs", "kayako_sign")
    assert " -I" not in f" {flags}", "no -I is needed, because a compiler searches /usr/include anyway"
    assert " -L" not in f" {flags}", "no -L is needed, because a linker searches this folder anyway"
    machine.output("cc", *(["-static"] if static else []), source, *flags.split(), "-o", "/tmp/program")
    signed = machine.output("/tmp/program", "1234567890", **KEYS)
    assert (signed == SIGNED) is True, "the program prints another signature"


def test_cmake_finds_the_library_without_a_path(machine: Machine, tmp_path: Path) -> None:
    project = tmp_path / "CMakeLists.txt"
    project.write_text("""
        cmake_minimum_required(VERSION 3.13)
        project(example C)
        find_package(kayako_sign CONFIG REQUIRED)
        add_executable(example sign.c)
        target_link_libraries(example kayako_sign::kayako_sign)
    """)
    machine.copy(project)
    machine.copy(EXAMPLE)
    machine.output("cmake", "-S", "/tmp", "-B", "/tmp/build")
    machine.output("cmake", "--build", "/tmp/build")


def test_python_finds_the_library_by_its_name(machine: Machine) -> None:
    load = f"import ctypes; print(ctypes.CDLL('libkayako_sign.so.{ABI}').kayako_diagnosis_is_accepted(0))"
    assert machine.output("python3", "-c", load) == "1\n"


def test_purging_the_packages_leaves_nothing(machine: Machine) -> None:
    assert (
        f"/usr/lib/{output('dpkg-architecture', '-qDEB_HOST_MULTIARCH').strip()}/libkayako_sign.a" in machine.changed()
    )
    machine.output("dpkg", "--purge", *PACKAGES)
    assert machine.changed() == []
    assert "kayako" not in machine.output("ldconfig", "-p")
    assert not re.search("kayako", machine.output("dpkg-query", "--list"))
