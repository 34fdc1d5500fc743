"""`verify` accepts the right signature only, and says why it refuses another."""

from __future__ import annotations

import base64

import pytest

from command import DONE, FAILED, REFUSED, SALT, SECRET_KEY, SIGNATURE, run, signature_of


def test_right_signature_is_accepted() -> None:
    result = run("verify", "--salt", SALT, SIGNATURE)
    assert (result.code, result.out, result.err) == (DONE, b"accepted\n", "")


@pytest.mark.parametrize(
    ("signature", "reason"),
    [
        (SIGNATURE.replace("=", "%3D"), "signature: it arrives URL-encoded, "),
        (SIGNATURE[:-1], "signature: the = at its end is missing; "),
        (SIGNATURE.swapcase(), "signature: it belongs to another salt or another secret key; "),
        ("", "signature: it is empty"),
        (b"\xff" * 44, "signature: it is not a signature; "),
        # The vendor's own sample request has one.
        (base64.b64encode(base64.b64decode(SIGNATURE).hex().encode()), "signature: it is the base64 of the hexa"),
    ],
    ids=["URL-encoded", "without padding", "in other case", "empty", "not text", "of the hexadecimal digest"],
)
def test_any_other_signature_is_refused_with_the_reason(signature: str | bytes, reason: str) -> None:
    result = run("verify", "--salt", SALT, signature)
    assert (result.code, result.out) == (REFUSED, b"refused\n")
    assert result.err.startswith(f"kayako-sign: {reason}")


def test_signature_that_only_the_server_accepts_is_refused_with_that_reason() -> None:
    result = run("verify", "--salt", SALT, SIGNATURE + "\n")
    assert (result.code, result.out) == (REFUSED, b"refused\n")
    assert result.err.startswith("kayako-sign: verify is stricter than the server, which says: signature: accepted, ")


def test_invalid_salt_is_refused_with_the_reason() -> None:
    for salt, reason in [("", "salt: it is empty"), ("0", "salt: it is 0"), ("1" * 65537, "salt: must not be longer")]:
        signature = signature_of(SECRET_KEY.encode(), salt.encode())
        result = run("verify", "--salt", salt, signature)
        assert (result.code, result.out) == (REFUSED, b"refused\n")
        assert result.err.startswith(f"kayako-sign: {reason}")


def test_signature_that_begins_with_a_dash_goes_after_two_dashes() -> None:
    assert run("verify", "--salt", SALT, "--", "-" + SIGNATURE[1:]).code == REFUSED


@pytest.mark.parametrize("arguments", [(SIGNATURE,), ("--salt", SALT), ()])
def test_salt_and_signature_are_both_needed(arguments: tuple[str, ...]) -> None:
    result = run("verify", *arguments)
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err.startswith("kayako-sign: the following required arguments were not provided:\n")
