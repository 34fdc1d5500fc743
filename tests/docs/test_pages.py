"""The links of the documents lead to files, and the README shows a first line that runs for each language."""

from __future__ import annotations

import re

import pytest

from blocks import BLOCKS, PAGES, ROOT, blocks_of


@pytest.mark.parametrize("page", [*PAGES, "docs/other-languages.md", "bindings/js/README.md"])
def test_links_of_a_page_lead_to_files(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)|<img [^>]*src=\"([^\"]+)\"|srcset=\"([^\"]+)\"", text)
    named = ["".join(target) for target in targets]
    assert [name for name in named if "://" not in name and not ((ROOT / page).parent / name).exists()] == []


def test_the_first_line_of_each_language_is_in_a_block_that_runs() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[1]
    rows = re.findall(r"^\| (\*\*.*?) \| [^`|]*`([^`(]+)[^|]* \| (.*) \|$", table, flags=re.MULTILINE)
    assert len(rows) == 8
    for language, call, taught in rows:
        linked = [page for page in re.findall(r"\]\((.*?)\)", taught) if page.endswith(".md")]
        blocks = [*BLOCKS, *(block for page in linked for block in blocks_of(page))]
        assert any(call in block.code for block in blocks), f"the first line of {language} is in no block: {call}"
