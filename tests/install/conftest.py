from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from installation import install


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs `make install`, and returns the prefix. A test that changes a tree installs another one."""
    prefix = tmp_path_factory.mktemp("usr") / "local"
    install(prefix)
    return prefix


@pytest.fixture(scope="session", params=["where it was installed", "moved to a folder with a space in its name"])
def tree(request: pytest.FixtureRequest, prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the installed tree, and a copy that was moved after it was made."""
    if request.param == "where it was installed":
        return prefix
    first = tmp_path_factory.mktemp("moved") / "first"
    second = first.with_name("a second place")
    shutil.copytree(prefix, first, symlinks=True)
    return first.rename(second)
