"""A million signers leave no memory behind, and Python ends cleanly while a cycle and an exit handler hold signers.

The argument is the number of signers.
"""

from __future__ import annotations

import atexit
import resource
import sys

from kayako_sign import Signer

LIMIT = 1024  # KiB; a leak of one byte each shows in a million.


def peak() -> int:
    """Returns the most memory that the process ever had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def growth(count: int, keep: list[bytes] | None = None) -> int:
    """Returns by how many KiB the process grows when `count` signers are made, used and closed."""
    for _ in range(1000):
        Signer("apikey", "secretkey").sign("1234567890")
    before = peak()
    for _ in range(count):
        with Signer("apikey", "secretkey") as signer:
            signer.sign("1234567890")
        if keep is not None:
            keep.append(bytes(64))
    return peak() - before


class Cycle:
    """Holds a signer in a cycle until the interpreter ends."""

    def __init__(self) -> None:
        self.signer = Signer("apikey", "secretkey")
        self.itself = self

    def __del__(self) -> None:
        self.signer.sign("1234567890")


cycle = Cycle()
atexit.register(Signer("apikey", "secretkey").sign, "1234567890")

count = int(sys.argv[1])
grown = growth(count)
control = growth(100_000, keep=[])
print(f"Python: {count} signers, grown by {grown} KiB; control: 64 bytes kept for each of 100,000, {control} KiB")
passed = (grown < LIMIT) + (control > LIMIT)
print(f"{passed} passed, {2 - passed} failed")
sys.exit(passed != 2)
