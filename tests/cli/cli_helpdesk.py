"""`kayako-sign helpdesk` as it runs, and requests as bytes, for what no client would send."""

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
class Own:
    """The command, serving."""

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
        """Wait for the next report, which --json prints."""
        report: dict[str, Any] = json.loads(self.reports.get(timeout=30))
        return report


def keep_reports(own: Own) -> None:
    """Read what it prints, to its end."""
    for line in own.process.stdout or ():
        own.reports.put(line.decode())


@contextlib.contextmanager
def running(*arguments: Argument) -> Iterator[Own]:
    """Run it with the sample keys on a free port, with --json."""
    command = [BINARY, "helpdesk", "--listen", "127.0.0.1:0", "--json", *arguments]
    process = subprocess.Popen(command, env=KEYS, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    said = process.stderr.readline().decode()
    port = re.search(r"at http://127\.0\.0\.1:(\d+)/api/index\.php", said)
    assert port is not None, said
    own = Own(process, int(port[1]))
    reader = threading.Thread(target=keep_reports, args=(own,))
    reader.start()
    try:
        yield own
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
        reader.join()
        process.stdout.close()
        process.stderr.close()


@dataclass(frozen=True)
class Answer:
    """An answer, taken apart."""

    status: int
    headers: dict[str, str]
    body: str


def exchange(port: int, request: bytes) -> Answer:
    """Send bytes and read all that comes back. The request must ask for the connection to be closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        # Who is refused early may close before all is sent.
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
