"""A change of the binary interface that would break a program does not pass, and an addition must be committed."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from installation import ROOT, output, run

CHECK = ROOT / "ffi/abi/check.sh"
COMMITTED = ROOT / "ffi/abi/libkayako_sign.abi"
HEADER = ROOT / "include/kayako_sign.h"
LIBRARY = Path(os.environ.get("KAYAKO_SIGN_LIBRARY", ROOT / "target/release/libkayako_sign.so"))

BREAKS = "A program that was built against the committed interface would break with this one."
ADDS = "The interface has grown. Run `make abi` and commit what changed"


def test_header_and_library_have_the_committed_interface() -> None:
    output(CHECK, HEADER, LIBRARY)


def test_the_description_holds_no_folder_name_of_a_builder() -> None:
    assert not re.search(r"/(root|home|tmp|work|usr)\b", COMMITTED.read_text())


def verdict(header: Path, library: Path) -> str:
    """Returns the message of the check, which must fail."""
    done = run(CHECK, header, library)
    assert done.returncode == 1
    return done.stderr


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (r"^const char \*kayako_version\(void\);", ""),
        (r"^const char \*kayako_version\(void\);", "const char *kayako_version(int);"),
        (r"^size_t kayako_url_max\(void\);", "int kayako_url_max(void);"),
        (r"^typedef int32_t kayako_status;", "typedef long kayako_status;"),
        (r"KAYAKO_REFUSED = 1,", "KAYAKO_REFUSED = 9,"),
        (r"KAYAKO_NULL_SALT = 103,", ""),
        (r"KAYAKO_DIAGNOSIS_SALT_ZERO = 54,", "KAYAKO_DIAGNOSIS_SALT_ZERO = 59,"),
        (r"KAYAKO_TARGET_BODY = 1,", "KAYAKO_TARGET_BODY = 2,"),
        (r"^#define KAYAKO_SIGNATURE_LEN 44$", "#define KAYAKO_SIGNATURE_LEN 45"),
    ],
    ids=[
        "a function is gone",
        "a function takes another argument",
        "a function returns another type",
        "a type has another size",
        "a status has another value",
        "a status is gone",
        "a diagnosis has another value",
        "a target has another value",
        "a constant has another value",
    ],
)
def test_a_breaking_change_fails_with_advice(was: str, becomes: str, tmp_path: Path) -> None:
    text, count = re.subn(was, becomes, HEADER.read_text(), count=1, flags=re.MULTILINE)
    assert count == 1, "the header lacks the line that this test changes"
    header = tmp_path / "kayako_sign.h"
    header.write_text(text)
    message = verdict(header, LIBRARY)
    assert BREAKS in message
    assert "raise ABI_VERSION in ffi/build.rs" in message


@pytest.mark.parametrize(
    ("line", "added"),
    [
        (r"^const char \*kayako_version\(void\);", "\nint kayako_new(void);"),
        (r"KAYAKO_NULL_SALT = 103,", " KAYAKO_NEW = 199,"),
        (r"KAYAKO_DIAGNOSIS_SALT_ZERO = 54,", " KAYAKO_DIAGNOSIS_NEW = 199,"),
        (r"^#define KAYAKO_SIGNATURE_LEN 44$", "\n#define KAYAKO_NEW_MAX 7"),
    ],
    ids=["a function", "a status", "a diagnosis", "a constant"],
)
def test_an_addition_must_be_committed(line: str, added: str, tmp_path: Path) -> None:
    text, count = re.subn(f"({line})", rf"\1{added}", HEADER.read_text(), count=1, flags=re.MULTILINE)
    assert count == 1, "the header lacks the line that this test adds to"
    header = tmp_path / "kayako_sign.h"
    header.write_text(text)
    message = verdict(header, LIBRARY)
    assert ADDS in message
    assert BREAKS not in message


def library(folder: Path, soname: str, *without: str) -> Path:
    """Builds a library with the functions of the header, except some."""
    names = set(re.findall(r"^\w[^/\n]*[ *](kayako_\w+)\(", HEADER.read_text(), flags=re.MULTILINE)) - set(without)
    built = folder / "libkayako_sign.so"
    source = "".join(f"void {name}(void) {{}}\n" for name in sorted(names))
    command = ["cc", "-shared", "-fPIC", f"-Wl,-soname,{soname}", "-x", "c", "-", "-o", str(built)]
    subprocess.run(command, input=source, text=True, check=True)
    return built


def test_a_library_without_a_function_of_the_header_fails(tmp_path: Path) -> None:
    output(CHECK, HEADER, library(tmp_path, "libkayako_sign.so.0"))
    assert BREAKS in verdict(HEADER, library(tmp_path, "libkayako_sign.so.0", "kayako_version"))


def test_a_library_with_another_soname_fails(tmp_path: Path) -> None:
    assert BREAKS in verdict(HEADER, library(tmp_path, "libkayako_sign.so.1"))
