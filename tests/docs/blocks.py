"""Finds the code blocks of the documents. A `text` block is the output of the block before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "DESIGN.md",
    "SECURITY.md",
    "docs/c.md",
    "docs/from-the-article.md",
    "docs/install.md",
    "docs/performance.md",
]


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    code: str
    output: str | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}:{self.language}"


def blocks_of(page: str) -> list[Block]:
    text = (ROOT / page).read_text(encoding="utf-8")
    found = [
        (text.count("\n", 0, match.start()) + 1, match[1], match[2])
        for match in re.finditer(r"^```(\w*)\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    ]
    following = [*found[1:], (0, "", "")]
    return [
        Block(page, line, language, code, after if kind == "text" else None)
        for (line, language, code), (_, kind, after) in zip(found, following)
        if language != "text"
    ]


BLOCKS = [block for page in PAGES for block in blocks_of(page)]
