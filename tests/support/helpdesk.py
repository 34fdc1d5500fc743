"""Starts the stand-in helpdesk, which is written in PHP."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

SERVE = Path(__file__).parents[1] / "helpdesk/serve.sh"
#: The vendor's sample keys.
KEYS = {"KAYAKO_API_KEY": "apikey", "KAYAKO_SECRET_KEY": "secretkey"}


class Helpdesk:
    """The stand-in helpdesk. It runs on a free port until the `with` block ends."""

    def __init__(self, keys: Mapping[str, str] = KEYS) -> None:
        assert shutil.which("php"), "the stand-in helpdesk is written in PHP: install php-cli"
        self.environment = {**os.environ, **keys}
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        """The URL of the API, without a route."""
        return f"{self.origin}/api/index.php"

    @property
    def user(self) -> str:
        """The URL of one route."""
        return f"{self.api}?/Base/User/1"

    @property
    def echo(self) -> str:
        """The URL of the probe that shows how PHP reads a request."""
        return f"{self.origin}/echo/?/Base/User"

    def __enter__(self) -> Helpdesk:
        silent = subprocess.DEVNULL
        command = ["sh", str(SERVE), f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(command, env=self.environment, stdin=silent, stdout=silent, stderr=silent)
        deadline = time.monotonic() + 20
        while not listens(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise AssertionError(f"the stand-in helpdesk did not start: {' '.join(command)}")
            time.sleep(0.02)
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
