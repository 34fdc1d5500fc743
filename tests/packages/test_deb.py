"""The Debian packages: what their checker says, and a machine that they come to and leave again."""

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
    """This machine as it is, below a layer of its own: nothing that happens in it happens outside."""

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
        assert self.process.stdout.readline() == "ready\n", "an overlay cannot be mounted here: be root"
        self.outside = ["nsenter", "--mount", f"--target={self.process.pid}"]
        self.layer = layer

    def run(self, *command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return run(*self.outside, "chroot", self.root, *command, environment=environment)

    def output(self, *command: str | Path, **environment: str) -> str:
        return output(*self.outside, "chroot", self.root, *command, environment=environment)

    def copy(self, file: Path) -> Path:
        """Put a file into the machine's /tmp, and return where it is there."""
        output(*self.outside, "cp", file, self.root / "tmp")
        return Path("/tmp") / file.name

    def changed(self) -> list[str]:
        """All files that have come, and all that have gone, but for what dpkg and others note down."""
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
    """The machine with the packages on it."""
    clean.output("dpkg", "--install", *map(clean.copy, DEBS))
    return clean


def test_there_are_three_packages_of_this_version() -> None:
    control = [output("dpkg-deb", "--show", "--showformat=${Package} ${Version}", deb).split() for deb in DEBS]
    assert {name for name, _ in control} == PACKAGES
    assert all(version.rpartition("-")[0] == VERSION for _, version in control)


def test_lintian_finds_nothing() -> None:
    done = run("lintian", "--allow-root", "--fail-on=error,warning", *DEBS)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_command_signs(machine: Machine) -> None:
    signed = machine.output("kayako-sign", "sign", "--salt", "1234567890", **KEYS)
    assert (signed == SIGNED) is True, "kayako-sign prints another signature"


def test_the_manual_is_there(machine: Machine) -> None:
    for page in ("kayako-sign", "kayako-sign-sign", "kayako_sign"):
        assert machine.output("man", "--where", page).startswith("/usr/share/man/man")


@pytest.mark.parametrize("static", [False, True], ids=["shared", "static"])
def test_a_program_is_built_and_finds_the_library(machine: Machine, static: bool) -> None:
    source = machine.copy(EXAMPLE)
    flags = machine.output("pkg-config", *(["--static"] if static else []), "--cflags", "--libs", "kayako_sign")
    assert " -I" not in f" {flags}", "a compiler looks into /usr/include without being told"
    assert " -L" not in f" {flags}", "and a linker into its folders"
    machine.output("cc", *(["-static"] if static else []), source, *flags.split(), "-o", "/tmp/program")
    signed = machine.output("/tmp/program", "1234567890", **KEYS)
    assert (signed == SIGNED) is True, "the program prints another signature"


def test_cmake_finds_it_without_being_told_where(machine: Machine, tmp_path: Path) -> None:
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
