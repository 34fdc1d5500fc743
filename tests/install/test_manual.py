"""man finds the manual pages, and they are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from installation import ROOT, VERSION, output, run

PAGES = sorted([page.stem for page in (ROOT / "cli/man").iterdir()] + ["kayako_sign"])


def shown(prefix: Path, page: str) -> str:
    return output("man", "-M", prefix / "share/man", page, environment={"MANWIDTH": "100", "LC_ALL": "C.UTF-8"})


@pytest.mark.parametrize("page", PAGES)
def test_man_shows_the_page_without_a_warning(prefix: Path, page: str) -> None:
    text = shown(prefix, page)
    assert re.search(rf"\nNAME\n +{page} +- +\w", text)
    assert f"kayako-sign {VERSION}" in text.splitlines()[-1]
    (file,) = (prefix / "share/man").rglob(f"{page}.?")
    checked = run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", file)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_every_command_has_a_page(prefix: Path) -> None:
    listed = output(prefix / "bin/kayako-sign", "--help").split("\nCommands:\n")[1].split("\n\n")[0]
    commands = {line.split()[0] for line in listed.splitlines()} - {"help"}
    assert {f"kayako-sign-{command}" for command in commands} | {"kayako-sign", "kayako_sign"} == set(PAGES)


def test_the_page_of_a_command_has_every_option(prefix: Path) -> None:
    for command in [page.partition("kayako-sign-")[2] for page in PAGES if page.startswith("kayako-sign-")]:
        options = set(re.findall(r"--[a-z-]+", output(prefix / "bin/kayako-sign", command, "--help")))
        text = shown(prefix, f"kayako-sign-{command}")
        assert [option for option in options if option not in text] == []


def test_the_page_of_the_library_has_every_function(prefix: Path) -> None:
    header = (prefix / "include/kayako_sign.h").read_text()
    declared = re.findall(r"^\w[^/\n]*[ *](kayako_\w+)\(", header, flags=re.MULTILINE)
    assert len(declared) > 20
    text = shown(prefix, "kayako_sign")
    assert [name for name in declared if f"\n   {name}\n" not in text] == []
