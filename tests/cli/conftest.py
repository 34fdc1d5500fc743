"""Fixtures of several test files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from command import SECRET_KEY
from helpdesk import Helpdesk


@pytest.fixture(scope="session")
def helpdesk() -> Iterator[Helpdesk]:
    """Runs the stand-in helpdesk in PHP, with the vendor's sample keys."""
    with Helpdesk() as running:
        yield running


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    """Writes the secret key to a file that only its owner may read."""
    file = tmp_path / "secret.key"
    file.touch(0o600)
    file.write_text(SECRET_KEY + "\n")
    return file
