"""The tables of requests and diagnoses that all languages share, through the public surface."""

import re
from pathlib import Path
from typing import Optional

import pytest

from kayako_sign import DiagnosisCode, KayakoSignError, Signer, Status

TABLES = Path(__file__).parents[1]
ESCAPES = {"\\": "\\", "r": "\r", "n": "\n", "t": "\t"}


class Row:
    """A line of a table. What pytest prints of it is its name."""

    def __init__(self, line: str) -> None:
        self.name, *self.values = line.split("\t")

    def __repr__(self) -> str:
        return self.name

    def request(self) -> tuple[str, str, Optional[str], bytes]:
        method, url, content_type = (read(value).decode(errors="surrogateescape") for value in self.values[:3])
        return method, url, content_type or None, read(self.values[3])


def read(value: str) -> bytes:
    """A value of a table: UTF-8 text in which escapes stand for what is not seen, or for any byte."""

    def byte(escape: "re.Match[bytes]") -> bytes:
        name = escape[1].decode()
        return bytes.fromhex(name[1:]) if name.startswith("x") else ESCAPES[name].encode()

    return re.sub(rb"\\(x[0-9A-Fa-f]{2}|.)", byte, value.encode())


def rows(table: str) -> list[Row]:
    lines = (TABLES / table).read_text(encoding="utf-8").split("\n")
    return [Row(line) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("row", rows("requests.tsv"), ids=repr)
def test_a_request_is_signed_where_the_table_says_or_refused(signer: Signer, row: Row) -> None:
    method, url, content_type, body = row.request()
    status = Status[row.values[4][len("KAYAKO_") :]]
    if status != Status.OK:
        with pytest.raises(KayakoSignError) as caught:
            signer.sign_request(method, url, content_type, body)
        assert caught.value.status == status, f"{row}: {caught.value}"
        return
    target, offset = row.values[5], int(row.values[6])
    signed_url, signed_body = signer.sign_request(method, url, content_type, body)
    before, after = (url.encode(), signed_url.encode()) if target == "url" else (body, signed_body)
    inserted = len(after) - len(before)
    assert inserted > 0
    without = after[:offset] + after[offset + inserted :]
    inserted_there = without == before
    assert inserted_there, f"{row}: not inserted at {offset} of the {target}"
    unchanged = signed_body == body if target == "url" else signed_url == url
    assert unchanged, f"{row}: more than the {target} was changed"
    # JSON and the body of a PUT that is no form carry fields that no controller reads.
    diagnosis = signer.diagnose_request(method, signed_url, content_type, signed_body)
    assert diagnosis.code in (DiagnosisCode.GOOD, DiagnosisCode.FIELDS_NOT_READ)


@pytest.mark.parametrize("row", rows("diagnoses.tsv"), ids=repr)
def test_a_request_has_the_diagnosis_of_the_table(signer: Signer, row: Row) -> None:
    diagnosis = signer.diagnose_request(*row.request())
    assert diagnosis.code == DiagnosisCode[row.values[4][len("KAYAKO_DIAGNOSIS_") :]], f"{row}: {diagnosis}"


@pytest.mark.parametrize("row", rows("signatures.tsv"), ids=repr)
def test_a_signature_has_the_diagnosis_of_the_table(signer: Signer, row: Row) -> None:
    salt, signature = (read(value) for value in row.values[:2])
    diagnosis = signer.diagnose(salt, signature)
    assert diagnosis.code == DiagnosisCode[row.values[2][len("KAYAKO_DIAGNOSIS_") :]], f"{row}: {diagnosis}"
    try:
        assert signer.diagnose(salt.decode(), signature.decode()) == diagnosis, f"{row}: not the same as text"
    except UnicodeDecodeError:
        pass
