"""`sign` prints credentials or a signature in each format."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs

import pytest

from command import API_KEY, DONE, FAILED, SALT, SECRET_KEY, SIGNATURE, check, failure, run, signature_of

SIGN_TEN = ("sign", "--count", "10")


def is_signed(apikey: str, salt: str, signature: str) -> bool:
    return apikey == API_KEY and signature.encode() == signature_of(SECRET_KEY.encode(), salt.encode())


def test_query_is_the_default_format() -> None:
    query = f"apikey={API_KEY}&salt={SALT}&signature={SIGNATURE.replace('=', '%3D')}"
    check(run("sign", "--salt", SALT).lines == [query], "the query string is not the expected one")


def test_each_call_has_a_fresh_salt_of_32_hexadecimal_digits() -> None:
    salts = {parse_qs(run("sign").lines[0])["salt"][0] for _ in range(20)}
    assert len(salts) == 20
    assert all(re.fullmatch("[0-9a-f]{32}", salt) for salt in salts)


def test_count_prints_as_many_lines_each_with_a_signed_query_string() -> None:
    queries = [parse_qs(line, strict_parsing=True) for line in run(*SIGN_TEN).lines]
    assert len({query["salt"][0] for query in queries}) == 10
    signed = all(is_signed(**{name: values[0] for name, values in query.items()}) for query in queries)
    check(signed, "a signature is not the one of its salt")


def test_count_prints_as_many_lines_each_with_a_signed_json_object() -> None:
    objects = [json.loads(line) for line in run(*SIGN_TEN, "--format", "json").lines]
    assert len({credentials["salt"] for credentials in objects}) == 10
    check(all(is_signed(**credentials) for credentials in objects), "a signature is not the one of its salt")


def test_verify_accepts_the_output_of_sign() -> None:
    credentials = json.loads(run("sign", "--format", "json").out)
    assert run("verify", "--salt", credentials["salt"], credentials["signature"]).code == DONE


@pytest.mark.parametrize("output_format", ["base64", "urlencoded"])
@pytest.mark.parametrize("count", [(), ("--count", "2")])
def test_format_without_the_salt_is_refused_if_the_salt_is_fresh(output_format: str, count: tuple[str, ...]) -> None:
    result = run("sign", "--format", output_format, *count)
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err == failure(
        "this format prints the signature without its salt, and a fresh salt would be lost. "
        "Give one with --salt (kayako-sign salt makes one), or take --format query or json."
    )


def test_count_and_salt_exclude_each_other() -> None:
    result = run("sign", "--salt", SALT, "--count", "2")
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err.startswith("kayako-sign: the argument '--salt <SALT>' cannot be used with '--count <N>'\n")


@pytest.mark.parametrize("command", ["sign", "salt"])
@pytest.mark.parametrize("count", ["0", "-1", "1000001", "99999999999999999999", "1.5", "two", ""])
def test_count_is_a_whole_number_from_one_to_a_million(command: str, count: str) -> None:
    result = run(command, f"--count={count}")
    assert (result.code, result.out) == (FAILED, b"")
    assert "--count <N>" in result.err.splitlines()[0]
    assert not count or "must be a whole number from 1 to 1000000" in result.err


@pytest.mark.parametrize("salt", ["-5", "--count", "--", "-", "--salt=1"])
def test_salt_may_begin_with_a_dash(salt: str) -> None:
    expected = signature_of(SECRET_KEY.encode(), salt.encode()).decode()
    for option in (["--salt", salt], [f"--salt={salt}"]):
        check(run("sign", *option, "--format", "base64").lines == [expected], "the signature is not the expected one")


def test_salt_that_is_not_utf8_is_signed_but_refused_for_json() -> None:
    query = run("sign", "--salt", b"\xff\xfe")
    assert query.code == DONE
    check(b"&salt=%FF%FE&" in query.out, "the salt is not the given one")
    in_json = run("sign", "--salt", b"\xff\xfe", "--format", "json")
    assert (in_json.code, in_json.out) == (FAILED, b"")
    assert in_json.err == failure("salt: must be UTF-8 text to go into JSON or multipart")
