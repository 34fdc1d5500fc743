"""`salt` prints fresh salts."""

from __future__ import annotations

import re

from command import DONE, run


def fresh_salts(*arguments: str) -> list[str]:
    # The environment is empty, because no key is needed.
    result = run("salt", *arguments, environment={})
    assert (result.code, result.err) == (DONE, "")
    return result.lines


def test_salt_is_32_hexadecimal_digits() -> None:
    (salt,) = fresh_salts()
    assert re.fullmatch("[0-9a-f]{32}", salt)


def test_option_ten_digits_makes_salts_of_ten_decimal_digits() -> None:
    salts = fresh_salts("--ten-digits", "--count", "1000")
    assert all(re.fullmatch("[0-9]{10}", salt) for salt in salts)
    # Leading zeros stay. The chance that a thousand salts have none is 1 in 10 to the power of 46.
    assert {salt[0] for salt in salts} == set("0123456789")


def test_all_salts_differ() -> None:
    salts = fresh_salts("--count", "100000")
    assert len(set(salts)) == len(salts) == 100_000
