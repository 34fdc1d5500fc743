"""Runs the shared tables of requests, diagnoses and signatures through the command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from command import DONE, FAILED, REFUSED, check, failure, run
from messages import diagnosis_message, is_accepted, status_message
from tables import Row, rows

FIELDS_NOT_READ = diagnosis_message("KAYAKO_DIAGNOSIS_FIELDS_NOT_READ")

#: The longest argument that Linux accepts, in bytes.
ARGUMENT_MAX = 131_071


@dataclass(frozen=True)
class Request:
    """A request of a table. It may hold a signature."""

    name: str
    method: bytes
    url: bytes
    content_type: bytes
    body: bytes

    def __repr__(self) -> str:
        """Returns the name only, because a failing test must print nothing else."""
        return self.name

    @classmethod
    def read(cls, row: Row) -> Request:
        """Reads the columns that every table of requests has."""
        return cls(row.name, *map(row.bytes, ("method", "url", "content_type", "body")))

    @property
    def is_argument(self) -> bool:
        """Whether it can be given in arguments: without a NUL, with one line in a header and no space around that."""
        is_long = any(len(text) > ARGUMENT_MAX for text in (self.url, self.body))
        means_something_else = self.body.startswith(b"@") or self.url.startswith(b"-")
        return (
            not is_long
            and not means_something_else
            and b"\0" not in self.body + self.url + self.method
            and self.has_plain_header
        )

    @property
    def is_http(self) -> bool:
        """Whether it can be sent: its request line has three words."""
        words = re.fullmatch(rb"[A-Za-z]+", self.method) and re.fullmatch(rb"[^\0- \x7f]+", self.url)
        return bool(words) and self.has_plain_header and is_utf8(self.url)

    @property
    def has_plain_header(self) -> bool:
        """Whether a header can hold the content type as it is."""
        text = self.content_type
        return text == text.strip() and is_utf8(text) and re.search(rb"[\0-\x1f\x7f]", text) is None

    def arguments(self) -> list[bytes]:
        """Returns the arguments for `kayako-sign request`, which are those of curl."""
        header = b"Content-Type: " + self.content_type if self.content_type else b"Content-Type:"
        data = [b"-d", self.body] if self.body or self.content_type else []
        return [b"-X", self.method, b"-H", header, *data, b"--", self.url]

    def http(self, url: bytes | None = None, body: bytes | None = None) -> bytes:
        """Writes it as it is sent to a proxy."""
        body = self.body if body is None else body
        head = [self.method + b" " + (url or self.url) + b" HTTP/1.1", b"Host: help.example.com"]
        head += [b"Content-Type: " + self.content_type] if self.content_type else []
        head += [b"Content-Length: %d" % len(body)] if body else []
        return b"\r\n".join([*head, b"", body])


def is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


REQUESTS = [
    (Request.read(row), row.text("status"), row.text("target"), row.text("offset")) for row in rows("requests.tsv")
]
DIAGNOSES = [(Request.read(row), row.text("diagnosis")) for row in rows("diagnoses.tsv")]
SIGNATURES = [
    (row.name, row.bytes("salt"), row.bytes("signature"), row.text("diagnosis")) for row in rows("signatures.tsv")
]


def by_name(entries: Sequence[tuple[object, ...]]) -> pytest.MarkDecorator:
    """Runs a test for each row, and keeps the values of a row out of the report of a failure."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=str(row[0])) for row in entries])


@by_name([row for row in REQUESTS if row[0].is_argument])
def test_request_is_signed_or_refused_as_in_the_table(row: tuple[Request, str, str, str]) -> None:
    request, status, target, offset = row
    kind = [] if not target else ["--format", target]
    result = run("request", *kind, *request.arguments())
    if status != "KAYAKO_OK":
        assert (result.code, result.out) == (FAILED, b"")
        # The command may add advice to the message of the library.
        assert result.err.startswith(failure(status_message(status)).rstrip("\n"))
        return
    assert (result.code, result.err) == (DONE, "")
    before = request.url if target == "url" else request.body
    after = result.out.removesuffix(b"\n") if target == "url" else result.out
    end = int(offset) + len(after) - len(before)
    check(after[: int(offset)] + after[end:] == before, "something other than the credentials has changed")
    check(b"signature" in after[int(offset) : end], "the credentials are not at the offset of the table")
    diagnosed = run("check", stdin=request.http(**{target: after}))
    # Some requests are signed although the server does not read their fields.
    assert (diagnosed.code, diagnosed.err) in [(DONE, ""), (DONE, failure(FIELDS_NOT_READ))]


@by_name([row for row in DIAGNOSES if row[0].is_http])
def test_request_has_the_diagnosis_of_the_table(row: tuple[Request, str]) -> None:
    request, diagnosis = row
    result = run("check", stdin=request.http())
    message = diagnosis_message(diagnosis)
    if is_accepted(diagnosis):
        advice = [] if diagnosis == "KAYAKO_DIAGNOSIS_GOOD" else [failure(message).rstrip("\n")]
        assert (result.code, result.lines[0], result.err.splitlines()[: len(advice)]) == (DONE, "accepted", advice)
    else:
        assert (result.code, result.lines[0], result.err) == (REFUSED, "refused", "")
        assert result.lines[-1] == "  change        " + message


@by_name([row for row in SIGNATURES if b"\0" not in row[1] + row[2]])
def test_signature_is_accepted_or_refused_with_the_reason_in_the_table(row: tuple[str, bytes, bytes, str]) -> None:
    _, salt, signature, diagnosis = row
    result = run("verify", "--salt", salt, "--", signature)
    if diagnosis == "KAYAKO_DIAGNOSIS_GOOD":
        assert (result.code, result.out, result.err) == (DONE, b"accepted\n", "")
        return
    stricter = "verify is stricter than the server, which says: " if is_accepted(diagnosis) else ""
    assert (result.code, result.out) == (REFUSED, b"refused\n")
    assert result.err == failure(stricter + diagnosis_message(diagnosis))


def test_control_rows_of_each_table_are_run() -> None:
    assert [row[1] for row in REQUESTS if row[0].is_argument and row[1] == "KAYAKO_OK"] != []
    assert {row[1] for row in DIAGNOSES if row[0].is_http} != {"KAYAKO_DIAGNOSIS_GOOD"}
    assert len(SIGNATURES) > 1
