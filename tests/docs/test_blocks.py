"""Runs the code blocks of the README and the other pages.

A `text` block is the output of the block before it. Requests go to the command's stand-in helpdesk. Rust's blocks run
as doctests of core, and are only counted here.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from blocks import BLOCKS, ROOT, Block
from cli_helpdesk import Own

KEYS = {"KAYAKO_API_KEY": "apikey", "KAYAKO_SECRET_KEY": "secretkey"}
EXAMPLES = ROOT / "bindings/c/examples"
#: What stands in the pages for the reader's own helpdesk, and for the stand-in that a reader starts.
ADDRESSES = ("https://help.example.com", "http://127.0.0.1:8765")


class Reader:
    """Somebody who has installed everything, and does in a folder of their own what a block says."""

    def __init__(self, folder: Path, prefix: Path, helpdesk: Own) -> None:
        self.folder = folder
        self.helpdesk = helpdesk
        self.environment = {
            **os.environ,
            **KEYS,
            "PATH": f"{prefix}/bin:{os.environ['PATH']}",
            "KAYAKO_SIGN_LIBRARY": f"{prefix}/lib/libkayako_sign.so",
            "PYTHONPATH": str(ROOT / "bindings/python/src"),
            "PKG_CONFIG_PATH": f"{prefix}/lib/pkgconfig",
            "CMAKE_PREFIX_PATH": str(prefix),
            "LD_LIBRARY_PATH": f"{prefix}/lib",
        }
        for example in EXAMPLES.glob("*.c"):
            (folder / example.name).symlink_to(example)

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        for address in ADDRESSES:
            text = text.replace(address, self.helpdesk.base)
        file.write_text(text)

    def run(self, block: Block, *command: str) -> None:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60
        )
        where = f"{block.page}, line {block.line}"
        assert done.returncode == 0, f"the {block.language} block of {where} fails; mend it there:\n{done.stderr}"
        if block.output is not None:
            assert done.stdout == block.output, (
                f"the {block.language} block of {where} prints something else than it says"
            )


def run_shell(block: Block, reader: Reader) -> None:
    reader.write("block.sh", block.code)
    reader.run(block, "bash", "-eu", "-o", "pipefail", "block.sh")


def run_php(block: Block, reader: Reader) -> None:
    reader.write("vendor/autoload.php", f"<?php require {str(ROOT / 'bindings/php/autoload.php')!r};")
    reader.write("block.php", block.code)
    reader.run(block, "php", "-d", "error_reporting=-1", "-d", "display_errors=stderr", "block.php")


def run_python(block: Block, reader: Reader) -> None:
    reader.write("block.py", block.code)
    reader.run(block, sys.executable, "block.py")


def run_js(block: Block, reader: Reader) -> None:
    package = reader.folder / "node_modules/kayako-sign"
    package.parent.mkdir(exist_ok=True)
    package.symlink_to(ROOT / "bindings/js")
    reader.write("block.mjs", block.code)
    reader.run(block, "node", "block.mjs")


def run_cmake(block: Block, reader: Reader) -> None:
    reader.write("CMakeLists.txt", block.code)
    reader.run(block, "cmake", "-S", ".", "-B", "build")
    reader.run(block, "cmake", "--build", "build")


def find_in_examples(block: Block, reader: Reader) -> None:
    """C's blocks are excerpts of the examples, which the C tests compile and run."""
    where = f"{block.page}, line {block.line}"
    assert any(block.code in example.read_text() for example in EXAMPLES.glob("*.c")), (
        f"the c block of {where} stands in no file of bindings/c/examples; quote one of them to the letter"
    )


def plan(block: Block, reader: Reader) -> None:
    """A `console` block is for the reader's own machine. What it calls must be there, and a target of make known."""
    for line in block.code.splitlines():
        words = shlex.split(line, comments=True)
        if words[0] == "sudo":
            words.pop(0)
        check = ["make", "--dry-run", *words[1:]] if words[0] == "make" else ["bash", "-c", 'type "$0"', words[0]]
        done = subprocess.run(check, cwd=ROOT, env=reader.environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{block}: this cannot be done here: {line}\n{done.stderr}"


RUNNERS: dict[str, Callable[[Block, Reader], None]] = {
    "sh": run_shell,
    "php": run_php,
    "python": run_python,
    "js": run_js,
    "cmake": run_cmake,
    "c": find_in_examples,
    "console": plan,
}


@pytest.fixture
def reader(tmp_path: Path, prefix: Path, helpdesk: Own) -> Reader:
    return Reader(tmp_path, prefix, helpdesk)


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.language != "rust"], ids=str)
def test_the_block_does_what_it_says(block: Block, reader: Reader) -> None:
    assert block.language in RUNNERS, f"{block} has a language that no test runs: use one of {sorted(RUNNERS)} or rust"
    RUNNERS[block.language](block, reader)


def test_rust_blocks_are_in_the_page_that_runs_as_doctests() -> None:
    assert {block.page for block in BLOCKS if block.language == "rust"} == {"README.md"}


def test_the_readme_has_a_block_for_every_language() -> None:
    shown = {block.language for block in BLOCKS if block.page == "README.md"}
    assert {"sh", "php", "python", "js", "c", "rust"} <= shown
