"""Runs the shared vectors through the public methods."""

import json
from typing import Union

import pytest

from kayako_sign import KayakoSignError, Signer, Status
from tables import Row, rows

VECTORS = rows("vectors.tsv")


def title(row: Row) -> str:
    return f"{row.text('operation')}: {row}"


def run(row: Row, salt: Union[str, bytes]) -> object:
    signer = Signer(row.bytes("api_key"), row.bytes("secret_key"))
    operation = row.text("operation")
    if operation == "signer":
        return None
    if operation == "verify":
        return signer.verify(salt, row.bytes("signature"))
    return getattr(signer, operation)(salt)


def expected(row: Row) -> object:
    operation, output = row.text("operation"), row.text("output")
    if operation == "verify":
        return row.text("status") == "KAYAKO_OK"
    return json.loads(output) if operation == "credentials" else output


def salts(row: Row) -> list[Union[str, bytes]]:
    """Returns the salt as bytes, and also as text if it is UTF-8."""
    salt = row.bytes("salt")
    try:
        return [salt, salt.decode()]
    except UnicodeDecodeError:
        return [salt]


@pytest.mark.parametrize("row", VECTORS, ids=title)
def test_a_row_of_the_table_holds(row: Row) -> None:
    status = Status[row.text("status")[len("KAYAKO_") :]]
    for salt in salts(row):
        if status == Status.OK or row.text("operation") == "verify":
            holds = run(row, salt) == expected(row)
            assert holds, f"{row}: not the output in the table, for a salt given as {type(salt).__name__}"
        else:
            with pytest.raises(KayakoSignError) as caught:
                run(row, salt)
            assert caught.value.status == status, f"{row}: {caught.value}"


def test_the_table_has_each_operation() -> None:
    operations = {row.text("operation") for row in VECTORS}
    assert operations == {"signer", "sign", "sign_urlencoded", "query", "credentials", "verify"}
