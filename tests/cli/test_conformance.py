"""Runs the shared vectors through the command, and compares random signatures with Python's own HMAC."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

import tables
from command import DONE, FAILED, REFUSED, Argument, Result, check, failure, run, signature_of
from messages import status_message

FORMATS = {"sign": "base64", "sign_urlencoded": "urlencoded", "query": "query", "credentials": "json"}


@dataclass(frozen=True)
class Row:
    """A row of vectors.tsv."""

    name: str
    operation: str
    api_key: bytes
    secret_key: bytes
    salt: bytes
    signature: bytes
    status: str
    output: bytes

    def __repr__(self) -> str:
        """Returns the name only, because a failing test must not print a key or a signature."""
        return f"{self.operation}: {self.name}"

    def arguments(self, *options: Argument) -> list[Argument]:
        """Returns the arguments with which a user runs this row."""
        if self.operation == "signer":
            return ["sign", *options]
        if self.operation == "verify":
            return ["verify", *options, "--salt", self.salt, "--", self.signature]
        return ["sign", *options, "--salt", self.salt, "--format", FORMATS[self.operation]]


def read(row: tables.Row) -> Row:
    keys, signed = (row.bytes("api_key"), row.bytes("secret_key")), (row.bytes("salt"), row.bytes("signature"))
    return Row(row.name, row.text("operation"), *keys, *signed, row.text("status"), row.bytes("output"))


ROWS = [read(row) for row in tables.rows("vectors.tsv")]
# An argument or a variable of the environment cannot hold a NUL. A file can.
AS_ARGUMENTS = [row for row in ROWS if b"\0" not in row.salt + row.signature]
WITH_NUL = [row for row in ROWS if row not in AS_ARGUMENTS]
IN_ENVIRONMENT = [row for row in AS_ARGUMENTS if b"\0" not in row.api_key + row.secret_key]


def check_row(row: Row, result: Result, api_key_place: str, secret_key_place: str) -> None:
    if row.status == "KAYAKO_REFUSED":
        # Any reason will do here. test_tables.py checks the reasons, with signatures.tsv.
        code, out, err = REFUSED, b"refused\n", result.err
        assert re.fullmatch(r"kayako-sign: .+\n", err)
    elif row.status == "KAYAKO_OK":
        code, out, err = DONE, b"accepted\n" if row.operation == "verify" else row.output + b"\n", ""
    else:
        place = ""
        if "KEY" in row.status:
            place = f" (it was read from {api_key_place if 'API_KEY' in row.status else secret_key_place})"
        code, out, err = FAILED, b"", failure(status_message(row.status) + place)
    assert (result.code, result.err) == (code, err)
    check(result.out == out, f"{row}: the output is not that of the table")


@pytest.mark.parametrize("row", AS_ARGUMENTS, ids=repr)
def test_row_holds_with_keys_from_files(row: Row, tmp_path: Path) -> None:
    api_key, secret_key = tmp_path / "api.key", tmp_path / "secret.key"
    secret_key.touch(0o600)
    # The command drops this newline and keeps one that belongs to the key.
    api_key.write_bytes(row.api_key + b"\n")
    secret_key.write_bytes(row.secret_key + b"\n")
    result = run(*row.arguments("--api-key-file", api_key, "--secret-key-file", secret_key), environment={})
    check_row(row, result, f"'{api_key}'", f"'{secret_key}'")


@pytest.mark.parametrize("row", IN_ENVIRONMENT, ids=repr)
def test_row_holds_with_keys_from_the_environment(row: Row) -> None:
    # The command drops this newline, as in a file.
    keys = {"KAYAKO_API_KEY": row.api_key + b"\n", "KAYAKO_SECRET_KEY": row.secret_key + b"\n"}
    result = run(*row.arguments(), environment=keys)
    check_row(row, result, "KAYAKO_API_KEY", "KAYAKO_SECRET_KEY")


@pytest.mark.parametrize("row", WITH_NUL, ids=repr)
def test_row_with_a_nul_cannot_be_an_argument(row: Row) -> None:
    with pytest.raises(ValueError, match="null byte"):
        run(*row.arguments())


def test_every_row_is_run_or_holds_a_nul() -> None:
    assert len(AS_ARGUMENTS) + len(WITH_NUL) == len(ROWS) > 0
    assert {row.operation for row in AS_ARGUMENTS} == {"signer", "verify", *FORMATS}


# In ten parts, which pytest-xdist can share among its workers.
@pytest.mark.parametrize("seed", range(20, 30))
def test_ten_thousand_random_pairs_have_the_signatures_of_python(seed: int) -> None:
    rng = random.Random(seed)
    for number in range(1_000):
        secret_key = rng.randbytes(rng.randint(1, 200)).replace(b"\0", b"\1")
        salt = rng.randbytes(rng.randint(1, 200)).replace(b"\0", b"\1")
        salt = b"1" if salt == b"0" else salt
        # The command refuses a byte order mark.
        secret_key = b"k" + secret_key if secret_key[:2] in {b"\xfe\xff", b"\xff\xfe"} else secret_key
        keys = {"KAYAKO_API_KEY": b"a", "KAYAKO_SECRET_KEY": secret_key + b"\r\n"}
        result = run("sign", "--salt", salt, environment=keys)
        parameters = dict(pair.split(b"=") for pair in result.out.rstrip().split(b"&"))
        decoded = {name: unquote_to_bytes(text) for name, text in parameters.items()}
        holds = decoded == {b"apikey": b"a", b"salt": salt, b"signature": signature_of(secret_key, salt)}
        check(holds, f"pair {number}: the signature differs from that of Python's hmac")
