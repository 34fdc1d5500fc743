"""Fixtures of several test files, and the tables that the tests print."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Callable, Optional

import pytest

import kayako_sign
from helpdesk import Helpdesk
from kayako_sign import Signer
from servers import Recorder

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


@pytest.fixture(scope="session")
def helpdesk() -> Iterator[Helpdesk]:
    """The stand-in helpdesk."""
    with Helpdesk() as running:
        yield running


@pytest.fixture(scope="session")
def another_helpdesk() -> Iterator[Helpdesk]:
    """A second stand-in helpdesk, which is another origin because its port differs."""
    with Helpdesk() as running:
        yield running


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A server that keeps the requests that it receives."""
    with Recorder() as running:
        yield running


@pytest.fixture
def another_recorder() -> Iterator[Recorder]:
    """A second such server, on another port."""
    with Recorder() as running:
        yield running


@pytest.fixture
def signer() -> Signer:
    """A signer with the keys of the stand-in helpdesk."""
    return Signer("apikey", "secretkey")


@pytest.fixture
def script() -> Script:
    """Runs a program in a separate Python process, so that it may crash, fork or exit."""

    def run(program: str, arguments: Sequence[str] = (), **environment: str) -> "subprocess.CompletedProcess[str]":
        assert kayako_sign.__file__ is not None
        package = Path(kayako_sign.__file__).parents[1]
        return subprocess.run(
            [sys.executable, "-X", "faulthandler", "-c", program, *arguments],
            env={**os.environ, "PYTHONPATH": str(package), **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


MATRIX = pytest.StashKey[list[str]]()
MEMORY = pytest.StashKey[list[str]]()
# The title of each table, and its file in the folder of the logs.
TABLES = {
    MATRIX: ("client, method and body", "matrix-python.txt"),
    MEMORY: ("peak memory of an upload of 200 MB", "memory-python.txt"),
}


@pytest.fixture(scope="session")
def matrix(request: pytest.FixtureRequest) -> list[str]:
    """The lines of the table with the outcome of each client, method and body."""
    return request.config.stash.setdefault(MATRIX, [])


@pytest.fixture(scope="session")
def memory(request: pytest.FixtureRequest) -> list[str]:
    """The lines of the table with the peak memory of a large upload in each client."""
    return request.config.stash.setdefault(MEMORY, [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Sends the lines from a worker of pytest-xdist to the process that prints them."""
    output: Optional[dict[str, object]] = getattr(session.config, "workeroutput", None)
    if output is not None:
        empty: list[str] = []
        output["tables"] = {name: session.config.stash.get(key, empty) for key, (_, name) in TABLES.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Receives the lines of a worker."""
    for key, (_, name) in TABLES.items():
        node.config.stash.setdefault(key, []).extend(getattr(node, "workeroutput", {}).get("tables", {}).get(name, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Prints the tables and writes them to files."""
    for key, (title, name) in TABLES.items():
        if lines := config.stash.get(key, None):
            text = "".join(f"{line}\n" for line in lines)
            terminalreporter.section(title)
            terminalreporter.write(text)
            table = REPOSITORY / "target/test" / name
            table.parent.mkdir(parents=True, exist_ok=True)
            table.write_text(text, encoding="utf-8")
