"""Checks the files for macOS, which cannot be run here: names, versions, exports, dependencies and signatures."""

from __future__ import annotations

import hashlib
import re
import struct
import sys
from pathlib import Path

import lief

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "target/dist"
HEADER = (ROOT / "include/kayako_sign.h").read_text(encoding="utf-8")
FUNCTIONS = set(re.findall(r"^\w.*?\b(kayako_\w+)\(", HEADER, flags=re.MULTILINE))
PLATFORMS = {"aarch64-apple-darwin": [11, 0, 0], "x86_64-apple-darwin": [10, 12, 0]}

passed = failed = 0


def check(statement: str, holds: bool) -> None:
    """Counts a statement as passed or failed, and prints it if it failed."""
    global passed, failed
    passed += holds
    failed += not holds
    if not holds:
        print(f"macos.py: {statement}", file=sys.stderr)


def oldest(binary: lief.MachO.Binary) -> list[int]:
    """Returns the oldest macOS on which it loads."""
    if (build := binary.build_version) is not None:
        return list(build.minos)
    old = binary.version_min
    return list(old.version) if old is not None else []


def is_signed(path: Path, binary: lief.MachO.Binary) -> bool:
    """Returns whether it has an ad-hoc signature whose hashes are those of its pages."""
    command = binary.code_signature
    if command is None:
        return False
    data = path.read_bytes()
    signature = data[command.data_offset :][: command.data_size]
    # A super blob that holds the code directory. Both are big-endian.
    offsets = struct.iter_unpack(">II", signature[12 : 12 + 8 * struct.unpack(">I", signature[8:12])[0]])
    directory = next(signature[offset:] for kind, offset in offsets if kind == 0)
    hashes, _, _, count, end, size, kind, _, page = struct.unpack(">IIIIIBBBB", directory[16:40])
    pages = [data[start : min(start + (1 << page), end)] for start in range(0, end, 1 << page)]
    stored = [directory[hashes + size * at :][:size] for at in range(count)]
    return kind == 2 and stored == [hashlib.sha256(page).digest() for page in pages]


def check_target(target: str) -> None:
    """Checks the library and the command for one processor."""
    for name in ("libkayako_sign.0.dylib", "kayako-sign"):
        path = DIST / target / name
        # lief frees the parts together with the whole.
        whole = lief.MachO.parse(str(path))
        assert whole is not None
        binary = whole.at(0)
        assert binary is not None
        about = f"{name} for {target}"
        check(f"{about} loads on macOS {PLATFORMS[target]}", oldest(binary) == PLATFORMS[target])
        needed = {library.name for library in binary.libraries} - {"@rpath/libkayako_sign.0.dylib"}
        allowed = (
            {"/usr/lib/libSystem.B.dylib"}
            if name.startswith("lib")
            else {
                "/usr/lib/libSystem.B.dylib",
                "/usr/lib/libiconv.2.dylib",
                "/usr/lib/libcharset.1.dylib",
            }
        )
        check(f"{about} needs only libraries of macOS, and not {needed - allowed}", needed <= allowed)
        check(f"{about} is signed if it must be", is_signed(path, binary) or not target.startswith("aarch64"))
        if name.startswith("lib"):
            own = [command.name for command in binary.commands if isinstance(command, lief.MachO.DylibCommand)]
            check(f"{about} has the install name by which programs find it", own[0] == "@rpath/libkayako_sign.0.dylib")
            exported = {str(symbol.name).removeprefix("_") for symbol in binary.exported_symbols}
            check(f"{about} exports the header's functions and nothing else", exported == FUNCTIONS)


for each in PLATFORMS:
    check_target(each)
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0 or passed == 0)
