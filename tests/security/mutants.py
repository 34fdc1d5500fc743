"""Changes the C ABI's source in one place after another, as cargo-mutants proposes, and checks that a C test fails.

Cargo's own tests of that crate are few, because C programs call it. They run last, for what no C program can reach: a
length that the C ABI refuses before core sees it. If the library stays the same byte for byte, only another target
compiles the changed code.
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
OUT = ROOT / "target/security"
PATIENCE = 120

#: run.sh builds them. LD_PRELOAD makes each use the changed library.
TESTS = [
    ["conformance", "tests/tables/vectors.tsv"],
    ["misuse", "50"],
    ["constants"],
    ["requests", "tests/tables/requests.tsv"],
    ["uploads", "tests/tables/requests.tsv"],
    ["diagnoses", "tests/tables/diagnoses.tsv", "tests/tables/signatures.tsv"],
    ["concurrency"],
    ["allocations", "1000"],
    ["exhaustion", "tests/tables/requests.tsv", "tests/tables/diagnoses.tsv", "tests/tables/signatures.tsv"],
    ["residue", "observed"],
]


def cargo(folder: Path, verb: str, *options: str) -> bool:
    """Builds or tests the C ABI in a copy of the sources. Its target folder stays there for the next call."""
    done = subprocess.run(
        ["cargo", verb, "--quiet", "--release", "--locked", "--package=kayako-sign-ffi", *options],
        cwd=folder,
        env={**os.environ, "CARGO_TARGET_DIR": str(folder / "target")},
        capture_output=True,
    )
    return done.returncode == 0


def build(folder: Path) -> bytes | None:
    """Builds the library, and returns it."""
    if not cargo(folder, "build"):
        return None
    library = folder / "target/release/libkayako_sign.so"
    link = library.with_suffix(".so.0")
    link.unlink(missing_ok=True)
    link.symlink_to(library.name)
    return library.read_bytes()


def found_by(folder: Path) -> str | None:
    """Returns the first test that fails with the library of that folder."""
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
    return None if cargo(folder, "test", "--lib") else "cargo test"


def apply(folder: Path, mutant: dict[str, Any]) -> None:
    """Apply the patch of a mutant to the copy."""
    subprocess.run(
        ["patch", "--silent", "--strip=0", mutant["file"]], cwd=folder, input=mutant["diff"].encode(), check=True
    )


def main() -> int:
    """Tries each mutant, and prints the counts."""
    listed = subprocess.check_output(
        ["cargo", "mutants", "--list", "--diff", "--json", "--package=kayako-sign-ffi"], cwd=ROOT
    )
    passed = failed = unviable = elsewhere = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT)
        subprocess.run(["cp", "--parents", "-t", name, *files.decode().split("\0")[:-1]], cwd=ROOT, check=True)
        unchanged = build(folder)
        if unchanged is None:
            sys.exit("unchanged, the library does not compile")
        if broken := found_by(folder):
            sys.exit(f"unchanged, the library fails {broken}")
        for mutant in json.loads(listed):
            source = folder / mutant["file"]
            before = source.read_text()
            apply(folder, mutant)
            changed = build(folder)
            if changed is None:
                unviable += 1
            elif changed == unchanged:
                elsewhere += 1
                print(f"{mutant['name']}: changes nothing here")
            elif test := found_by(folder):
                passed += 1
                print(f"{mutant['name']}: found by {test}")
            else:
                failed += 1
                print(f"{mutant['name']}: NOT FOUND")
            source.write_text(before)
    print(f"{unviable} do not compile, {elsewhere} change nothing here\n{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
