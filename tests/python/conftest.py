"""What several test files use."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest

import kayako_sign

REPOSITORY = Path(__file__).parents[2]

Script = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the whole repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def header(repository: Path) -> str:
    """The C header, which the package must agree with."""
    return (repository / "include/kayako_sign.h").read_text(encoding="utf-8")


@pytest.fixture
def script() -> Script:
    """Runs a program in a Python of its own, where it may crash, fork or end as it likes."""

    def run(program: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        assert kayako_sign.__file__ is not None
        package = Path(kayako_sign.__file__).parents[1]
        return subprocess.run(
            [sys.executable, "-X", "faulthandler", "-c", program],
            env={**os.environ, "PYTHONPATH": str(package), **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
