from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from installation import install


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree as `make install` leaves it. Tests that change one make their own."""
    prefix = tmp_path_factory.mktemp("usr") / "local"
    install(prefix)
    return prefix


@pytest.fixture(scope="session", params=["where it was put", "moved to a folder with a space in its name"])
def tree(request: pytest.FixtureRequest, prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree, and the same after a move: nothing lies any more where it was put."""
    if request.param == "where it was put":
        return prefix
    first = tmp_path_factory.mktemp("moved") / "first"
    second = first.with_name("a second place")
    shutil.copytree(prefix, first, symlinks=True)
    return first.rename(second)
