"""Reads the tables in tests/tables. The head of each explains it."""

from __future__ import annotations

import re
from pathlib import Path

TABLES = Path(__file__).parents[1] / "tables"
ESCAPES = {b"\\": b"\\", b"r": b"\r", b"n": b"\n", b"t": b"\t"}
PIECES = re.compile(rb"[^\\]+|\\x([0-9A-F]{2})|\\\{(\d+)\}|\\([\\rnt])", re.DOTALL)


class Row:
    """A row of a table. Pytest prints only its name, never a key or a signature."""

    def __init__(self, columns: list[str], values: list[str]) -> None:
        if len(values) != len(columns):
            raise ValueError(f"{values[0]}: the row has {len(values)} columns instead of {len(columns)}")
        self._values = dict(zip(columns, values))

    def __repr__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.text("name")

    def bytes(self, column: str) -> bytes:
        return decoded(self._values[column])

    def text(self, column: str) -> str:
        return self.bytes(column).decode()


def rows(table: str) -> list[Row]:
    lines = (TABLES / table).read_text(encoding="utf-8").split("\n")
    columns, *values = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Row(columns, row) for row in values]


def decoded(value: str) -> bytes:
    """Returns the bytes of a value."""
    text = value.encode()
    out = bytearray()
    end = 0
    while end < len(text):
        piece = PIECES.match(text, end)
        if piece is None:
            raise ValueError(f"{value[:60]}: an unknown escape")
        digits, times, letter = piece.groups()
        if digits:
            out += bytes.fromhex(digits.decode())
        elif times:
            out += out[-1:] * (int(times) - 1)
        else:
            out += ESCAPES[letter] if letter else piece[0]
        end = piece.end()
    return bytes(out)
