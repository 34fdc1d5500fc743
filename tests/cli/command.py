"""Runs the command as its user would run it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Union

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("KAYAKO_SIGN_COMMAND", ROOT / "target/release/kayako-sign")).resolve()

#: The vendor's sample keys and salt, and the signature that they give.
API_KEY, SECRET_KEY, SALT = "apikey", "secretkey", "1234567890"
SIGNATURE = "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0="
KEYS = {"KAYAKO_API_KEY": API_KEY, "KAYAKO_SECRET_KEY": SECRET_KEY}

#: A URL that has a route.
URL = "https://help.example.com/api/index.php?/Base/User/1"

DONE, REFUSED, FAILED = 0, 1, 2

Argument = Union[str, bytes, Path]


# No generated repr, because a failing test prints it, and that must not show a signature.
@dataclass(frozen=True, repr=False)
class Result:
    """The exit code of a run and what it printed."""

    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of standard output, without their newlines."""
        return self.out.decode().splitlines()


def run(
    *arguments: Argument,
    environment: Mapping[str, str | bytes] = KEYS,
    stdin: bytes | int | None = None,
    pass_fds: Sequence[int] = (),
    cwd: Path | None = None,
) -> Result:
    """Runs the command with the given environment only. `stdin` is the input, or a descriptor to read it from."""
    with subprocess.Popen(
        [BINARY, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL if stdin is None else stdin if isinstance(stdin, int) else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=pass_fds,
        cwd=cwd,
    ) as process:
        # With its own timeout, subprocess polls for the end of the process, and sleeps about a millisecond each time.
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        out, err = process.communicate(stdin if isinstance(stdin, bytes) else None)
        watchdog.cancel()
    return Result(process.returncode, out, err.decode())


def write_to(stdout: int | IO[bytes], *arguments: Argument) -> Result:
    """Runs the command with a signed request on its standard input, and its standard output sent to `stdout`."""
    signed = f"GET /api/index.php?/Base/User&apikey={API_KEY}&salt={SALT}&signature={SIGNATURE} HTTP/1.1\r\n\r\n"
    done = subprocess.run(
        [BINARY, *arguments], env=KEYS, input=signed.encode(), stdout=stdout, stderr=subprocess.PIPE, timeout=60
    )
    return Result(done.returncode, b"", done.stderr.decode())


def signature_of(secret_key: bytes, salt: bytes) -> bytes:
    """Returns the signature, made without kayako-sign."""
    return base64.b64encode(hmac.new(secret_key, salt, hashlib.sha256).digest())


def failure(message: str) -> str:
    """Returns what the command writes to standard error if it fails with this message."""
    return f"kayako-sign: {message}\n"


def check(holds: bool, otherwise: str) -> None:
    """Asserts without letting pytest print both sides, which may be secret."""
    assert holds, otherwise
