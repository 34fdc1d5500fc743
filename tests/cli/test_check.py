"""`check` explains a request, and prints no key and no signature."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from command import DONE, FAILED, KEYS, REFUSED, SALT, SIGNATURE, check, failure, run, signature_of
from pasted_requests import CREDENTIALS, FORM, JSON, MULTIPART, TARGET, explained, get, line, post, wire

# The explanation


def test_accepted_request_is_explained() -> None:
    result = explained(get())
    assert (result.code, result.err) == (DONE, "")
    assert result.out.decode() == (
        "accepted\n"
        "  request       GET help.example.com/api/index.php\n"
        "  route         /Base/User/1, the query as it was sent\n"
        "  content type  none\n"
        "  query         apikey, salt, signature\n"
        "  body          empty\n"
        "  server reads  the query, because this is a GET without JSON\n"
        "  answer        200\n"
    )


def test_refused_request_is_explained_with_what_to_change() -> None:
    result = explained(post("fullname=Ada", target=f"{TARGET}&{CREDENTIALS}"))
    assert (result.code, result.err) == (REFUSED, "")
    assert result.out.decode() == (
        "refused\n"
        "  request       POST help.example.com/api/index.php\n"
        "  route         /Base/User/1, the query as it was sent\n"
        "  content type  application/x-www-form-urlencoded\n"
        "  query         apikey, salt, signature\n"
        "  body          fullname (12 bytes)\n"
        "  server reads  the body, as an encoded form, because the content type of this POST says so\n"
        "  answer        401 NO SALT PROVIDED!\n"
        "  change        credentials: they are in the query, but the server reads the body of such a request; put them "
        "into the body\n"
    )


@pytest.mark.parametrize(
    ("method", "url", "body", "route"),
    [
        ("GET", f"{TARGET}&{CREDENTIALS}", "", "/Base/User/1, the query as it was sent"),
        ("GET", f"/api/?Base//User/1&{CREDENTIALS}", "", "/Base/User/1, the query as it was sent"),
        ("GET", f"/api/index.php?e=/Base/User/1&{CREDENTIALS}", "", "/Base/User/1, the parameter e of the query"),
        ("POST", "/api/index.php", f"e=/Base/User&{CREDENTIALS}", "/Base/User, the parameter e of the body"),
        ("GET", f"/api/index.php/Base/User/1?{CREDENTIALS}", "", "/Base/User/1, the path after index.php"),
        ("GET", f"/api/Base/User/1&{CREDENTIALS}", "", "/Base/User/1, the path, as a rewrite rule hands it on"),
        ("PATCH", f"{TARGET}&{CREDENTIALS}", "", "/Base/User/1, the query as it was sent"),
        ("GET", "/api/index.php?/Base/User?1", "", "/Base/User?1, the query as it was sent"),
        ("GET", f"/api/index.php?{CREDENTIALS}", "", "none"),
        ("GET", f"/api/index.php?%2FBase%2FUser%2F1=&{CREDENTIALS}", "", "none"),
        ("GET", "/api/index.php", "", "none"),
        ("GET", "/api/v1/cases", "", "none"),
        ("GET", "/staffapi/index.php?/Core/Default/Login", "", "none"),
    ],
)
def test_route_is_shown_with_the_part_it_was_read_from(method: str, url: str, body: str, route: str) -> None:
    assert line(explained(wire(f"{method} {url} HTTP/1.1", *([FORM] if body else []), body=body)), "route") == route


@pytest.mark.parametrize(
    ("request_line", "answer", "change"),
    [
        (f"GET /api/index.php?{CREDENTIALS}", "404 with a page of HTML", "URL: the server finds no route in it; "),
        (f"GET /api/index.php?%2FBase%2FUser=&{CREDENTIALS}", "404 with a page of HTML", "URL: its route is percent-"),
        ("GET /api/v1/cases", "404 with a page of HTML", "URL: /api/v1/ is the API of the hosted Kayako, "),
        (
            f"PATCH {TARGET}&{CREDENTIALS}",
            "200 with a text that begins with Uncaught Exception",
            "method: the server knows GET, POST, PUT and DELETE alone, ",
        ),
        (
            f"GET /api/Base/User/1?{CREDENTIALS}",
            "401 NO SALT PROVIDED!; 404 with a page of HTML if the web server does not rewrite the path",
            "URL: a rewrite rule drops the query of such a path, ",
        ),
    ],
)
def test_stage_at_which_a_request_fails_is_shown(request_line: str, answer: str, change: str) -> None:
    result = explained(wire(f"{request_line} HTTP/1.1"))
    assert (result.code, result.err, line(result, "answer")) == (REFUSED, "", answer)
    assert line(result, "change").startswith(change)


def test_path_url_is_accepted_if_the_web_server_rewrites_it() -> None:
    result = explained(wire(f"GET /api/Base/User/1&{CREDENTIALS} HTTP/1.1"))
    assert result.code == DONE
    assert line(result, "answer") == "200; 404 with a page of HTML if the web server does not rewrite the path"
    assert result.err.startswith("kayako-sign: URL: accepted, but only if the web server rewrites such paths; ")


@pytest.mark.parametrize(
    ("request_text", "fields"),
    [
        (
            post(f'{{"apikey": "apikey", "salt": {SALT}, "signature": "{SIGNATURE}", "a": 1, "b": {{}}}}', JSON),
            "not read: a, b",
        ),
        (wire(f"PUT {TARGET}&{CREDENTIALS}&a=1 HTTP/1.1"), "not read: a"),
        (wire(f"PUT {TARGET}&{CREDENTIALS}&a=1 HTTP/1.1", "Content-Type: text/plain", body="b=1"), "not read: b, a"),
    ],
)
def test_fields_that_are_not_read_are_named(request_text: bytes, fields: str) -> None:
    result = explained(request_text)
    assert (result.code, line(result, "fields")) == (DONE, fields)
    assert result.err.startswith("kayako-sign: fields: accepted, but the server reads no fields there; ")


@pytest.mark.parametrize(
    ("route", "nearest"),
    [("Base/Users/1", "Base/User"), ("Base/user", "Base/User"), ("Ticket/Tickets", "Tickets/Ticket")],
)
def test_unknown_route_gives_a_message_with_the_nearest_known_route(route: str, nearest: str) -> None:
    result = explained(wire(f"GET /api/index.php?/{route}&{CREDENTIALS} HTTP/1.1"))
    assert (result.code, line(result, "answer")) == (DONE, "200")
    assert result.err == failure(
        "the vendor's API has no such app and controller, so the answer is 404 unless the helpdesk has more; "
        f"the nearest is /{nearest}"
    )


def test_wrong_signature_shows_the_answer_of_the_server() -> None:
    assert line(explained(get(f"&{CREDENTIALS[:-3]}")), "answer") == "401 FAILED TO AUTHENTICATE"


def test_base64_of_the_hexadecimal_digest_as_in_the_vendors_sample_is_recognised() -> None:
    of_hex = base64.b64encode(base64.b64decode(SIGNATURE).hex().encode()).decode()
    result = explained(get(f"&apikey=apikey&salt={SALT}&signature={quote(of_hex)}"))
    assert line(result, "change").startswith("signature: it is the base64 of the hexadecimal digest; ")


@pytest.mark.parametrize("whitespace", ["%0A", "%09", "%0D%0A"])
def test_whitespace_after_the_signature_is_accepted_with_advice(whitespace: str) -> None:
    result = explained(get(f"&{CREDENTIALS}{whitespace}"))
    assert (result.code, result.lines[0]) == (DONE, "accepted")
    assert result.err.startswith("kayako-sign: signature: accepted, but a newline or a tab is around it; ")


def test_plus_that_arrived_as_a_space_is_accepted_with_advice() -> None:
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
        ("PUT", "X: y", CREDENTIALS, "the query, because this is a PUT without a form or JSON in its body"),
        ("PATCH", FORM, CREDENTIALS, "nothing, because it knows no such method"),
    ],
)
def test_part_that_the_server_reads_is_shown_with_the_reason(method: str, header: str, body: str, part: str) -> None:
    result = explained(wire(f"{method} {TARGET} HTTP/1.1", header, body=body))
    assert line(result, "server reads").startswith(part)


@pytest.mark.parametrize(
    ("url", "reads"),
    [
        ("/api/index.php", "nothing, because it finds no route"),
        ("/api/index.php?/Base/User/a(b", "nothing, because it does not take the route"),
        ("/api/v1/cases", "nothing, because the request does not reach the API"),
    ],
)
def test_parameters_are_not_read_if_an_earlier_stage_fails(url: str, reads: str) -> None:
    assert line(explained(wire(f"GET {url} HTTP/1.1")), "server reads") == reads


def test_raw_body_is_accepted_with_a_warning() -> None:
    result = explained(wire("PUT /api/index.php?e=/Base/User/1 HTTP/1.1", "Content-Type: text/plain", body=CREDENTIALS))
    assert (result.code, line(result, "server reads")) == (
        DONE,
        "the raw body, as an encoded form, because the query is empty",
    )
    assert result.err == failure("the server looks there only if it finds nothing else, so do not rely on it")


def test_only_fifty_names_are_shown_and_the_rest_is_counted() -> None:
    names = line(explained(post("&".join(f"n{number}" for number in range(60)))), "body")
    assert names.startswith("n0, n1, ")
    assert "n49 and 10 more (" in names


# Never printed


def test_control_characters_are_escaped() -> None:
    result = explained(get("&%1B%5B31m=1&a%0Ab=2&%E2%80%AE=3&a%2C%20b=4"))
    assert line(result, "query") == r'"\u{1b}[31m", "a\nb", "\u{202e}", "a, b"'


def test_no_key_and_no_signature_is_printed_from_any_part_of_a_request() -> None:
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


# The source of the request


def test_request_is_read_from_a_file_or_from_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "request"
    file.write_bytes(get())
    assert run("check", file).code == DONE
    assert run("check", "-", stdin=get()).code == DONE


def test_standard_input_cannot_give_both_a_key_and_the_request() -> None:
    result = run("check", "--secret-key-file", "-", stdin=b"secretkey")
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err == failure(
        "standard input cannot give both the secret key and the request. Name another file for one of them."
    )


def test_missing_file_is_named_in_the_error() -> None:
    result = run("check", "nowhere")
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err == failure("cannot read 'nowhere': No such file or directory (os error 2)")
