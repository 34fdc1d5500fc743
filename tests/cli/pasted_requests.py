"""Requests, and the shapes in which people paste them."""

from __future__ import annotations

from typing import Callable
from urllib.parse import quote

from command import DONE, REFUSED, SALT, SIGNATURE, Result, run

CREDENTIALS = f"apikey=apikey&salt={SALT}&signature={quote(SIGNATURE, safe='')}"
TARGET = "/api/index.php?/Base/User/1"
FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"
MULTIPART = "Content-Type: multipart/form-data; boundary=X"


def wire(line: str, *headers: str, body: str = "", end: str = "\r\n") -> bytes:
    """Writes a request as it is sent over the wire."""
    return (end.join([line, "Host: help.example.com", *headers, "", ""]) + body).encode()


def get(query: str = f"&{CREDENTIALS}") -> bytes:
    """Writes a GET. It is signed unless another query is given."""
    return wire(f"GET {TARGET}{query} HTTP/1.1")


def post(body: str, *headers: str, target: str = TARGET, end: str = "\r\n") -> bytes:
    """Writes a POST. It is a form unless other headers are given."""
    length = f"Content-Length: {len(body.encode())}"
    return wire(f"POST {target} HTTP/1.1", *(headers or (FORM,)), length, body=body, end=end)


def explained(request: bytes) -> Result:
    """Runs `check`, which must be able to read the request."""
    result = run("check", stdin=request)
    assert result.code in (DONE, REFUSED), result.err
    return result


def line(result: Result, label: str) -> str:
    """Returns the text after this label in an explanation."""
    (found,) = (line[16:] for line in result.lines[1:] if line[2:16].rstrip() == label)
    return found


def prefixed(request: bytes, noise: bytes = b"") -> bytes:
    """Writes a request as `curl -v` prints it, and its body after that."""
    head, _, body = request.partition(b"\r\n\r\n")
    sent = [b"> " + line for line in [*head.split(b"\r\n"), b""]]
    return b"\r\n".join([b"* Connected", *sent, b""]) + noise + body


def as_http2(request: bytes, template: str) -> bytes:
    """Writes a request as pseudo headers, each of them in the form of this template."""
    head, _, body = request.decode().partition("\r\n\r\n")
    first, _host, *headers = head.split("\r\n")
    method, target, _ = first.split(" ")
    pseudo = [f":method: {method}", f":path: {target}", ":scheme: https", ":authority: help.example.com"]
    small = [f"{name.lower()}: {value}" for name, _, value in (header.partition(": ") for header in headers)]
    notes = ["* Using Stream ID: 1 (easy handle 0x5)"]
    return "\n".join([*map(template.format, pseudo + small), *notes, "", body]).encode()


#: Each shape by its name, with a function that writes a request in it.
SHAPES: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda request: request,
    "LF": lambda request: request.replace(b"\r\n", b"\n"),
    "a newline after": lambda request: request + b"\n",
    "empty lines before": lambda request: b"\r\n\n" + request,
    "HTTP/1.0": lambda request: request.replace(b"HTTP/1.1", b"HTTP/1.0"),
    "HTTP/2": lambda request: request.replace(b"HTTP/1.1", b"HTTP/2"),
    "no version": lambda request: request.replace(b" HTTP/1.1", b""),
    "no length": lambda request: request.replace(b"Content-Length", b"X-Length") + b"\n",
    "no host": lambda request: request.replace(b"Host: help.example.com\r\n", b""),
    "Wireshark": lambda request: request + b"HTTP/1.1 401 Unauthorized\r\nHost: x\r\n\r\nNO SALT PROVIDED!",
    "to a proxy": lambda request: request.replace(b" /", b" https://user:password@help.example.com/", 1),
    "curl -v": prefixed,
    "curl -v, copied": lambda request: prefixed(request).replace(b"\r\n", b"\n").replace(b"> \n", b">\n"),
    "curl -v, an empty line before the body": lambda request: prefixed(request, b"\n"),
    "curl -v, upload": lambda request: prefixed(
        request, b"} [9 bytes data]\n* upload completely sent off: 9 bytes\n{ [17 bytes data]\n"
    ),
    "curl -v, answer after": lambda request: (
        prefixed(request)
        + b"\n* HTTP 1.0, assume close after body\n< HTTP/1.1 401 Unauthorized\r\n< Host: x\r\n< \r\nNO SALT PROVIDED!"
    ),
    "curl -v, body after the answer": lambda request: (
        prefixed(request.split(b"\r\n\r\n")[0] + b"\r\n\r\n")
        + b"< HTTP/1.1 401 Unauthorized\n< \n* Closing\nNO SALT PROVIDED!\n\n"
        + request.partition(b"\r\n\r\n")[2]
    ),
    "curl -v, through a tunnel": lambda request: (
        b"> CONNECT help:443 HTTP/1.1\n> Host: help:443\n> \n< HTTP/1.1 200\n< \n" + prefixed(request)
    ),
    "curl -v, HTTP/2": lambda request: (
        as_http2(request, "* [HTTP/2] [1] [{}]").split(b"\n\n")[0]
        + b"\n"
        + prefixed(request.replace(b"HTTP/1.1", b"HTTP/2"))
    ),
    "curl 8 without its > lines": lambda request: as_http2(request, "* [HTTP/2] [1] [{}]"),
    "curl 8, copied without stars": lambda request: as_http2(request, "[HTTP/2] [1] [{}]"),
    "curl 7.88 without its > lines": lambda request: as_http2(request, "* h2h3 [{}]"),
    "pseudo headers": lambda request: as_http2(request, "{}"),
}

#: Requests that are accepted.
REQUESTS = {
    "GET": get(),
    "POST": post(f"name=%0A&{CREDENTIALS}"),
    "JSON": post(f'{{\n  "apikey": "apikey",\n  "salt": {SALT},\n  "signature": "{SIGNATURE}"\n}}', JSON),
    "multipart": post(
        "".join(
            f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {"a": "> a\r\n\r\nb", "apikey": "apikey", "salt": SALT, "signature": SIGNATURE}.items()
        )
        + "--X--\r\n",
        MULTIPART,
    ),
}
