"""Signs each method with each kind of body. The stand-in helpdesk accepts it, or the command refuses it first."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from command import FAILED, ROOT, Argument, failure, run
from curl import send
from helpdesk import Helpdesk
from messages import status_message

TABLE = ROOT / "target/test/matrix-command.txt"

#: Values that the command, curl or PHP might change.
VALUES = {
    "separators": "a & b = c + d % e # f; g, h",
    "percent": "%41 %2B %",
    "spaces": " two  spaces ",
    "unicode": "é € 𝒮",
    "lines": "one\ntwo\r\nthree\ttab",
    "quotes": "\"double\" 'single'",
    "backslashes": '\\ \\n \\" \\\\',
    "file": "@file <file",
    "empty": "",
}

#: The pairs of a form with these values, arrays and a repeated name.
PAIRS = [
    *VALUES.items(),
    ("list[]", "1"),
    ("list[]", "2"),
    ("map[a][b]", "x & y"),
    ("map[a][c]", "z"),
    ("twice", "first"),
    ("twice", "last"),
]
#: The same as PHP reads it, and a JSON document.
PARAMETERS: dict[str, Any] = {**VALUES, "list": ["1", "2"], "map": {"a": {"b": "x & y", "c": "z"}}, "twice": "last"}
DOCUMENT: dict[str, Any] = {**VALUES, "list": ["1", ["2"]], "map": {"a": {"b": None, "c": 1.5}}}

#: The container that the server reads for each method and body, or None if there is none.
CONTAINERS: dict[str, dict[str, str | None]] = {
    "GET": {"no body": "query", "form": "query", "multipart": "query", "JSON": "json"},
    "POST": {"no body": None, "form": "form", "multipart": "multipart", "JSON": "json"},
    "PUT": {"no body": "query", "form": "form", "multipart": "query", "JSON": "json"},
    "DELETE": {"no body": "query", "form": "query", "multipart": "query", "JSON": "json"},
}
ALLOWED = [(method, body) for method, row in CONTAINERS.items() for body, container in row.items() if container]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Writes a file of 3 MB, with a name that must be quoted."""
    path = tmp_path_factory.mktemp("matrix") / 'a; b, c "d" é.bin'
    path.write_bytes(os.urandom(3_000_000))
    return path


@pytest.fixture(scope="module")
def outcomes() -> Iterator[dict[tuple[str, str], str]]:
    """Collects the outcome of each request, and writes the table of them after the last test."""
    found: dict[tuple[str, str], str] = {}
    yield found
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    rows = [f"{'command':<8} {method:<7} {body:<10} {found[method, body]}\n" for method, body in found]
    TABLE.write_text("".join(rows), encoding="utf-8")


def quoted(text: str) -> str:
    """Quotes a value for curl's -F."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def body_options(body: str, file: Path) -> list[Argument]:
    if body == "form":
        return ["-d", urlencode(PAIRS[:4]), "-d", urlencode(PAIRS[4:])]
    if body == "multipart":
        fields = [f"{name}={quoted(value)}" for name, value in PAIRS] + [f"upload=@{quoted(str(file))}"]
        return ["-H", "Expect:", *(option for field in fields for option in ("-F", field))]
    if body == "JSON":
        return ["--json", json.dumps(DOCUMENT)]
    return []


def expected(body: str, container: str) -> dict[str, Any]:
    return {"query": {"page": "1 & 2"}, "json": DOCUMENT}.get(container, PARAMETERS)


@pytest.mark.parametrize(("method", "body"), ALLOWED)
def test_request_is_accepted_and_all_its_data_arrives(
    method: str, body: str, helpdesk: Helpdesk, file: Path, outcomes: dict[tuple[str, str], str]
) -> None:
    container = CONTAINERS[method][body] or ""
    options = ["-X", method, *body_options(body, file)]
    document = send(*options, helpdesk.user + "&page=1+%26+2").document
    assert (document["method"], document["container"], document["route"]) == (method, container, "/Base/User/1")
    assert document["parameters"] == expected(body, container)
    # The server reads the credentials in a JSON body, but no fields.
    assert document["fields"] == (PARAMETERS if container in ("form", "multipart") else {})
    # PHP reads the files of a POST only.
    if container == "multipart":
        report = document["files"]["upload"]
        assert (report["size"], report["sha256"]) == (3_000_000, hashlib.sha256(file.read_bytes()).hexdigest())
    outcomes[method, body] = f"200, read from {container}"


UNREAD = [(method, body) for method, body in ALLOWED if CONTAINERS[method][body] == "query" and body != "no body"]


@pytest.mark.parametrize(("method", "body"), UNREAD)
def test_body_that_the_server_does_not_read_is_still_sent(
    method: str, body: str, helpdesk: Helpdesk, file: Path
) -> None:
    length = send("-X", method, *body_options(body, file), helpdesk.echo).document["raw_length"]
    assert length == len(urlencode(PAIRS)) if body == "form" else length > 3_000_000


def test_post_without_a_body_is_refused(helpdesk: Helpdesk, outcomes: dict[tuple[str, str], str]) -> None:
    result = run("request", "-X", "POST", helpdesk.user)
    message = status_message("KAYAKO_CONTENT_TYPE_UNSUPPORTED")
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err == failure(f"{message}. An empty form is -d ''.")
    assert send("-d", "", helpdesk.user).document["container"] == "form"
    outcomes["POST", "no body"] = f"refused: {message}"


@pytest.mark.parametrize("method", ["PATCH", "HEAD", "OPTIONS", "get", "POST ", ""])
@pytest.mark.parametrize("body", ["no body", "form", "multipart"])
def test_unknown_method_is_refused(method: str, body: str, helpdesk: Helpdesk, file: Path) -> None:
    result = run("request", "-X", method, *body_options(body, file), helpdesk.user)
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err == failure(status_message("KAYAKO_METHOD_UNSUPPORTED"))
