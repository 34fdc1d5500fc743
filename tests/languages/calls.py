"""Makes calls of the examples from rows of the shared tables."""

from __future__ import annotations

from dataclasses import dataclass

from tables import rows

KEYS = (b"apikey", b"secretkey")


@dataclass(frozen=True)
class Call:
    """A call of an example, and its result in the table: a status, and a text if the status is KAYAKO_OK."""

    name: str
    operation: str
    inputs: tuple[bytes, ...]
    status: str
    output: str

    def __str__(self) -> str:
        """Returns a title without the inputs, because a failing test must not print a key or a signature."""
        return f"{self.operation}: {self.name}"

    def line(self) -> tuple[str, ...]:
        return (self.operation, *(value.hex() for value in self.inputs))


def verdict(accepted: bool) -> str:
    return str(accepted).lower()


def vectors() -> list[Call]:
    calls = []
    for row in rows("vectors.tsv"):
        operation, status = row.text("operation"), row.text("status")
        keys, salt = (row.bytes("api_key"), row.bytes("secret_key")), row.bytes("salt")
        if operation in ("sign", "signer"):
            # A row of `signer` refuses the keys, so its call fails before it signs.
            calls.append(Call(row.name, "sign", (*keys, salt), status, row.text("output")))
        elif operation == "verify":
            inputs = (*keys, salt, row.bytes("signature"))
            calls.append(Call(row.name, "verify", inputs, "KAYAKO_OK", verdict(status == "KAYAKO_OK")))
    return calls


def signatures() -> list[Call]:
    return [
        Call(
            row.name,
            "verify",
            (*KEYS, row.bytes("salt"), row.bytes("signature")),
            "KAYAKO_OK",
            verdict(row.text("diagnosis") == "KAYAKO_DIAGNOSIS_GOOD"),
        )
        for row in rows("signatures.tsv")
    ]


def urls() -> list[tuple[Call, int]]:
    """Returns a call for each request with a URL and nothing else, and the offset of the credentials in the URL."""
    calls = []
    for row in rows("requests.tsv"):
        is_url_alone = row.text("method") in ("GET", "DELETE") and not row.bytes("content_type") + row.bytes("body")
        if is_url_alone and is_text(row.bytes("url")):
            call = Call(row.name, "sign_url", (*KEYS, row.bytes("url")), row.text("status"), row.text("url"))
            calls.append((call, int(row.text("offset") or 0)))
    return calls


def is_text(value: bytes) -> bool:
    try:
        return bool(value.decode())
    except UnicodeDecodeError:
        return False
