from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from blocks import BLOCKS, ROOT
from cli_helpdesk import CliHelpdesk, running


@pytest.fixture(scope="session")
def helpdesk() -> Iterator[CliHelpdesk]:
    """Runs the stand-in helpdesk that the blocks send their requests to."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Installs the library and the command, and returns the prefix."""
    prefix = tmp_path_factory.mktemp("prefix")
    command = ["make", "install", f"PREFIX={prefix}", "LIBDIR=lib", "DESTDIR="]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return prefix


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    count = Counter(block.language for block in BLOCKS)
    terminalreporter.write_line(
        "blocks: " + ", ".join(f"{number} {language}" for language, number in sorted(count.items()))
    )
