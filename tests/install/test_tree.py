"""`make install` installs each file in its place, and `make uninstall` removes these files and no other."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from installation import FILES, LIST, ROOT, SONAME, contents, files, install, make, output, uninstall


def test_each_file_is_in_its_usual_place(prefix: Path) -> None:
    assert files(prefix) == FILES


def test_the_library_has_the_name_of_its_link_and_the_abi_of_its_major_version(prefix: Path) -> None:
    assert f"Library soname: [{SONAME}]" in output("readelf", "-d", prefix / "lib/libkayako_sign.so")


def test_a_strict_umask_leaves_the_files_readable(tmp_path: Path) -> None:
    old = os.umask(0o077)
    try:
        install(tmp_path / "prefix")
    finally:
        os.umask(old)
    assert files(tmp_path / "prefix") == FILES
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "prefix").rglob("*") if path.is_dir()} == {0o755}


def test_uninstall_leaves_a_clean_prefix_empty(tmp_path: Path) -> None:
    install(tmp_path / "prefix")
    uninstall(tmp_path / "prefix")
    assert contents(tmp_path) == {}


def test_uninstall_keeps_files_that_were_there_before(tmp_path: Path) -> None:
    for folder in ["bin", "lib/pkgconfig", "share/man/man1"]:
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "lib/libother.so").touch()
    before = contents(tmp_path)
    install(tmp_path)
    uninstall(tmp_path)
    assert contents(tmp_path) == before


def test_uninstall_keeps_files_that_came_later(tmp_path: Path) -> None:
    install(tmp_path / "prefix")
    (tmp_path / "prefix/lib/cmake/other").mkdir()
    (tmp_path / "prefix/lib/cmake/other/other-config.cmake").touch()
    uninstall(tmp_path / "prefix")
    assert list(files(tmp_path)) == ["prefix/lib/cmake/other/other-config.cmake"]


def test_a_moved_tree_can_be_uninstalled(tmp_path: Path) -> None:
    install(tmp_path / "first")
    (tmp_path / "first").rename(tmp_path / "a second")
    uninstall(tmp_path / "a second")
    assert contents(tmp_path) == {}


def test_a_newer_version_replaces_the_older_one(tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    install(prefix)
    older = prefix / "lib/libkayako_sign.so.0.0.1"
    older.touch()
    with (prefix / LIST).open("a") as installed:
        installed.write("lib/libkayako_sign.so.0.0.1\n")
    install(prefix)
    assert files(prefix) == FILES
    uninstall(prefix)
    assert contents(tmp_path) == {}


def test_a_running_program_does_not_block_an_install(tmp_path: Path) -> None:
    install(tmp_path)
    command = [str(tmp_path / "bin/kayako-sign"), "sign", "--secret-key-file", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"KAYAKO_API_KEY": "k"}) as sign:
        install(tmp_path)
        printed, _ = sign.communicate(b"secretkey\n")
    assert sign.returncode == 0
    assert printed.startswith(b"apikey=k&salt=")


def test_uninstall_without_an_installation_is_an_error(tmp_path: Path) -> None:
    done = make("uninstall", tmp_path)
    assert done.returncode != 0
    assert f"kayako-sign is not installed in {tmp_path}: there is no {tmp_path / LIST}" in done.stderr


def test_destdir_comes_before_the_prefix_and_is_in_no_file(tmp_path: Path) -> None:
    install("/usr", DESTDIR=str(tmp_path))
    assert files(tmp_path / "usr") == FILES
    assert [path for path in files(tmp_path) if str(tmp_path).encode() in (tmp_path / path).read_bytes()] == []
    uninstall("/usr", DESTDIR=str(tmp_path))
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    "libdir", ["lib/x86_64-linux-gnu", "{prefix}/lib/x86_64-linux-gnu"], ids=["relative", "absolute"]
)
def test_libdir_is_a_folder_below_the_prefix(libdir: str, tmp_path: Path) -> None:
    install(tmp_path, LIBDIR=libdir.format(prefix=tmp_path))
    moved = {path.replace("lib/", "lib/x86_64-linux-gnu/", 1) if path.startswith("lib/") else path for path in FILES}
    assert set(files(tmp_path)) == moved
    place = tmp_path / "lib/x86_64-linux-gnu/pkgconfig"
    folder = output("pkg-config", "--variable=includedir", "kayako_sign", environment={"PKG_CONFIG_PATH": str(place)})
    assert (Path(folder.strip()) / "kayako_sign.h").is_file()


def test_libdir_elsewhere_is_refused(tmp_path: Path) -> None:
    done = make("install", tmp_path / "prefix", LIBDIR="/usr/lib")
    assert done.returncode != 0
    assert f"LIBDIR must be a folder below PREFIX, which is {tmp_path / 'prefix'}" in done.stderr
    assert contents(tmp_path) == {}


def test_install_after_build_needs_no_cargo(tmp_path: Path) -> None:
    install(tmp_path / "first")
    # Under sudo, PATH does not contain the toolchain of a user.
    done = make("install", tmp_path / "second", CARGO="/nowhere/cargo")
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "second") == FILES


def test_no_file_names_a_folder_of_the_builder(prefix: Path) -> None:
    cargo = os.environ.get("CARGO_HOME", str(Path.home() / ".cargo"))
    sysroot = output("rustc", "--print", "sysroot").strip()
    folders = [str(ROOT), cargo, sysroot, str(Path.home()), str(prefix)]
    named = [
        (path, folder)
        for path in files(prefix)
        for folder in folders
        if folder != "/" and f"{folder}/".encode() in (prefix / path).read_bytes()
    ]
    assert named == []
