"""Signs requests with the command and sends them to the stand-in helpdesk with curl."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command import KEYS, Argument, Result, run


@dataclass(frozen=True)
class Answer:
    """The answer that curl received."""

    status: int
    text: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON body, which the stand-in helpdesk sends only if it accepts the request."""
        assert self.status == 200, f"{self.status} {self.text}"
        document: dict[str, Any] = json.loads(self.text)
        return document


def curl(*options: Argument, config: bytes = b"", cwd: Path | None = None) -> tuple[int, Answer]:
    """Runs curl on a configuration, without the user's own one and with PATH as its only variable."""
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
    """Does what `kayako-sign request … | curl -K -` does."""
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
    """Runs `kayako-sign request`, which must succeed and print no message."""
    signed = run("request", *arguments, environment=environment, stdin=stdin, cwd=cwd)
    assert (signed.code, signed.err) == (0, "")
    return signed
