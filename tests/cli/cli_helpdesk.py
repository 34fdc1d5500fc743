"""Runs `kayako-sign helpdesk`, and sends it requests as bytes, because no client would send some of them."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Queue
from typing import Any

from command import BINARY, KEYS, Argument


@dataclass(frozen=True)
class CliHelpdesk:
    """A running `kayako-sign helpdesk`."""

    process: subprocess.Popen[bytes]
    port: int
    reports: Queue[str] = field(default_factory=Queue)

    @property
    def base(self) -> str:
        """The URL without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        """The URL without a route."""
        return f"{self.base}/api/index.php"

    def report(self) -> dict[str, Any]:
        """Waits for the next report that --json prints, and returns it."""
        report: dict[str, Any] = json.loads(self.reports.get(timeout=30))
        return report


def keep_reports(server: CliHelpdesk) -> None:
    """Puts every line that it prints into the queue of reports, until it ends."""
    for line in server.process.stdout or ():
        server.reports.put(line.decode())


@contextlib.contextmanager
def running(*arguments: Argument) -> Iterator[CliHelpdesk]:
    """Runs it with --json and the sample keys, on a free port."""
    command = [BINARY, "helpdesk", "--listen", "127.0.0.1:0", "--json", *arguments]
    process = subprocess.Popen(command, env=KEYS, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    announcement = process.stderr.readline().decode()
    port = re.search(r"at http://127\.0\.0\.1:(\d+)/api/index\.php", announcement)
    assert port is not None, announcement
    server = CliHelpdesk(process, int(port[1]))
    reader = threading.Thread(target=keep_reports, args=(server,))
    reader.start()
    try:
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
        reader.join()
        process.stdout.close()
        process.stderr.close()


@dataclass(frozen=True)
class Answer:
    """An answer: its status, its headers by their lower-case names, and its body."""

    status: int
    headers: dict[str, str]
    body: str


def exchange(port: int, request: bytes) -> Answer:
    """Sends bytes and returns the answer. The request must ask the server to close the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        # If the server refuses the request early, it may close the connection before everything is sent.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
        raw = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    assert first.startswith("HTTP/1."), "no answer"
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Answer(int(first.split()[1]), headers, body.decode(errors="replace"))
