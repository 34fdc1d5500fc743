"""Servers for the tests: one that keeps the requests that it receives, and a proxy."""

import re
import socket
import ssl
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable, NamedTuple, Optional
from urllib.parse import unquote_to_bytes


class Received(NamedTuple):
    """A request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def __repr__(self) -> str:
        # A failing test prints this, and must not show the signature in the rest.
        return f"<{self.method} with credentials>" if self.has_credentials else f"<{self.method} without credentials>"

    @property
    def whole(self) -> bytes:
        return f"{self.target} {self.headers} ".encode() + self.body

    @property
    def salts(self) -> list[bytes]:
        """The fresh salts in it, in any container."""
        return re.findall(rb"salt\W+([0-9a-f]{32})", self.whole)

    @property
    def secrets(self) -> list[bytes]:
        """The salts and signatures in it, as they were sent and percent-decoded."""
        found = re.findall(rb"(?:salt|signature)\W+([\w%+/\\]{32,}=*)", self.whole)
        return [form for secret in found for form in {secret, unquote_to_bytes(secret)}]

    @property
    def has_credentials(self) -> bool:
        return any(name in self.whole for name in (b"apikey", b"salt", b"signature"))


Answer = tuple[int, dict[str, str]]


class Server(ThreadingHTTPServer):
    request_queue_size = 100  # for tests with many clients at once


class Recorder:
    """A server that keeps the requests that it receives. It answers 200, unless `answer` returns another answer.

    If `answer` raises ConnectionResetError, the server resets the connection.
    """

    def __init__(self, tls: Optional[ssl.SSLContext] = None) -> None:
        self.received: list[Received] = []
        self.busy: set[object] = set()
        self.answer: Callable[[Received], Optional[Answer]] = lambda received: None
        self.server = Server(("127.0.0.1", 0), self.handler())
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        self.origin = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self.api = f"{self.origin}/api/index.php"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def handler(self) -> type[BaseHTTPRequestHandler]:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 10  # for a client that sends less than its Content-Length

            def handle(self) -> None:
                recorder.busy.add(self)
                try:
                    super().handle()
                finally:
                    recorder.busy.discard(self)

            def handle_any(self) -> None:
                body = self.body()
                if body is None:
                    self.close_connection = True
                    return
                received = Received(self.command, self.path, dict(self.headers), body)
                recorder.received.append(received)
                try:
                    status, headers = recorder.answer(received) or (200, {})
                except ConnectionResetError:
                    # With this option, closing the connection sends a reset.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(status)
                for name, value in {**headers, "Content-Length": "0"}.items():
                    self.send_header(name, value)
                self.end_headers()

            def body(self) -> Optional[bytes]:
                """Returns the body, or None if the client breaks it off."""
                if self.headers.get("Transfer-Encoding") != "chunked":
                    length = int(self.headers.get("Content-Length", 0))
                    body = self.rfile.read(length)
                    return body if len(body) == length else None
                pieces: list[bytes] = []
                while line := self.rfile.readline():
                    pieces.append(self.rfile.read(int(line, 16)))
                    self.rfile.readline()
                    if int(line, 16) == 0:
                        return b"".join(pieces)
                return None

            def log_request(self, code: object = "-", size: object = "-") -> None:
                pass

        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"):
            setattr(Handler, f"do_{method}", Handler.handle_any)
        return Handler

    def wait(self) -> None:
        """Waits until it has handled all connections, at most 20 seconds."""
        deadline = time.monotonic() + 20
        while self.busy and time.monotonic() < deadline:
            time.sleep(0.01)

    def __enter__(self) -> "Recorder":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Tunnel:
    """A proxy that forwards bytes both ways, and keeps the requests that asked it to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self.accept)

    def accept(self) -> None:
        while True:
            client, _ = self.listener.accept()
            with client:
                client.settimeout(10)  # for a client that does not close its connection
                request = client.recv(65536).decode()
                if not request:
                    return
                self.asked.append(request)
                host, _, port = request.split()[1].partition(":")
                with socket.create_connection((host, int(port))) as server:
                    client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                    back = threading.Thread(target=relay, args=(server, client))
                    back.start()
                    relay(client, server)
                    back.join()

    def __enter__(self) -> "Tunnel":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        socket.create_connection(self.listener.getsockname()).close()
        self.thread.join()
        self.listener.close()


def relay(source: socket.socket, target: socket.socket) -> None:
    """Forwards everything from one side to the other, until it ends."""
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
