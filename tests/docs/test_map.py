"""tests/README.md has a line for each folder and program of the tests, and names none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from blocks import ROOT

TESTS = ROOT / "tests"
PROGRAMS = {".c", ".cs", ".go", ".h", ".java", ".lua", ".mjs", ".php", ".pl", ".py", ".rb", ".sh", ".tsv"}
#: Found by the runner of their language, or of no interest to a reader.
FOUND_BY_RUNNERS = re.compile(r"test_\w+\.py|conftest\.py|\w+Test\.php|[\w-]+\.test\.mjs")
#: Made by tests, and in no commit.
MADE = {"node_modules", "__pycache__", ".pytest_cache", "target"}


def is_made(path: Path) -> bool:
    return not MADE.isdisjoint(path.relative_to(TESTS).parts)


def names(folder: Path) -> set[str]:
    """The names of the programs in a folder of the tests."""
    files = (path for path in folder.iterdir() if path.suffix in PROGRAMS)
    return {path.name for path in files if not FOUND_BY_RUNNERS.fullmatch(path.name)}


def lines() -> dict[str, str]:
    """What the map says of each folder: of tests/ itself what is not said of another."""
    text = (TESTS / "README.md").read_text(encoding="utf-8")
    pieces = re.split(r"^- `(\w+)/`:", text, flags=re.MULTILINE)
    said = dict(zip(pieces[1::2], pieces[2::2]))
    # A heading ends what is said of a folder.
    rest = [re.split(r"^(?=#)|^- `(?!\w+/`)", piece, maxsplit=1, flags=re.MULTILINE) for piece in pieces[2::2]]
    return {".": text, **{name: piece[0] for name, piece in zip(said, rest)}}


def folders() -> list[Path]:
    return [path for path in TESTS.iterdir() if path.is_dir() and not is_made(path)]


def test_every_folder_and_program_has_a_line() -> None:
    said = lines()
    missing = {path.name for path in folders()} - said.keys() - {"tables"}
    for folder in folders():
        of_folder = said["."] if folder.name == "tables" else said.get(folder.name, "")
        prefix = "tables/" if folder.name == "tables" else ""
        missing |= {f"{folder.name}/{name}" for name in names(folder) if f"`{prefix}{name}`" not in of_folder}
    missing |= {name for name in names(TESTS) if f"`{name}`" not in said["."]}
    assert missing == set()


def test_every_program_with_a_line_is_there() -> None:
    there = {path.name for path in TESTS.rglob("*") if not is_made(path)}
    told = re.findall(r"`([\w/.-]+\.(?:c|cs|go|h|java|lua|mjs|php|pl|py|rb|sh|tsv))`", lines()["."])
    assert len(told) > 80
    assert [name for name in told if name.rpartition("/")[2] not in there] == []
