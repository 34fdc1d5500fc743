"""Sends each method and kind of body with each HTTP client. It arrives unchanged, or the package refuses it first."""

import hashlib
import json
import urllib.request
from typing import Any, Optional
from urllib.parse import quote

import pytest

from clients import (
    BODIES,
    BOUNDARY,
    CLIENTS,
    DOCUMENT,
    FIELDS,
    FILE,
    FILE_NAME,
    FORM,
    JSON,
    PAIRS,
    STREAMS,
    TEXT,
    Answer,
    Request,
    multipart,
)
from helpdesk import Helpdesk
from kayako_sign import KayakoSignError, Signer
from servers import Recorder

# The query that is sent, and the parameters that PHP reads. PHP keeps the last value of a repeated name.
QUERY = f"q={quote(TEXT)}&a%5B%5D=1&a%5B%5D=2&blank=&twice=1&twice=2"
QUERY_READ = {"q": TEXT, "a": ["1", "2"], "blank": "", "twice": "2"}
FIELDS_READ = {"text": TEXT, "a": ["1", "2"], "b": {"c": {"d": "3"}}, "blank": "", "twice": "2"}
FILE_READ = {"name": FILE_NAME, "size": len(FILE), "sha256": hashlib.sha256(FILE).hexdigest()}

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


def by_urllib(signer: Signer, helpdesk: str, request: Request) -> Answer:
    """Sends a request with urllib, signed by the methods of Signer."""
    method, url, body = request.method, request.url, request.body
    data: dict[str, tuple[Optional[str], Any]] = {
        "none": (None, b""),
        "form": (FORM, "&".join(f"{quote(name)}={quote(value)}" for name, value in PAIRS)),
        "multipart": (f"multipart/form-data; boundary={BOUNDARY}", multipart()),
        "JSON": (JSON, json.dumps(DOCUMENT)),
        "plain text": ("text/plain", "text"),
        "JSON type alone": (JSON, b""),
    }
    content_type, content = data[body]
    if (method, body) in (("GET", "none"), ("DELETE", "none")):
        url, content = signer.sign_url(url), b""
    elif (method, body) == ("POST", "none"):
        content_type, content = FORM, signer.sign_form({}).encode()
    elif method in ("POST", "PUT") and body == "form":
        content = signer.sign_form(FIELDS).encode()
    else:
        url, content = signer.sign_request(method, url, content_type, content)
    headers = {} if content_type is None else {"Content-Type": content_type}
    sent = urllib.request.Request(url, content or None, headers, method=method)
    with urllib.request.urlopen(sent) as response:
        return Answer(response.status, response.read().decode(), "")


ALL = {**CLIENTS, "urllib": by_urllib}
# sign_request() takes no streams.
CASES = [
    (client, method, body)
    for client in ALL
    for method in METHODS
    for body in BODIES
    if client != "urllib" or body not in STREAMS
]


def container(method: str, body: str) -> Optional[str]:
    """Returns the container into which the credentials of such a request go, or None if it is refused."""
    if body in ("JSON stream", "JSON type alone") or method == "PATCH":
        return None
    if body == "JSON":
        return "json"
    if method == "POST":
        kind = body.replace(" stream", "")
        return {"multipart": "multipart", "plain text": None, "octet": None}.get(kind, "form")
    return "form" if method == "PUT" and body in ("form", "form stream") else "query"


@pytest.mark.parametrize(("client", "method", "body"), CASES)
def test_a_request_arrives_unchanged_or_is_refused_before_it_is_sent(
    client: str, method: str, body: str, signer: Signer, helpdesk: Helpdesk, recorder: Recorder, matrix: list[str]
) -> None:
    row = f"{client:11}  {method:6}  {body:16} -> "
    where = container(method, body)
    server = recorder if where is None else helpdesk
    request = Request(method, f"{server.api}?/Tickets/Ticket/1&{QUERY}", body)
    if where is None:
        with pytest.raises(KayakoSignError) as refused:
            ALL[client](signer, server.origin, request)
        about = "method: " if method == "PATCH" else "body: " if "JSON" in body else "content type: "
        assert str(refused.value).startswith(about)
        assert recorder.received == []
        matrix.append(f"{row}refused: {refused.value}")
        return
    answer = ALL[client](signer, server.origin, request)
    assert answer.status == 200, answer.text
    fields = {"form": FIELDS_READ, "multipart": FIELDS_READ, "json": DOCUMENT, "query": QUERY_READ}[where]
    read: dict[str, Any] = json.loads(answer.text)
    expected = {
        "route": "/Tickets/Ticket/1",
        "method": method,
        "container": where,
        "parameters": {} if (method, body) == ("POST", "none") else fields,
        "files": {"file": FILE_READ} if where == "multipart" else {},
        "query": {} if where == "query" else QUERY_READ,
        # The server reads the credentials in a JSON body, but no fields.
        "fields": FIELDS_READ if where in ("form", "multipart") and body != "none" else {},
    }
    assert {name: read[name] for name in expected} == expected
    unread = "; the server does not read its body" if where == "query" and body != "none" else ""
    matrix.append(f"{row}accepted: credentials in the {where}{unread}")
