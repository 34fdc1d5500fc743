"""A program that is built with an installed tree signs, also after the tree was moved."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from installation import EXAMPLE, KEYS, SIGNED, VERSION, output, run

MAJOR, MINOR, _ = VERSION.split(".")

PROJECT = """
cmake_minimum_required(VERSION 3.13)
project(example C)
find_package(kayako_sign {version} CONFIG REQUIRED)
add_executable(shared "{source}")
target_link_libraries(shared kayako_sign::kayako_sign)
add_executable(static "{source}")
target_link_libraries(static kayako_sign::static)
"""


def pkg_config(tree: Path, *options: str) -> list[str]:
    place = {"PKG_CONFIG_PATH": str(tree / "lib/pkgconfig")}
    return shlex.split(output("pkg-config", *options, "--cflags", "--libs", "kayako_sign", environment=place))


def signs(program: Path, **environment: str) -> bool:
    """Returns whether a program prints the right signature: a bool, so that a failing test prints no signature."""
    return output(program, "1234567890", environment={**KEYS, **environment}) == SIGNED


def needs_shared_library(program: Path) -> bool:
    """Returns whether a program loads the shared library when it starts."""
    return "libkayako_sign" in output("readelf", "-d", program)


def test_pkg_config_links_the_shared_library(tree: Path, tmp_path: Path) -> None:
    program = tmp_path / "program"
    output("cc", EXAMPLE, *pkg_config(tree), "-o", program)
    assert needs_shared_library(program)
    assert signs(program, LD_LIBRARY_PATH=str(tree / "lib"))


def test_pkg_config_links_a_static_program(tree: Path, tmp_path: Path) -> None:
    program = tmp_path / "program"
    output("cc", "-static", EXAMPLE, *pkg_config(tree, "--static"), "-o", program)
    assert "no dynamic section" in output("readelf", "-d", program)
    assert signs(program)


def test_pkg_config_links_only_the_library_statically(tree: Path, tmp_path: Path) -> None:
    program = tmp_path / "program"
    output("cc", EXAMPLE, "-Wl,-Bstatic", *pkg_config(tree, "--static"), "-Wl,-Bdynamic", "-o", program)
    assert not needs_shared_library(program)
    assert signs(program)


def test_pkg_config_links_statically_if_there_is_no_shared_library(tree: Path, tmp_path: Path) -> None:
    alone = tmp_path / "lib/pkgconfig"
    alone.mkdir(parents=True)
    (tmp_path / "include").symlink_to(tree / "include")
    (tmp_path / "lib/libkayako_sign.a").symlink_to(tree / "lib/libkayako_sign.a")
    (alone / "kayako_sign.pc").write_bytes((tree / "lib/pkgconfig/kayako_sign.pc").read_bytes())
    program = tmp_path / "program"
    output("cc", EXAMPLE, *pkg_config(tmp_path, "--static"), "-o", program)
    assert signs(program)


def test_pkg_config_knows_the_version(prefix: Path) -> None:
    place = {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    assert output("pkg-config", "--modversion", "kayako_sign", environment=place).strip() == VERSION


def test_cmake_links_both_libraries(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(PROJECT.format(version=f"{MAJOR}.{MINOR}", source=EXAMPLE))
    output("cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={tree}")
    output("cmake", "--build", tmp_path / "build")
    shared, static = tmp_path / "build/shared", tmp_path / "build/static"
    assert needs_shared_library(shared)
    assert signs(shared)
    assert not needs_shared_library(static)
    assert signs(static)


def configures(prefix: Path, folder: Path, version: str) -> bool:
    (folder / "CMakeLists.txt").write_text(PROJECT.format(version=version, source=EXAMPLE))
    return run("cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={prefix}").returncode == 0


@pytest.mark.parametrize("version", ["", MAJOR, f"{MAJOR}.{MINOR}", VERSION, f"{VERSION} EXACT"])
def test_cmake_accepts_a_compatible_version(prefix: Path, tmp_path: Path, version: str) -> None:
    assert configures(prefix, tmp_path, version)


@pytest.mark.parametrize("version", [f"{MAJOR}.{int(MINOR) + 1}", f"{int(MAJOR) + 1}.0", f"{MAJOR}.0.0 EXACT"])
def test_cmake_refuses_an_incompatible_version(prefix: Path, tmp_path: Path, version: str) -> None:
    assert not configures(prefix, tmp_path, version)


def test_cmake_finds_the_header_if_lib_is_a_link_to_usr_lib(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "usr").symlink_to(prefix)
    (tmp_path / "lib").symlink_to("usr/lib")
    folder = tmp_path / "project"
    folder.mkdir()
    assert configures(tmp_path, folder, "")
    output("cmake", "--build", folder / "build")
