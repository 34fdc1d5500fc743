"""What the pages say of the rest of the repository is true."""

from __future__ import annotations

import re

import pytest

from blocks import PAGES, ROOT


@pytest.mark.parametrize("page", [*PAGES, "docs/other-languages.md", "bindings/js/README.md"])
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)|<img [^>]*src=\"([^\"]+)\"|srcset=\"([^\"]+)\"", text)
    named = ["".join(target) for target in targets]
    assert [name for name in named if "://" not in name and not ((ROOT / page).parent / name).exists()] == []
