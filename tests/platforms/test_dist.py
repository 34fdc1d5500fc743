"""Tests the files that `make dist` has put into dist/."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from installation import FILES, ROOT, VERSION, output

DIST = ROOT / "dist"
HEADER = (ROOT / "include/kayako_sign.h").read_text()
FUNCTIONS = set(re.findall(r"^\w.*?\b(kayako_\w+)\(", HEADER, flags=re.MULTILINE))
ELF = [f"{processor}-unknown-linux-{c}" for processor in ("x86_64", "aarch64") for c in ("gnu", "musl")]
MACOS = ["aarch64-apple-darwin", "x86_64-apple-darwin"]
WINDOWS = "x86_64-pc-windows-gnu"
TARGETS = [*ELF, WINDOWS, *MACOS]
#: The libraries of the machine that our library may need.
NEEDED = {
    "gnu": {"libc.so.6", "libdl.so.2", "libpthread.so.0", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"},
    "musl": {"libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"},
}
DLLS = {"kernel32.dll", "ntdll.dll", "msvcrt.dll", "bcryptprimitives.dll", "api-ms-win-core-synch-l1-2-0.dll"}

Files = dict[str, bytes]


def tar(data: bytes) -> Files:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        files = {member.name: archive.extractfile(member) for member in archive if member.isfile()}
        return {name: file.read() for name, file in files.items() if file}


def unzip(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def deb(path: Path) -> Files:
    return tar(output_bytes("dpkg-deb", "--fsys-tarfile", path))


def output_bytes(*command: str | Path) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.fixture(scope="session")
def contents() -> dict[str, Files]:
    """Returns the files in each file of dist/."""
    unpacked: dict[str, Files] = {}
    for path in DIST.iterdir():
        data = path.read_bytes()
        if path.suffix == ".gz" or path.suffix == ".tgz":
            unpacked[path.name] = tar(data)
        elif path.suffix in (".zip", ".whl"):
            unpacked[path.name] = unzip(data)
        elif path.suffix == ".deb":
            unpacked[path.name] = deb(path)
        else:
            unpacked[path.name] = {path.name: data}
    return unpacked


def tree(contents: dict[str, Files], target: str) -> Files:
    """Returns the files in the archive for a platform, without the name of the folder that holds them all."""
    return {name.partition("/")[2]: data for name, data in contents[f"kayako-sign-{VERSION}-{target}.tar.gz"].items()}


def library(contents: dict[str, Files], target: str, folder: Path) -> Path:
    path = folder / "library"
    path.write_bytes(tree(contents, target)[f"lib/libkayako_sign.so.{VERSION}"])
    return path


def test_each_platform_has_its_archive_and_its_wheel() -> None:
    names = {path.name for path in DIST.iterdir()}
    assert {f"kayako-sign-{VERSION}-{target}.tar.gz" for target in TARGETS} <= names
    assert f"kayako-sign-{VERSION}-{WINDOWS}.zip" in names
    tags = [
        *(f"manylinux_2_17_{processor}.manylinux2014_{processor}" for processor in ("x86_64", "aarch64")),
        *(f"musllinux_1_2_{processor}" for processor in ("x86_64", "aarch64")),
        *("win_amd64", "macosx_11_0_arm64", "macosx_10_12_x86_64"),
    ]
    assert {f"kayako_sign-{VERSION}-py3-none-{tag}.whl" for tag in tags} <= names
    assert {f"kayako_sign-{VERSION}.tar.gz", f"kayako-sign-php-{VERSION}.zip", "kayako-sign.html"} <= names
    packages = {"kayako-sign", "libkayako-sign0", "libkayako-sign-dev"}
    assert {(name.split("_")[0], name[-9:-4]) for name in names if name.endswith(".deb")} == {
        (package, architecture) for package in packages for architecture in ("amd64", "arm64")
    }


def test_sha256sums_has_the_sum_of_every_file() -> None:
    sums = {line[66:]: line[:64] for line in (DIST / "SHA256SUMS").read_text().splitlines()}
    files = {path.name: path for path in DIST.iterdir() if path.name != "SHA256SUMS"}
    assert sums == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def test_no_file_names_a_folder_of_the_builder(contents: dict[str, Files]) -> None:
    cargo = os.environ.get("CARGO_HOME", str(Path.home() / ".cargo"))
    sysroots = [output("rustc", "--print", "sysroot").strip(), "/usr/lib/rustlib", "/usr/src/rustc"]
    folders = [f"{folder}/".encode() for folder in (ROOT, cargo, Path.home(), *sysroots)]
    # dlltool writes a path into a symbol like this.
    folders.append(re.sub(r"\W", "_", f"{ROOT}/").encode())
    named = [
        (archive, name, folder)
        for archive, files in contents.items()
        for name, data in files.items()
        for folder in folders
        if folder != b"//" and folder in data
    ]
    assert named == []


@pytest.mark.parametrize("target", ELF)
def test_an_archive_for_linux_has_the_layout_of_make_install(target: str, contents: dict[str, Files]) -> None:
    links = {name for name, kind in FILES.items() if kind.startswith("->")}
    assert set(tree(contents, target)) == set(FILES) - links - {"share/kayako-sign/installed"}


@pytest.mark.parametrize("target", ELF)
def test_a_library_exports_only_the_headers_functions(target: str, contents: dict[str, Files], tmp_path: Path) -> None:
    symbols = output("nm", "--dynamic", "--defined-only", "--format=posix", library(contents, target, tmp_path))
    assert {line.split()[0] for line in symbols.splitlines()} == FUNCTIONS


@pytest.mark.parametrize("target", ELF)
def test_a_library_needs_only_the_c_library(target: str, contents: dict[str, Files], tmp_path: Path) -> None:
    dynamic = output("readelf", "--dynamic", library(contents, target, tmp_path))
    assert set(re.findall(r"NEEDED.*\[(.+)\]", dynamic)) <= NEEDED[target.rpartition("-")[2]]
    assert "Library soname: [libkayako_sign.so.0]" in dynamic


@pytest.mark.parametrize("target", [target for target in ELF if target.endswith("gnu")])
def test_a_library_runs_with_glibc_2_17(target: str, contents: dict[str, Files], tmp_path: Path) -> None:
    shown = output("readelf", "--version-info", library(contents, target, tmp_path))
    versions = re.findall(r"GLIBC_(\d+)\.(\d+)", shown)
    assert versions
    assert max((int(major), int(minor)) for major, minor in versions) <= (2, 17)


@pytest.mark.parametrize("target", ELF)
def test_the_command_for_linux_needs_no_library(target: str, contents: dict[str, Files], tmp_path: Path) -> None:
    command = tmp_path / "command"
    command.write_bytes(tree(contents, target)["bin/kayako-sign"])
    assert "NEEDED" not in output("readelf", "--dynamic", command)
    assert re.search(r"Type: +DYN", output("readelf", "--file-header", command)), "it is not position-independent"


def test_the_archives_for_windows_hold_the_same(contents: dict[str, Files]) -> None:
    assert contents[f"kayako-sign-{VERSION}-{WINDOWS}.zip"] == contents[f"kayako-sign-{VERSION}-{WINDOWS}.tar.gz"]


def test_the_library_for_windows_needs_only_windows(contents: dict[str, Files], tmp_path: Path) -> None:
    files = tree(contents, WINDOWS)
    (tmp_path / "library.dll").write_bytes(files["bin/kayako_sign.dll"])
    shown = output("x86_64-w64-mingw32-objdump", "--private-headers", tmp_path / "library.dll")
    assert {name.lower() for name in re.findall(r"DLL Name: (.+)", shown)} <= DLLS
    assert (
        set(re.findall(r"^\s+\[ *\d+\] (?:\+base\[ *\d+\] +\w+ )?(kayako_\w+)$", shown, flags=re.MULTILINE))
        == FUNCTIONS
    )
    assert {"DYNAMIC_BASE", "NX_COMPAT"} <= set(re.findall(r"^\s+([A-Z_]+)$", shown, flags=re.MULTILINE))
    assert "lib/libkayako_sign.dll.a" in files


def test_the_php_package_holds_the_library_of_each_platform(contents: dict[str, Files]) -> None:
    files = {name.partition("/")[2]: data for name, data in contents[f"kayako-sign-php-{VERSION}.zip"].items()}
    for target in ELF:
        assert files[f"lib/{target}/libkayako_sign.so.0"] == tree(contents, target)[f"lib/libkayako_sign.so.{VERSION}"]
    for target in MACOS:
        assert files[f"lib/{target}/libkayako_sign.dylib"] == tree(contents, target)["lib/libkayako_sign.0.dylib"]
    assert files[f"lib/{WINDOWS}/kayako_sign.dll"] == tree(contents, WINDOWS)["bin/kayako_sign.dll"]
    assert {"composer.json", "autoload.php", "src/Signer.php", "LICENSE-MIT", "LICENSE-THIRD-PARTY"} <= set(files)


@pytest.mark.parametrize("part", ["library", "command"])
def test_each_list_of_components_is_valid_cyclonedx(part: str, contents: dict[str, Files]) -> None:
    table = DIST / f"kayako-sign-{VERSION}-{part}.cdx.json"
    validate = (
        "import sys\n"
        "from cyclonedx.schema import SchemaVersion\n"
        "from cyclonedx.validation.json import JsonStrictValidator\n"
        "print(JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read()))"
    )
    assert output(ROOT / "target/dist-tools/bin/python", "-c", validate, table) == "None\n"
    assert b'"kayako-sign-core"' in contents[table.name][table.name]
    assert (b'"clap"' in contents[table.name][table.name]) == (part == "command")
