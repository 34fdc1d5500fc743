"""tests/README.md has a line for each folder and program of the tests, and for no other."""

from __future__ import annotations

import re
from pathlib import Path

from blocks import ROOT

TESTS = ROOT / "tests"
PROGRAMS = {".c", ".cs", ".go", ".h", ".java", ".lua", ".mjs", ".php", ".pl", ".py", ".rb", ".sh", ".tsv"}
#: Files that need no line, because the runner of their language finds them.
FOUND_BY_RUNNERS = re.compile(r"test_\w+\.py|conftest\.py|\w+Test\.php|[\w-]+\.test\.mjs")
#: Folders that the tests make, and that are not committed.
MADE = {"node_modules", "__pycache__", ".pytest_cache", "target"}


def is_made(path: Path) -> bool:
    return not MADE.isdisjoint(path.relative_to(TESTS).parts)


def names(folder: Path) -> set[str]:
    """Returns the names of the programs in a folder of the tests."""
    files = (path for path in folder.iterdir() if path.suffix in PROGRAMS)
    return {path.name for path in files if not FOUND_BY_RUNNERS.fullmatch(path.name)}


def sections() -> dict[str, str]:
    """Returns the text about each folder, by its name, and the whole text under the name "."."""
    text = (TESTS / "README.md").read_text(encoding="utf-8")
    pieces = re.split(r"^- `(\w+)/`:", text, flags=re.MULTILINE)
    # A heading or the line of another file ends the text about a folder.
    rest = [re.split(r"^(?=#)|^- `(?!\w+/`)", piece, maxsplit=1, flags=re.MULTILINE) for piece in pieces[2::2]]
    return {".": text, **{name: piece[0] for name, piece in zip(pieces[1::2], rest)}}


def folders() -> list[Path]:
    return [path for path in TESTS.iterdir() if path.is_dir() and not is_made(path)]


def test_every_folder_and_program_has_a_line() -> None:
    described = sections()
    missing = {path.name for path in folders()} - described.keys() - {"tables"}
    for folder in folders():
        of_folder = described["."] if folder.name == "tables" else described.get(folder.name, "")
        prefix = "tables/" if folder.name == "tables" else ""
        missing |= {f"{folder.name}/{name}" for name in names(folder) if f"`{prefix}{name}`" not in of_folder}
    missing |= {name for name in names(TESTS) if f"`{name}`" not in described["."]}
    assert missing == set()


def test_every_program_that_is_named_exists() -> None:
    there = {path.name for path in TESTS.rglob("*") if not is_made(path)}
    named = re.findall(r"`([\w/.-]+\.(?:c|cs|go|h|java|lua|mjs|php|pl|py|rb|sh|tsv))`", sections()["."])
    assert len(named) > 80
    assert [name for name in named if name.rpartition("/")[2] not in there] == []
