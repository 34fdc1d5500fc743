"""What the pages say of the rest of the repository is true."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from blocks import PAGES, ROOT


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_points_to_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)|<img [^>]*src=\"([^\"]+)\"|srcset=\"([^\"]+)\"", text)
    named = ["".join(target) for target in targets]
    assert [name for name in named if "://" not in name and not ((ROOT / page).parent / name).exists()] == []


def test_security_gives_a_reason_for_each_dependency_of_the_library() -> None:
    command = ["cargo", "metadata", "--format-version=1", "--locked", "--no-deps"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    packages = [package for package in json.loads(done.stdout)["packages"] if package["name"] != "kayako-sign-cli"]
    used = {
        (dependency["name"], package["name"].removeprefix("kayako-sign-"))
        for package in packages
        for dependency in package["dependencies"]
        if dependency["kind"] is None and dependency["name"] != "kayako-sign-core"
    }
    rows = re.findall(r"^\| (`.+`) \| ([a-z, ]+) \| \w.+ \|$", (ROOT / "SECURITY.md").read_text(), flags=re.MULTILINE)
    named = {(name.strip("`"), crate) for names, of in rows for name in names.split(", ") for crate in of.split(", ")}
    assert named == used
