"""What several test files use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpdesk import Helpdesk


@pytest.fixture(scope="session")
def helpdesk() -> Iterator[Helpdesk]:
    """Run a stand-in helpdesk with the vendor's sample keys."""
    with Helpdesk() as running:
        yield running
