"""The vectors that all languages share, through the public surface."""

import json
import re
from pathlib import Path
from typing import Union

import pytest

from kayako_sign import KayakoSignError, Signer, Status

TABLE = Path(__file__).parents[1] / "vectors.tsv"


class Row:
    """A line of the table. What pytest prints of it is its name, and never a key or a signature."""

    def __init__(self, line: str) -> None:
        columns = line.split("\t")
        self.name, self.operation = columns[:2]
        self.api_key, self.secret_key, self.salt, self.signature = (read(value) for value in columns[2:6])
        self.status = Status[columns[6][len("KAYAKO_") :]]
        self.output = read(columns[7])

    def __repr__(self) -> str:
        return f"{self.operation}: {self.name}"

    def run(self, salt: Union[str, bytes]) -> object:
        signer = Signer(self.api_key, self.secret_key)
        if self.operation == "signer":
            return None
        if self.operation == "verify":
            return signer.verify(salt, self.signature)
        return getattr(signer, self.operation)(salt)

    def expected(self) -> object:
        if self.operation == "verify":
            return self.status == Status.OK
        return json.loads(self.output) if self.operation == "credentials" else self.output.decode()


def read(value: str) -> bytes:
    if value.startswith("hex:"):
        return bytes.fromhex(value[len("hex:") :])
    if repeated := re.fullmatch(r"(.*)\*(\d+)", value):
        return repeated[1].encode() * int(repeated[2])
    return value.encode()


def salts(row: Row) -> list[Union[str, bytes]]:
    """The salt as bytes, and as text where it is text."""
    try:
        return [row.salt, row.salt.decode()]
    except UnicodeDecodeError:
        return [row.salt]


ROWS = [Row(line) for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("row", ROWS, ids=repr)
def test_a_row_of_the_table_holds(row: Row) -> None:
    for salt in salts(row):
        if row.status == Status.OK or row.operation == "verify":
            holds = row.run(salt) == row.expected()
            assert holds, f"{row}: not the output in the table, for a salt given as {type(salt).__name__}"
        else:
            with pytest.raises(KayakoSignError) as caught:
                row.run(salt)
            assert caught.value.status == row.status, f"{row}: {caught.value}"


def test_the_table_has_each_operation() -> None:
    assert {row.operation for row in ROWS} == {"signer", "sign", "sign_urlencoded", "query", "credentials", "verify"}
