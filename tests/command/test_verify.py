"""What `verify` answers."""

from __future__ import annotations

import pytest

from command import DONE, FAILED, REFUSED, SALT, SIGNATURE, run


def test_the_signature_of_the_salt_is_accepted() -> None:
    result = run("verify", "--salt", SALT, SIGNATURE)
    assert (result.code, result.out, result.err) == (DONE, b"accepted\n", "")


@pytest.mark.parametrize(
    "signature",
    [SIGNATURE.replace("=", "%3D"), SIGNATURE[:-1], SIGNATURE + "\n", SIGNATURE.swapcase(), "", b"\xff" * 44],
    ids=["URL-encoded", "without padding", "with a newline", "in other case", "empty", "not text"],
)
def test_any_other_is_refused(signature: str | bytes) -> None:
    result = run("verify", "--salt", SALT, signature)
    assert (result.code, result.out, result.err) == (REFUSED, b"refused\n", "")


def test_a_signature_that_begins_with_a_dash_goes_behind_two() -> None:
    assert run("verify", "--salt", SALT, "--", "-" + SIGNATURE[1:]).code == REFUSED


@pytest.mark.parametrize("arguments", [(SIGNATURE,), ("--salt", SALT), ()])
def test_salt_and_signature_are_both_needed(arguments: tuple[str, ...]) -> None:
    result = run("verify", *arguments)
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err.startswith("kayako-sign: the following required arguments were not provided:\n")
