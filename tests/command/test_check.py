"""What `check` explains, and what it never prints."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from command import DONE, FAILED, KEYS, REFUSED, SALT, SIGNATURE, check, failure, run, signature_of
from raw_requests import CREDENTIALS, FORM, JSON, MULTIPART, TARGET, explained, get, line, post, wire

# The explanation


def test_accepted_request_is_explained() -> None:
    result = explained(get())
    assert (result.code, result.err) == (DONE, "")
    assert result.out.decode() == (
        "accepted\n"
        "  request       GET help.example.com/api/index.php\n"
        "  content type  none\n"
        "  query         /Base/User/1, apikey, salt, signature\n"
        "  body          empty\n"
        "  server reads  the query, because this is a GET without JSON\n"
        "  answer        lets the request in\n"
    )


def test_refused_request_is_explained_with_the_one_thing_to_change() -> None:
    result = explained(post("fullname=Ada", target=f"{TARGET}&{CREDENTIALS}"))
    assert (result.code, result.err) == (REFUSED, "")
    assert result.out.decode() == (
        "refused\n"
        "  request       POST help.example.com/api/index.php\n"
        "  content type  application/x-www-form-urlencoded\n"
        "  query         /Base/User/1, apikey, salt, signature\n"
        "  body          fullname (12 bytes)\n"
        "  server reads  the body, as an encoded form, because the content type of this POST says so\n"
        "  answer        401 NO SALT PROVIDED!\n"
        "  change        credentials: they are in the query, but the server reads the body of such a request; put them "
        "into the body\n"
    )


def test_wrong_signature_is_answered_in_other_words() -> None:
    assert line(explained(get(f"&{CREDENTIALS[:-3]}")), "answer") == "401 FAILED TO AUTHENTICATE"


def test_sample_of_the_vendor_is_recognised() -> None:
    of_hex = base64.b64encode(base64.b64decode(SIGNATURE).hex().encode()).decode()
    result = explained(get(f"&apikey=apikey&salt={SALT}&signature={quote(of_hex)}"))
    assert line(result, "change").startswith("signature: it is the base64 of the hexadecimal digest; ")


@pytest.mark.parametrize("behind", ["%0A", "%09", "%0D%0A"])
def test_what_is_only_forgiven_is_accepted_with_advice(behind: str) -> None:
    result = explained(get(f"&{CREDENTIALS}{behind}"))
    assert (result.code, result.lines[0]) == (DONE, "accepted")
    assert result.err.startswith("kayako-sign: signature: accepted, but a newline or tab stands around it; ")


def test_lost_plus_is_forgiven_too() -> None:
    signature = signature_of(b"secretkey", b"1000000009").decode()
    assert "+" in signature
    result = explained(get(f"&apikey=apikey&salt=1000000009&signature={signature}"))
    assert (result.code, result.err.split(";")[0]) == (
        DONE,
        "kayako-sign: signature: accepted, but a + arrived as a space",
    )


@pytest.mark.parametrize(
    ("method", "header", "body", "part"),
    [
        ("DELETE", "X: y", "", "the query, because this is a DELETE without JSON"),
        ("PUT", FORM, "", "the query, because this is a PUT without a form or JSON in its body"),
        ("PUT", FORM, "a=1", "the body, as an encoded form, because the content type of this PUT says so"),
        ("PUT", "Content-Type: text/plain", "a", "the query, because this is a PUT without a form or JSON in its body"),
        ("POST", MULTIPART, "a", "the body, as multipart, because the content"),
        ("GET", JSON, "{}", "the body, as a JSON object, because the content type says so"),
        (
            "POST",
            "Content-Type: text/plain",
            CREDENTIALS,
            "the raw body, as an encoded form, because it knows no such type",
        ),
        ("PATCH", FORM, CREDENTIALS, "the raw body, as an encoded form, because it knows no such method"),
    ],
)
def test_part_that_the_server_reads_is_told_with_the_reason(method: str, header: str, body: str, part: str) -> None:
    result = explained(wire(f"{method} {TARGET} HTTP/1.1", header, body=body))
    assert line(result, "server reads").startswith(part)


def test_raw_body_is_not_to_be_relied_on() -> None:
    result = explained(wire(f"PATCH {TARGET} HTTP/1.1", FORM, body=CREDENTIALS))
    assert result.code == DONE
    assert result.err == failure("the server looks there only where it finds nothing else, so do not rely on it")


def test_many_names_are_counted() -> None:
    names = line(explained(post("&".join(f"n{number}" for number in range(60)))), "body")
    assert names.startswith("n0, n1, ")
    assert "n49 and 10 more (" in names


# What is never printed


def test_control_characters_are_escaped() -> None:
    result = explained(get("&%1B%5B31m=1&a%0Ab=2&%E2%80%AE=3&a%2C%20b=4"))
    assert line(result, "query") == r'/Base/User/1, "\u{1b}[31m", "a\nb", "\u{202e}", "a, b"'


def test_no_key_and_no_signature_is_printed_wherever_it_stands() -> None:
    secret, salt = "a secret of one's own", "1000000009"
    right = signature_of(secret.encode(), salt.encode()).decode()
    for hidden in [right, right[:-1], right.replace("+", "-").replace("/", "_"), quote(right, safe=""), secret]:
        encoded, twice = quote(hidden, safe=""), quote(quote(hidden, safe=""), safe="")
        for request in [
            get(f"&salt={salt}&signature={encoded}&apikey={encoded}"),
            get(f"&salt={salt}&{encoded}&{twice}&{encoded}[]=1&salt{encoded}=1"),
            wire(f"GET /{encoded}/{hidden.replace(' ', '')}/index.php?salt={salt} HTTP/1.1"),
            wire(f"GET https://{encoded}@help.example.com/{twice} HTTP/1.1"),
            wire(f"GET /api HTTP/1.1\r\nHost: {hidden}"),
            post(f"salt={salt}&{encoded}"),
            post("{}", f"Content-Type: {hidden}"),
            post(f'{{"salt": {salt}, "{hidden}": 1, "signature": "{hidden}"}}', JSON),
            post(f'--X\nContent-Disposition: form-data; name="{hidden}"\n\n{hidden}\n--X--', MULTIPART),
        ]:
            result = run("check", stdin=request, environment={**KEYS, "KAYAKO_SECRET_KEY": secret})
            printed = result.out.decode() + result.err
            for text in [hidden, encoded, twice, hidden.replace("+", " ")]:
                check(text not in printed, "a key or a signature is printed")


# Where the request comes from


def test_request_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "request"
    file.write_bytes(get())
    assert run("check", file).code == DONE
    assert run("check", "-", stdin=get()).code == DONE


def test_standard_input_gives_a_key_or_the_request() -> None:
    result = run("check", "--secret-key-file", "-", stdin=b"secretkey")
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err == failure("standard input cannot give both a key and the request. Name a file for one of them.")


def test_missing_file_is_told() -> None:
    result = run("check", "nowhere")
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err == failure("cannot read 'nowhere': No such file or directory (os error 2)")
