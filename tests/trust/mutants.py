"""Changes the C ABI's source in one place after another, as cargo-mutants proposes, and has the C tests find it.

Cargo's own tests see little of that crate: it is C that calls it. What is found last, the wiping of registers, is found
by residue.c, which needs the optimized library.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "target/trust"
PATIENCE = 120

#: Built by run.sh. Each finds the changed library because that is loaded before.
TESTS = [
    ["conformance", "tests/vectors.tsv"],
    ["misuse", "50"],
    ["constants"],
    ["uploads", "tests/requests.tsv"],
    ["diagnoses", "tests/diagnoses.tsv", "tests/signatures.tsv"],
    ["shared"],
    ["allocations", "1000"],
    ["residue", "subject"],
]


def build(folder: Path) -> bool:
    """Build the library in a copy of the sources, with cargo's output kept for the next time."""
    done = subprocess.run(
        ["cargo", "build", "--quiet", "--release", "--locked", "--package=kayako-sign-ffi"],
        cwd=folder,
        env={**os.environ, "CARGO_TARGET_DIR": str(folder / "target")},
        capture_output=True,
    )
    link = folder / "target/release/libkayako_sign.so.0"
    link.unlink(missing_ok=True)
    link.symlink_to("libkayako_sign.so")
    return done.returncode == 0


def found_by(folder: Path) -> str | None:
    """Return the first test that fails with the library of that folder."""
    for name, *arguments in TESTS:
        command = [str(OUT / name), *(str(OUT / one) if (OUT / one).exists() else one for one in arguments)]
        preload = {"LD_PRELOAD": str(folder / "target/release/libkayako_sign.so")}
        try:
            done = subprocess.run(
                command, cwd=ROOT, env={**os.environ, **preload}, capture_output=True, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            return name
        if done.returncode != 0:
            return name
    return None


def apply(folder: Path, mutant: dict[str, Any]) -> None:
    """Change the copy as the mutant says."""
    subprocess.run(
        ["patch", "--silent", "--strip=0", mutant["file"]], cwd=folder, input=mutant["diff"].encode(), check=True
    )


def main() -> int:
    """Try each of them, and print the sum."""
    listed = subprocess.check_output(
        ["cargo", "mutants", "--list", "--diff", "--json", "--package=kayako-sign-ffi"], cwd=ROOT
    )
    passed = failed = unviable = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT)
        subprocess.run(["cp", "--parents", "-t", name, *files.decode().split("\0")[:-1]], cwd=ROOT, check=True)
        if not build(folder) or (broken := found_by(folder)):
            sys.exit(f"unchanged, the library fails {broken}")
        for mutant in json.loads(listed):
            source = folder / mutant["file"]
            before = source.read_text()
            apply(folder, mutant)
            if not build(folder):
                unviable += 1
            elif test := found_by(folder):
                passed += 1
                print(f"{mutant['name']}: found by {test}")
            else:
                failed += 1
                print(f"{mutant['name']}: NOT FOUND")
            source.write_text(before)
    print(f"{unviable} do not compile\n{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
