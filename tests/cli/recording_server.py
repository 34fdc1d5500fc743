"""A server that keeps the bytes of each request, and a way to compare two requests."""

from __future__ import annotations

import contextlib
import re
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass

#: Headers that only say how long the body is or how it is sent.
FRAMING = (b"content-length", b"transfer-encoding", b"expect")

SALT = rb"[0-9a-f]{32}"
FORM = rb"apikey=apikey&salt=" + SALT + rb"&signature=[\w%]+"
IN_URL = re.compile(b"&" + FORM)
IN_BODY = re.compile(
    rb"\A" + FORM + rb"&?"
    rb'|\A(?:--BOUNDARY\r\nContent-Disposition: form-data; name="(?:apikey|salt|signature)"\r\n\r\n.*\r\n){3}'
    rb'|"apikey":"apikey","salt":"' + SALT + rb'","signature":"[^"]+",?'
)


# No generated repr, because a failing test must not print a signature.
@dataclass(frozen=True, repr=False)
class Sent:
    """A request: its first line, its headers except those in FRAMING, and its body."""

    line: bytes
    headers: tuple[bytes, ...]
    body: bytes

    @staticmethod
    def read(raw: bytes) -> Sent:
        """Splits a request. The random boundary of curl is replaced by the word BOUNDARY."""
        head, _, body = raw.partition(b"\r\n\r\n")
        line, *headers = head.split(b"\r\n")
        if boundary := re.search(rb"boundary=([\w-]+)", head):
            headers = [header.replace(boundary[1], b"BOUNDARY") for header in headers]
            body = body.replace(b"--" + boundary[1], b"--BOUNDARY")
        kept = tuple(header for header in headers if header.split(b":")[0].lower() not in FRAMING)
        return Sent(line, kept, body)

    def unsigned(self) -> Sent:
        """Returns the request without its credentials, which must be in it once."""
        line, in_url = IN_URL.subn(b"", self.line)
        body, in_body = IN_BODY.subn(b"", self.body)
        assert (in_url, in_body) in {(1, 0), (0, 1)}, "the credentials are missing, or are there more than once"
        return Sent(line, self.headers, body)

    def difference(self, other: Sent) -> str:
        """Returns the names of the parts in which two requests differ, without their content."""
        parts = {"line": self.line == other.line, "headers": self.headers == other.headers}
        parts |= {f"body, {len(self.body)} and {len(other.body)} bytes": self.body == other.body}
        return ", ".join(part for part, is_equal in parts.items() if not is_equal)


class Server(socketserver.ThreadingTCPServer):
    """Keeps in `raw` the last request, with the chunks of its body joined."""

    daemon_threads = True
    allow_reuse_address = True
    raw = b""

    @property
    def url(self) -> str:
        """The URL of this server, with a route."""
        return f"http://127.0.0.1:{self.server_address[1]}/api/index.php?/Base/User/1"


class Handler(socketserver.StreamRequestHandler):
    """Handles one request on a connection."""

    server: Server

    def handle(self) -> None:
        """Reads a request to its end, and answers 200."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return
            head += line
        if re.search(rb"(?im)^expect:", head):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = re.search(rb"(?im)^content-length: *(\d+)", head)
        is_chunked = re.search(rb"(?im)^transfer-encoding: *chunked", head)
        self.server.raw = head + (self.chunks() if is_chunked else self.rfile.read(int(length[1]) if length else 0))
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def chunks(self) -> bytes:
        """Reads a body in chunks and returns them joined."""
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body


@contextlib.contextmanager
def started() -> Iterator[Server]:
    """Runs a server on a free port."""
    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()
