"""A function that is added to the header is also added to the tests that call every function."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEADER = ROOT / "include/kayako_sign.h"


def declared(pattern: str) -> set[str]:
    """Returns the functions of the header whose declaration matches."""
    text = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)
    return {
        one[2]
        for one in re.finditer(r"^(\w[^;{}#]*?)\b(kayako_\w+)\([^)]*\)[^;]*;", text, re.M)
        if re.search(pattern, one[0])
    }


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("tests/c/calls.h", r"\bkayako_status kayako_"),
        ("tests/security/exports.h", r"\bkayako_(signer|upload)\b"),
        ("tests/security/observed.c", r"\bkayako_(signer|upload)\b"),
    ],
    ids=[
        "misuse.c calls every function with a status",
        "the security tests call every function that takes a signer or an upload",
        "residue.c searches after every function that takes a signer or an upload",
    ],
)
def test_every_function_is_called(file: str, pattern: str) -> None:
    functions = declared(pattern)
    assert len(functions) > 10
    assert sorted(functions - set(re.findall(r"\bkayako_\w+", (ROOT / file).read_text()))) == []
