"""LICENSE-THIRD-PARTY names every crate that is in a released file."""

from __future__ import annotations

import re

from installation import ROOT, output


def test_each_crate_that_is_linked_is_named_with_its_licence() -> None:
    tree = ["cargo", "tree", "--locked", "--edges=normal,no-proc-macro", "--prefix=none"]
    packages = [f"--package=kayako-sign-{name}" for name in ("ffi", "cli", "page")]
    lines = output(*tree, *packages, "--format={p}|{l}").splitlines()
    # The crates in the npm package.
    module = ["--package=kayako-sign-ffi", "--target=wasm32-unknown-unknown"]
    lines += output(*tree, *module, "--format={p}|{l}").splitlines()
    linked = {line.split()[0]: line.split("|")[1].removesuffix(" (*)") for line in lines if line}
    theirs = {name: licence for name, licence in linked.items() if not name.startswith("kayako-sign")}
    named, _ = (ROOT / "LICENSE-THIRD-PARTY").read_text().split("\nCopyright (c) 2016-2017 Isis")
    apache, others = named.split("These are used under the MIT licence")
    assert {name for name, licence in theirs.items() if "Apache-2.0" in licence} == crates(apache)
    assert {name for name, licence in theirs.items() if "Apache-2.0" not in licence} == crates(others)


def crates(text: str) -> set[str]:
    """Returns the names on indented lines, without the copyright after them."""
    lines = re.findall(r"^ {4}(\S.*)$", text, flags=re.MULTILINE)
    return {word for line in lines for word in re.split(r" {2,}", line)[0].split()}
