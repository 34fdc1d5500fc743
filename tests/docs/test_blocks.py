"""Runs the code blocks of the README and the other documents.

Requests go to `kayako-sign helpdesk`. The blocks in Rust run as doctests of core, so here they are only counted.
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
from cli_helpdesk import CliHelpdesk

KEYS = {"KAYAKO_API_KEY": "apikey", "KAYAKO_SECRET_KEY": "secretkey"}
EXAMPLES = ROOT / "bindings/c/examples"
#: The URLs in the documents of the reader's own helpdesk, and of the stand-in helpdesk that a reader starts.
HELPDESK_URLS = ("https://help.example.com", "http://127.0.0.1:8765")


class Reader:
    """A reader who has installed everything, and runs the blocks in an empty folder."""

    def __init__(self, folder: Path, prefix: Path, helpdesk: CliHelpdesk) -> None:
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
        for url in HELPDESK_URLS:
            text = text.replace(url, self.helpdesk.base)
        file.write_text(text)

    def run(self, block: Block, *command: str) -> None:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60
        )
        where = f"{block.page}, line {block.line}"
        assert done.returncode == 0, f"the {block.language} block of {where} fails; correct it there:\n{done.stderr}"
        if block.output is not None:
            assert done.stdout == block.output, (
                f"the {block.language} block of {where} prints something different from the text block after it"
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
    """Checks that a block in C is part of an example. The C tests compile and run the examples."""
    where = f"{block.page}, line {block.line}"
    assert any(block.code in example.read_text() for example in EXAMPLES.glob("*.c")), (
        f"the c block of {where} is in no file of bindings/c/examples; copy it from one of them without a change"
    )


def check_commands(block: Block, reader: Reader) -> None:
    """Checks that each program and each target of make in a block exists.

    A `console` block is for the reader's own machine, so it does not run here.
    """
    for line in block.code.splitlines():
        words = shlex.split(line, comments=True)
        if words[0] == "sudo":
            words.pop(0)
        check = ["make", "--dry-run", *words[1:]] if words[0] == "make" else ["bash", "-c", 'type "$0"', words[0]]
        done = subprocess.run(check, cwd=ROOT, env=reader.environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{block}: this does not work here: {line}\n{done.stderr}"


RUNNERS: dict[str, Callable[[Block, Reader], None]] = {
    "sh": run_shell,
    "php": run_php,
    "python": run_python,
    "js": run_js,
    "cmake": run_cmake,
    "c": find_in_examples,
    "console": check_commands,
}


@pytest.fixture
def reader(tmp_path: Path, prefix: Path, helpdesk: CliHelpdesk) -> Reader:
    return Reader(tmp_path, prefix, helpdesk)


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.language != "rust"], ids=str)
def test_the_block_runs_and_prints_its_text_block(block: Block, reader: Reader) -> None:
    assert block.language in RUNNERS, f"{block}: no test runs this language; use one of {sorted(RUNNERS)} or rust"
    RUNNERS[block.language](block, reader)


def test_rust_blocks_are_only_in_the_readme_which_runs_as_doctests() -> None:
    assert {block.page for block in BLOCKS if block.language == "rust"} == {"README.md"}


def test_the_readme_has_a_block_for_every_language() -> None:
    shown = {block.language for block in BLOCKS if block.page == "README.md"}
    assert {"sh", "php", "python", "js", "c", "rust"} <= shown
