from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from languages import ROOT, User

SIGNATURES = pytest.StashKey[dict[str, str]]()


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Installs the library, and returns the prefix."""
    folder = tmp_path_factory.mktemp("prefix")
    command = ["make", "install", f"PREFIX={folder}", "LIBDIR=lib", "DESTDIR="]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture
def user(tmp_path: Path, prefix: Path) -> User:
    return User(tmp_path, prefix)


@pytest.fixture(scope="session")
def signatures(request: pytest.FixtureRequest) -> dict[str, str]:
    """The signature of the sample keys and salt that each language printed."""
    return request.config.stash.setdefault(SIGNATURES, {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for language, signature in config.stash.get(SIGNATURES, {}).items():
        terminalreporter.write_line(f"{language:<6} {signature}")
