"""Each HTTP client with each method and kind of body: what the server takes arrives whole, all else is not sent."""

import asyncio
import hashlib
import json
import random
import urllib.request
from collections.abc import AsyncIterator, Iterator
from typing import Any, Callable, NamedTuple, Optional
from urllib.parse import quote, urlencode

import httpx
import pytest
import requests

from helpdesk import Helpdesk, Recorder
from kayako_sign import Signer
from kayako_sign.httpx import KayakoAuth as HttpxAuth
from kayako_sign.requests import KayakoAuth as RequestsAuth

TEXT = "& = + % # space é\nnewline"
FILE = random.Random(1).randbytes(3_000_000)
FILE_NAME = "façade & co.bin"

# What is sent, and what PHP makes of it: of a repeated name it keeps the last.
QUERY = f"q={quote(TEXT)}&a%5B%5D=1&a%5B%5D=2&blank=&twice=1&twice=2"
QUERY_READ = {"q": TEXT, "a": ["1", "2"], "blank": "", "twice": "2"}
FIELDS = {"text": TEXT, "a[]": ["1", "2"], "b[c][d]": "3", "blank": "", "twice": ["1", "2"]}
FIELDS_READ = {"text": TEXT, "a": ["1", "2"], "b": {"c": {"d": "3"}}, "blank": "", "twice": "2"}
DOCUMENT = {"text": TEXT, "a": ["1", "2"], "b": {"c": {"d": 3}}, "blank": "", "none": None}
FILE_READ = {"name": FILE_NAME, "size": len(FILE), "sha256": hashlib.sha256(FILE).hexdigest()}

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
BODIES = ("none", "form", "multipart", "JSON", "plain text", "stream", "JSON type alone")


class Sent(NamedTuple):
    """What a server answered."""

    status: int
    text: str


def send_by_requests(signer: Signer, method: str, url: str, body: str) -> Sent:
    """Sends as requests does it, with the plug-in."""
    arguments: dict[str, dict[str, Any]] = {
        "none": {},
        "form": {"data": FIELDS},
        "multipart": {"data": FIELDS, "files": {"file": (FILE_NAME, FILE)}},
        "JSON": {"json": DOCUMENT},
        "plain text": {"data": b"text", "headers": {"Content-Type": "text/plain"}},
        "stream": {"data": iter([b"text=1"]), "headers": {"Content-Type": FORM}},
        "JSON type alone": {"headers": {"Content-Type": JSON}},
    }
    with requests.Session() as session:
        response = session.request(method, url, auth=RequestsAuth(signer), **arguments[body])
        return Sent(response.status_code, response.content.decode())


def of_httpx(body: str, stream: object) -> dict[str, Any]:
    arguments: dict[str, dict[str, Any]] = {
        "none": {},
        "form": {"data": FIELDS},
        "multipart": {"data": FIELDS, "files": {"file": (FILE_NAME, FILE)}},
        "JSON": {"json": DOCUMENT},
        "plain text": {"content": "text", "headers": {"Content-Type": "text/plain"}},
        "stream": {"content": stream, "headers": {"Content-Type": FORM}},
        "JSON type alone": {"headers": {"Content-Type": JSON}},
    }
    return arguments[body]


def send_by_httpx(signer: Signer, method: str, url: str, body: str) -> Sent:
    """Sends as httpx does it, with the plug-in."""

    def stream() -> Iterator[bytes]:
        yield urlencode(FIELDS, doseq=True).encode()

    with httpx.Client(auth=HttpxAuth(signer)) as client:
        response = client.request(method, url, **of_httpx(body, stream()))
        return Sent(response.status_code, response.content.decode())


def send_by_async_httpx(signer: Signer, method: str, url: str, body: str) -> Sent:
    """The same, asynchronously."""

    async def stream() -> AsyncIterator[bytes]:
        yield urlencode(FIELDS, doseq=True).encode()

    async def send() -> Sent:
        async with httpx.AsyncClient(auth=HttpxAuth(signer)) as client:
            response = await client.request(method, url, **of_httpx(body, stream()))
            return Sent(response.status_code, response.content.decode())

    return asyncio.run(send())


def send_by_urllib(signer: Signer, method: str, url: str, body: str) -> Sent:
    """Sends as somebody does it who has no client but urllib, and signs by hand."""
    boundary = "----0123456789abcdef"
    data: dict[str, tuple[Optional[str], Any]] = {
        "none": (None, b""),
        "form": (FORM, urlencode(FIELDS, doseq=True)),
        "multipart": (f"multipart/form-data; boundary={boundary}", multipart(boundary)),
        "JSON": (JSON, json.dumps(DOCUMENT)),
        "plain text": ("text/plain", "text"),
        "stream": (FORM, iter([b"text=1"])),
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
    request = urllib.request.Request(url, content or None, headers, method=method)
    with urllib.request.urlopen(request) as response:
        return Sent(response.status, response.read().decode())


def multipart(boundary: str) -> bytes:
    """A multipart body, written by hand."""
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, values in FIELDS.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    parts.append(f'Content-Disposition: form-data; name="file"; filename="{FILE_NAME}"\r\n\r\n'.encode() + FILE)
    return b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts) + b"--%s--\r\n" % boundary.encode()


CLIENTS: dict[str, Callable[[Signer, str, str, str], Sent]] = {
    "requests": send_by_requests,
    "httpx": send_by_httpx,
    "async httpx": send_by_async_httpx,
    "urllib": send_by_urllib,
}


def container(method: str, body: str) -> Optional[str]:
    """Where the protocol has the credentials of such a request, if anywhere."""
    if body == "JSON type alone" or method == "PATCH":
        return None
    if body == "JSON":
        return "json"
    if method == "POST":
        return {"multipart": "multipart", "plain text": None}.get(body, "form")
    return "form" if method == "PUT" and body in ("form", "stream") else "query"


def reason(client: str, method: str, body: str) -> Optional[str]:
    """What the sentence of a refusal begins with, for a request that is not to be sent."""
    if body == "stream" and client in ("requests", "urllib"):
        return "body: must be str"
    if container(method, body):
        return None
    if body == "JSON type alone":
        return "body: must be a JSON object for the content type application/json"
    return "method: must be GET, POST, PUT or DELETE" if method == "PATCH" else "content type: must be"


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("client", CLIENTS)
def test_a_request_arrives_whole_or_is_refused_before_it_is_sent(
    client: str, method: str, body: str, signer: Signer, helpdesk: Helpdesk, recorder: Recorder, matrix: list[str]
) -> None:
    row = f"{client:11}  {method:6}  {body:15} -> "
    expected = reason(client, method, body)
    if expected is not None:
        with pytest.raises((ValueError, TypeError)) as refused:
            CLIENTS[client](signer, method, f"{recorder.api}?/Tickets/Ticket/1&{QUERY}", body)
        assert str(refused.value).startswith(expected)
        assert recorder.received == []
        matrix.append(f"{row}refused: {refused.value}")
        return
    sent = CLIENTS[client](signer, method, f"{helpdesk.api}?/Tickets/Ticket/1&{QUERY}", body)
    assert sent.status == 200, sent.text
    where = container(method, body)
    parameters = {"form": FIELDS_READ, "multipart": FIELDS_READ, "json": DOCUMENT, "query": QUERY_READ}[str(where)]
    assert json.loads(sent.text) == {
        "route": "/Tickets/Ticket/1",
        "method": method,
        "container": where,
        "parameters": {} if (method, body) == ("POST", "none") else parameters,
        "files": {"file": FILE_READ} if where == "multipart" else {},
        "query": {} if where == "query" else QUERY_READ,
        "source": "query",
        "app": "Tickets",
        "controller": "Ticket",
        "arguments": ["1"],
        # A JSON body carries the credentials, and no field.
        "fields": FIELDS_READ if where in ("form", "multipart") and body != "none" else {},
    }
    unread = "; the server does not read its body" if where == "query" and body != "none" else ""
    matrix.append(f"{row}accepted: credentials in the {where}{unread}")
