"""The shared tables, and what of them the examples can be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from languages import ROOT

ESCAPES = {"\\": "\\", "r": "\r", "n": "\n", "t": "\t"}


@dataclass(frozen=True)
class Call:
    """A call of an example, and what the table says of it: a status, and a text where that is OK."""

    name: str
    operation: str
    inputs: tuple[bytes, ...]
    status: str
    output: str

    def __str__(self) -> str:
        """Show no key and no signature when a test fails."""
        return f"{self.operation}: {self.name}"

    def line(self) -> tuple[str, ...]:
        return (self.operation, *(value.hex() for value in self.inputs))


def rows(table: str) -> list[list[str]]:
    lines = (ROOT / "tests" / table).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def vector(value: str) -> bytes:
    """A value of vectors.tsv: text, `hex:` and digits, or a text, `*` and a number."""
    if value.startswith("hex:"):
        return bytes.fromhex(value[len("hex:") :])
    if repeated := re.fullmatch(r"(.*)\*(\d+)", value):
        return repeated[1].encode() * int(repeated[2])
    return value.encode()


def escaped(value: str) -> bytes:
    """A value of the other tables: text with escapes."""

    def byte(escape: re.Match[bytes]) -> bytes:
        name = escape[1].decode()
        return bytes.fromhex(name[1:]) if name.startswith("x") else ESCAPES[name].encode()

    return re.sub(rb"\\(x[0-9A-Fa-f]{2}|.)", byte, value.encode())


def verdict(accepted: bool) -> str:
    return str(accepted).lower()


def vectors() -> list[Call]:
    calls = []
    for name, operation, *values, status, output in rows("vectors.tsv"):
        api_key, secret_key, salt, signature = (vector(value) for value in values)
        if operation in ("sign", "signer"):
            # A signer that cannot be made is not asked for the signature.
            calls.append(Call(name, "sign", (api_key, secret_key, salt), status, output))
        elif operation == "verify":
            inputs = (api_key, secret_key, salt, signature)
            calls.append(Call(name, "verify", inputs, "KAYAKO_OK", verdict(status == "KAYAKO_OK")))
    return calls


def signatures() -> list[Call]:
    keys = (b"apikey", b"secretkey")
    return [
        Call(
            name,
            "verify",
            (*keys, escaped(salt), escaped(signature)),
            "KAYAKO_OK",
            verdict(diagnosis == "KAYAKO_DIAGNOSIS_GOOD"),
        )
        for name, salt, signature, diagnosis in rows("signatures.tsv")
    ]


def urls() -> list[tuple[Call, int]]:
    """Requests that are a URL alone, and where in it the credentials go."""
    keys = (b"apikey", b"secretkey")
    return [
        (Call(name, "sign_url", (*keys, escaped(url)), status, url), int(offset or 0))
        for name, method, url, content_type, body, status, _, offset in rows("requests.tsv")
        if method in ("GET", "DELETE") and not content_type and not body and is_text(escaped(url))
    ]


def is_text(value: bytes) -> bool:
    try:
        return bool(value.decode())
    except UnicodeDecodeError:
        return False
