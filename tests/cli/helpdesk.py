"""The stand-in helpdesk, and curl, which sends it what the command signs."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command import KEYS, ROOT, Argument, Result, run

PROGRAM = ROOT / "tests/helpdesk/index.php"


@dataclass(frozen=True)
class Helpdesk:
    """A helpdesk that runs."""

    port: int

    @property
    def base(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        """The address of a route."""
        return f"{self.base}/api/index.php?/Base/User/1"

    @property
    def echo(self) -> str:
        """The URL of the probe that shows how PHP reads a request."""
        return f"{self.base}/echo/?/Base/User"


@contextlib.contextmanager
def started(keys: Mapping[str, str] = KEYS) -> Iterator[Helpdesk]:
    """Run a helpdesk with these keys on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    settings = ["-d", "display_errors=0", "-d", "upload_max_filesize=20M", "-d", "post_max_size=24M"]
    server = subprocess.Popen(
        ["php", *settings, "-S", f"127.0.0.1:{port}", PROGRAM],
        env={**os.environ, **keys},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(server, port)
        yield Helpdesk(port)
    finally:
        server.terminate()
        server.wait()


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server answers."""
    for _ in range(500):
        assert server.poll() is None, "php -S did not start"
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise AssertionError("php -S does not answer")


@dataclass(frozen=True)
class Answer:
    """What curl got."""

    status: int
    text: str

    @property
    def document(self) -> dict[str, Any]:
        """The body as JSON, which the stand-in sends when it lets a request in."""
        assert self.status == 200, f"{self.status} {self.text}"
        document: dict[str, Any] = json.loads(self.text)
        return document


def curl(*options: Argument, config: bytes = b"", cwd: Path | None = None) -> tuple[int, Answer]:
    """Run curl on a configuration. Its own configuration file and every variable of the environment are left out."""
    marker = "\n--status--"
    done = subprocess.run(
        ["curl", "--disable", "--silent", "--write-out", marker + "%{http_code}", *options, "--config", "-"],
        input=config,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        cwd=cwd,
        timeout=60,
    )
    text, _, status = done.stdout.decode().partition(marker)
    return done.returncode, Answer(int(status or 0), text)


def send(
    *arguments: Argument,
    environment: Mapping[str, str | bytes] = KEYS,
    stdin: bytes | int | None = None,
    cwd: Path | None = None,
) -> Answer:
    """Do what `kayako-sign request … | curl -K -` does."""
    signed = request(*arguments, environment=environment, stdin=stdin, cwd=cwd)
    code, answer = curl(config=signed.out, cwd=cwd)
    assert code == 0, f"curl ended with {code}"
    return answer


def request(
    *arguments: Argument,
    environment: Mapping[str, str | bytes] = KEYS,
    stdin: bytes | int | None = None,
    cwd: Path | None = None,
) -> Result:
    """Run `kayako-sign request`, which must succeed and say nothing."""
    signed = run("request", *arguments, environment=environment, stdin=stdin, cwd=cwd)
    assert (signed.code, signed.err) == (0, "")
    return signed
