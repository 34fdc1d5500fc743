"""Runs the code blocks of the README.

A `text` block is the output of the block before it. Rust's blocks run as doctests of core, and are only counted here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ["README.md"]
KEYS = {"KAYAKO_API_KEY": "apikey", "KAYAKO_SECRET_KEY": "secretkey"}


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


def run(block: Block, command: list[str], folder: Path) -> None:
    build = ROOT / "target/release"
    environment = {
        **os.environ,
        **KEYS,
        "PATH": f"{build}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "bindings/python/src"),
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    where = f"{block.page}, line {block.line}"
    assert done.returncode == 0, f"the {block.language} block of {where} fails; mend it there:\n{done.stderr}"
    if block.output is not None:
        assert done.stdout == block.output, f"the {block.language} block of {where} prints another text than it says"


def run_shell(block: Block, folder: Path) -> None:
    run(block, ["bash", "-euc", block.code], folder)


def run_php(block: Block, folder: Path) -> None:
    (folder / "vendor").mkdir()
    (folder / "vendor/autoload.php").write_text(f"<?php require {str(ROOT / 'bindings/php/autoload.php')!r};")
    (folder / "block.php").write_text(block.code)
    run(block, ["php", "-d", "error_reporting=-1", "-d", "display_errors=stderr", "block.php"], folder)


def run_python(block: Block, folder: Path) -> None:
    (folder / "block.py").write_text(block.code)
    run(block, [sys.executable, "block.py"], folder)


def find_in_examples(block: Block, folder: Path) -> None:
    """C's blocks are excerpts of the examples, which the C tests compile and run."""
    examples = [path.read_text() for path in (ROOT / "bindings/c/examples").glob("*.c")]
    where = f"{block.page}, line {block.line}"
    assert any(block.code in example for example in examples), (
        f"the c block of {where} stands in no file of bindings/c/examples; quote one of them to the letter"
    )


def plan(block: Block, folder: Path) -> None:
    """A `console` block is one for the reader. What it calls must be there."""
    for line in block.code.splitlines():
        command, target, *_ = line.split()
        assert command == "make", f"{block}: only make's targets are known to work here"
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)


RUNNERS: dict[str, Callable[[Block, Path], None]] = {
    "sh": run_shell,
    "php": run_php,
    "python": run_python,
    "c": find_in_examples,
    "console": plan,
}


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.language != "rust"], ids=str)
def test_the_block_does_what_it_says(block: Block, tmp_path: Path) -> None:
    assert block.language in RUNNERS, f"{block} has a language that no test runs: use one of {sorted(RUNNERS)} or rust"
    RUNNERS[block.language](block, tmp_path)


def test_the_readme_has_a_block_for_every_language() -> None:
    assert {"sh", "php", "python", "c", "rust"} <= {block.language for block in BLOCKS if block.page == "README.md"}
