"""The package finds the library, and declares its functions and constants as in the header."""

import re
import subprocess
import zipfile
from ctypes import POINTER, c_char_p, c_int, c_int32, c_size_t, c_void_p
from pathlib import Path

import pytest

import kayako_sign
import kayako_sign._library as _library
from conftest import Script
from kayako_sign import DiagnosisCode, Status

C_TYPES = {
    "char *": c_char_p,
    "const char *": c_char_p,
    "const void *": c_char_p,
    "int ": c_int,
    "int32_t ": c_int32,
    "int32_t *": POINTER(c_int32),
    "kayako_upload *": c_void_p,
    "kayako_upload **": POINTER(c_void_p),
    "kayako_signer *": c_void_p,
    "const kayako_signer *": c_void_p,
    "kayako_signer **": POINTER(c_void_p),
    "kayako_status ": c_int,
    "size_t ": c_size_t,
    "size_t *": POINTER(c_size_t),
    "void ": None,
}


def test_every_function_is_declared_as_in_the_header(header: str) -> None:
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    functions = re.findall(r"^(\w[\w ]*?[ *]+)(kayako_\w+)\(([^)]*)\);", code, flags=re.MULTILINE)
    declared = {
        name: (
            C_TYPES[result],
            tuple(C_TYPES[re.sub(r"\w+$", "", piece.strip())] for piece in parameters.split(",") if piece != "void"),
        )
        for result, name, parameters in functions
    }
    assert declared == _library.PROTOTYPES


def constants(header: str, kind: str) -> dict[str, int]:
    """Returns the names of an enum of the header, without their common prefix, and their numbers."""
    body = re.search(rf"typedef int32_t {kind};\nenum[^{{]*\{{([^}}]*)\}};", header)
    assert body is not None
    prefix = {"kayako_status": "KAYAKO_"}.get(kind, f"{kind.upper()}_")
    return {name: int(value) for name, value in re.findall(rf"^ +{prefix}(\w+) = (\d+),$", body[1], flags=re.MULTILINE)}


def test_the_statuses_are_those_of_the_header(header: str) -> None:
    assert constants(header, "kayako_status") == {status.name: status.value for status in Status}
    for name in ("OK", "REFUSED", "BUFFER_TOO_SMALL", "SALT_TOO_LONG", "BATCH_TOO_LARGE", "NULL_SIGNER"):
        assert getattr(_library, name) == Status[name]


def test_the_diagnoses_and_targets_are_those_of_the_header(header: str) -> None:
    assert constants(header, "kayako_diagnosis") == {code.name: code.value for code in DiagnosisCode}
    assert constants(header, "kayako_target")["URL"] == _library.TARGET_URL


def test_the_version_is_that_of_the_workspace(repository: Path) -> None:
    manifest = (repository / "Cargo.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"$', manifest, flags=re.MULTILINE)
    assert version is not None
    assert kayako_sign.__version__ == version[1]


def test_all_names_in_all_exist_and_dir_lists_them() -> None:
    assert set(kayako_sign.__all__) <= set(dir(kayako_sign))
    assert all(hasattr(kayako_sign, name) for name in kayako_sign.__all__)
    assert not hasattr(kayako_sign, "status")


def test_an_import_without_a_library_lists_what_it_tried_and_gives_advice(script: Script) -> None:
    done = script("import kayako_sign", KAYAKO_SIGN_LIBRARY="")
    assert done.returncode == 1
    message = done.stderr.partition("ImportError: ")[2].splitlines()
    assert message[0] == "kayako_sign found no libkayako_sign that it can use. Tried:"
    assert "/kayako_sign/libkayako_sign.so: " in message[1]
    assert message[2].startswith("  libkayako_sign.so.0: ")
    assert message[3].startswith("Install kayako-sign with pip")
    assert "KAYAKO_SIGN_LIBRARY" in message[3]


@pytest.mark.parametrize(
    ("system", "target"), [("darwin", "aarch64-apple-darwin"), ("win32", "x86_64-pc-windows-msvc")]
)
def test_the_library_on_another_system_has_the_name_that_cargo_gives_it(
    script: Script, system: str, target: str
) -> None:
    names = ["rustc", "--print=file-names", "--crate-name=kayako_sign", "--crate-type=cdylib", f"--target={target}"]
    built = subprocess.run([*names, "-"], input="", capture_output=True, text=True, check=True).stdout.strip()
    # Imports ctypes first, because it would behave differently with another sys.platform.
    done = script(f"import ctypes, sys; sys.platform = {system!r}; import kayako_sign", KAYAKO_SIGN_LIBRARY="")
    assert f"/kayako_sign/{built}: " in done.stderr
    assert f"\n  {built}: " in done.stderr


def test_a_library_named_in_the_environment_is_the_only_one_tried(script: Script) -> None:
    done = script("import kayako_sign", KAYAKO_SIGN_LIBRARY="/nowhere/libkayako_sign.so")
    assert done.returncode == 1
    tried = done.stderr.partition("Tried:\n")[2].splitlines()
    assert tried[0].startswith("  /nowhere/libkayako_sign.so: ")
    assert tried[1].startswith("Name another file in KAYAKO_SIGN_LIBRARY, or unset it")


def test_another_shared_library_is_refused(script: Script) -> None:
    done = script("import kayako_sign", KAYAKO_SIGN_LIBRARY="libm.so.6")
    assert done.returncode == 1
    assert "libm.so.6: undefined symbol: kayako_version\n" in done.stderr


def test_a_library_of_another_version_is_refused_with_both_versions(script: Script, tmp_path: Path) -> None:
    source, library = tmp_path / "other.c", tmp_path / "other.so"
    source.write_text('const char *kayako_version(void) { return "9.8.7"; }\n')
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    done = script("import kayako_sign", KAYAKO_SIGN_LIBRARY=str(library))
    assert done.returncode == 1
    version = kayako_sign.__version__
    assert f"  {library}: it is version 9.8.7, and this package needs version {version}\n" in done.stderr


def test_a_package_in_a_zip_file_says_that_no_library_can_be_loaded_from_there(script: Script, tmp_path: Path) -> None:
    assert kayako_sign.__file__ is not None
    package = Path(kayako_sign.__file__).parent
    zipped = tmp_path / "program.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for file in package.glob("*.py"):
            archive.write(file, f"kayako_sign/{file.name}")
    done = script("import kayako_sign", KAYAKO_SIGN_LIBRARY="", PYTHONPATH=str(zipped))
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith(
        "No library can be loaded out of a zip file. Unpack this one, or name the library in KAYAKO_SIGN_LIBRARY."
    )
    named = script("import kayako_sign; print('here')", PYTHONPATH=str(zipped))
    assert named.stdout == "here\n", named.stderr
