"""What `salt` draws."""

from __future__ import annotations

import re

from command import DONE, run


def drawn(*arguments: str) -> list[str]:
    # No salt needs a key.
    result = run("salt", *arguments, environment={})
    assert (result.code, result.err) == (DONE, "")
    return result.lines


def test_a_salt_is_32_hexadecimal_digits() -> None:
    (salt,) = drawn()
    assert re.fullmatch("[0-9a-f]{32}", salt)


def test_ten_digits_are_ten_digits() -> None:
    salts = drawn("--ten-digits", "--count", "1000")
    assert all(re.fullmatch("[0-9]{10}", salt) for salt in salts)
    # Leading zeros stay: without any among a thousand, the odds are ten to the forty-sixth.
    assert {salt[0] for salt in salts} == set("0123456789")


def test_all_salts_differ() -> None:
    salts = drawn("--count", "100000")
    assert len(set(salts)) == len(salts) == 100_000
