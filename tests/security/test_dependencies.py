"""Each crate in the library has a listed reason, an allowed licence, one version, and comes from one registry."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = "kayako-sign-ffi"
WORKSPACE = ["core", "transcript", "ffi", "ffi-rlib", "cli", "page"]


def parts() -> dict[str, set[str]]:
    """Returns the crates of others in the library: each name with its versions and their licences."""
    tree = ["cargo", "tree", "--locked", f"--package={LIBRARY}", "--edges=normal", "--prefix=none", "--format={p}|{l}"]
    # The library for this machine, and the one in the npm package.
    trees = [tree, [*tree, "--target=wasm32-unknown-unknown"]]
    found: dict[str, set[str]] = {}
    for line in "".join(subprocess.check_output(tree, cwd=ROOT, text=True) for tree in trees).splitlines():
        crate, licence = line.removesuffix(" (*)").split("|")
        name, version = crate.split(" ")[:2]
        if not name.startswith("kayako-sign"):
            found.setdefault(name, set()).add(f"{version} {licence}")
    return found


def is_allowed(licence: str, allowed: set[str]) -> bool:
    """Returns whether one of the choices consists of allowed licences only."""
    choices = re.split(r" OR |/", licence.replace("(", "").replace(")", ""))
    return any(all(part in allowed for part in choice.split(" AND ")) for choice in choices)


def listed(text: str) -> set[str]:
    """Returns the crates that have a reason in the table of SECURITY.md."""
    rows = re.findall(r"^\| ([a-z0-9_, -]+) \| \S.* \|$", text, re.MULTILINE)
    return {name for row in rows for name in row.split(", ")} - {"crate"}


def test_security_md_lists_the_crates_in_the_library_and_no_others() -> None:
    assert listed((ROOT / "SECURITY.md").read_text()) == set(parts())


def test_every_licence_is_allowed() -> None:
    allowed = set(tomllib.loads((ROOT / "deny.toml").read_text())["licenses"]["allow"])
    licences = {(name, one.partition(" ")[2]) for name, versions in parts().items() for one in versions}
    assert [name for name, licence in licences if not is_allowed(licence, allowed)] == []
    # The controls: licences that are not allowed.
    assert not is_allowed("GPL-3.0-only", allowed)
    assert not is_allowed("MIT AND GPL-3.0-only", allowed)


def test_every_crate_comes_from_one_registry_and_has_its_checksum() -> None:
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    others = [one for one in locked if "source" in one]
    assert [one["name"] for one in others if "checksum" not in one] == []
    sources = {one["source"] for one in others}
    assert len(sources) == 1
    assert all(source.startswith("registry+") for source in sources)
    assert {one["name"] for one in locked if "source" not in one} == {"kayako-sign-" + part for part in WORKSPACE}


def test_no_crate_is_in_the_library_in_two_versions() -> None:
    assert [name for name, versions in parts().items() if len(versions) > 1] == []
