"""`check` reads a request in every shape in which people paste one."""

from __future__ import annotations

import os
import random
import subprocess

import pytest

from command import DONE, FAILED, REFUSED, failure, run
from helpdesk import Helpdesk
from pasted_requests import (
    CREDENTIALS,
    FORM,
    JSON,
    REQUESTS,
    SHAPES,
    TARGET,
    explained,
    get,
    line,
    post,
    prefixed,
    wire,
)

# Shapes of a request


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_request_is_read_in_every_shape(name: str, shape: str) -> None:
    plain, shaped = explained(REQUESTS[name]), explained(SHAPES[shape](REQUESTS[name]))
    assert (plain.code, shaped.code, shaped.err) == (DONE, DONE, "")
    for label in ["request", "query", "server reads"]:
        host = "help.example.com" if shape == "no host" else ""
        assert line(shaped, label) == line(plain, label).replace(host, "", bool(host))
    assert line(shaped, "body").split(" (")[0] == line(plain, "body").split(" (")[0]


@pytest.mark.parametrize("options", [("-sv",), ("-v",), ("-v", "--http1.0"), ("-v", "-o", os.devnull)], ids=" ".join)
@pytest.mark.parametrize("last", ["", "%0A", "x"])
def test_output_of_curl_is_read(options: tuple[str, ...], last: str, helpdesk: Helpdesk) -> None:
    url = f"{helpdesk.user}&{CREDENTIALS}{last}"
    sent = subprocess.run(
        ["curl", "--disable", *options, url], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60
    )
    assert explained(sent.stdout).code == (REFUSED if last == "x" else DONE)


def test_missing_body_of_curl_v_gives_a_message_that_asks_for_it(helpdesk: Helpdesk) -> None:
    body = f"a=1&{CREDENTIALS}"
    sent = subprocess.run(["curl", "--disable", "-v", "-d", body, helpdesk.user], capture_output=True, timeout=60)
    result = run("check", stdin=sent.stderr + sent.stdout)
    assert (result.code, result.lines[0], line(result, "body")) == (FAILED, "undecided", "not shown")
    assert result.err == failure(
        "the headers announce a body that is not here. curl -v does not print it: add it after the lines with >, and "
        "before those with <."
    )
    assert explained(sent.stderr + sent.stdout + b"\n\n" + body.encode() + b"\n").code == DONE
    assert explained(sent.stderr.split(b"< ")[0] + body.encode()).code == DONE


def test_body_that_the_server_does_not_read_may_be_missing() -> None:
    result = explained(wire(f"PUT {TARGET}&{CREDENTIALS} HTTP/1.1", "Content-Type: text/plain", "Content-Length: 9"))
    assert (result.code, line(result, "body")) == (DONE, "not shown")


def test_only_the_first_of_several_requests_is_read() -> None:
    result = explained(prefixed(get()) + prefixed(get("")))
    assert (result.code, result.err) == (DONE, failure("there is more than one request here: the first is read"))


# Other forms


URL = f"https://help.example.com{TARGET}&{CREDENTIALS}"
LOGGED = '10.0.0.1 - - [27/Nov/2026:10:00:00 +0000] "{} HTTP/1.1" 401 22 "-" "curl/8.5"\n'


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (URL, "a URL alone"),
        (f"curl '{URL}'", "a curl command"),
        (f"curl \\\n  -H 'X: y' \\\n  -H 'Accept: */*' \\\n  '{URL}'\n", "a curl command"),
        (LOGGED.format(f"GET {TARGET}&{CREDENTIALS}"), "a line of an access log"),
        (f'fetch("{URL}", {{"method": "GET"}});', "a call of fetch"),
        (f"Invoke-WebRequest -Uri '{URL}'", "a call of Invoke-WebRequest"),
        (f'{{"request": {{"method": "GET", "url": "{URL}", "headers": []}}}}', "an entry of a HAR file"),
        (f":method: GET\n:path: {TARGET}&{CREDENTIALS}\n", "headers of HTTP/2"),
        (prefixed(get()).decode(), "what curl -v prints"),
    ],
)
def test_form_in_which_a_request_was_recognised_is_named(text: str, form: str) -> None:
    result = explained(text.encode())
    assert (result.code, result.err) == (DONE, "")
    assert (line(result, "read as"), line(result, "route")) == (form, "/Base/User/1, the query as it was sent")


def test_form_of_a_raw_request_is_not_named() -> None:
    assert b"read as" not in explained(get()).out


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_line_of_an_access_log_is_undecided_if_the_answer_depends_on_the_body(method: str) -> None:
    result = run("check", stdin=LOGGED.format(f"{method} {TARGET}").encode())
    assert (result.code, result.lines[0]) == (FAILED, "undecided")
    assert (line(result, "route"), line(result, "content type"), line(result, "body")) == (
        "/Base/User/1, the query as it was sent",
        "not shown",
        "not shown",
    )
    assert result.err == failure("a log does not show the body of a request: paste the request as it was sent.")


def test_line_of_an_access_log_shows_a_wrong_route() -> None:
    result = explained(LOGGED.format("POST /api/index.php?%2FBase%2FUser").encode())
    assert (result.code, line(result, "answer")) == (REFUSED, "404 with a page of HTML")
    assert result.err == failure("a log does not show the content type and the body")


def test_second_content_type_gives_a_message() -> None:
    result = explained(post(CREDENTIALS, FORM, JSON))
    assert (result.code, line(result, "content type")) == (DONE, FORM.split(": ")[1])
    assert result.err == failure("there is more than one Content-Type header: the first is read")


# Bodies


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(b"%X;x=y\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end
    return wire(f"POST {TARGET} HTTP/1.1", FORM, "Transfer-Encoding: chunked") + body


def test_chunks_are_joined() -> None:
    body = CREDENTIALS.encode()
    assert explained(chunked(body[:20], body[20:])).code == DONE
    assert explained(chunked(body, end=b"0\r\nTrailer: x\r\n\r\n")).code == DONE


def test_body_that_is_joined_already_is_read_as_it_is() -> None:
    assert explained(chunked(end=CREDENTIALS.encode())).code == DONE


@pytest.mark.parametrize("end", [b"", b"5\r\nab", b"2\r\nabcd\r\n0\r\n\r\n", b"FFFFFFFFFFFFFFFF\r\nab\r\n", b"x\r\n"])
def test_broken_chunks_are_an_error(end: bytes) -> None:
    result = run("check", stdin=chunked(CREDENTIALS.encode(), end=end))
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err.startswith("kayako-sign: the chunks of the body are not as long as they say")


def test_body_beyond_its_content_length_is_not_read() -> None:
    result = explained(wire(f"POST {TARGET} HTTP/1.1", FORM, "Content-Length: 5", body=f"a=1&b&{CREDENTIALS}"))
    assert (result.code, line(result, "body")) == (REFUSED, "a, b (5 bytes)")
    assert result.err.startswith("kayako-sign: Content-Length is 5, and the body here has a length of ")
    assert result.err.endswith(": a server reads no more than that\n")


def test_body_shorter_than_its_content_length_gives_a_message() -> None:
    result = explained(wire(f"POST {TARGET} HTTP/1.1", FORM, "Content-Length: 500", body=CREDENTIALS))
    assert result.code == DONE
    assert result.err.endswith(": the rest is missing\n")


# Not a request

NO_REQUEST = (
    "there is no request here: paste it as it was sent, from a line such as GET /api/index.php?/Base/User/1 HTTP/1.1 "
    "on, or what curl -v prints, a curl command, a request copied from a browser's network panel, a line of an access "
    "log, or a URL"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", NO_REQUEST),
        (b"HTTP/1.1 200 OK\n\n", NO_REQUEST),
        (
            b"GET /a b HTTP/1.1\n\n",
            "the request line must be METHOD URL HTTP/1.1, and a server refuses another one; a space within the URL "
            "must be written as %20",
        ),
        (
            b"POST /a HTTP/1.1\nHost: x\na=1",
            "line 3 of the request is no header: it has no colon. An empty line must come before the body.",
        ),
        (
            b"GET /a HTTP/1.1\nA B: c\n\n",
            "line 2 of the request is no header: its name has a character that HTTP does not allow. An empty line must "
            "come before the body.",
        ),
        (b"GET /\xff HTTP/1.1\n\n", "the method or the URL is not UTF-8: write such bytes as %XX"),
    ],
)
def test_text_that_is_no_request_is_refused_without_quoting_it(text: bytes, message: str) -> None:
    result = run("check", stdin=text)
    assert (result.code, result.out, result.err) == (FAILED, b"", failure(message))


def test_request_of_16_mebibytes_is_read_and_a_longer_one_refused() -> None:
    longest = 16 * 1024 * 1024
    request = wire(f"POST {TARGET} HTTP/1.1", FORM, body=f"{CREDENTIALS}&a=")
    assert explained(request + b"x" * (longest - len(request))).code == DONE
    result = run("check", stdin=request + b"x" * (longest - len(request) + 1))
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err == failure(
        "the request is longer than 16 MiB. Cut files out of its body: the credentials are not in them."
    )


def test_endless_input_is_refused() -> None:
    with open("/dev/zero", "rb") as zeros:
        assert run("check", stdin=zeros.fileno()).code == FAILED


def test_random_input_never_panics_and_its_output_is_printable() -> None:
    rng = random.Random(16)
    seeds = [shape(request) for shape in SHAPES.values() for request in REQUESTS.values()]
    pieces = [b"\r\n", b"\n", b"> ", b"< ", b"* ", b"[HTTP/2] [1] [:", b"]", b"\0", b"\xff", b"--X", b"&salt[]=", b"%"]
    for _ in range(500):
        text = bytearray(rng.choice(seeds))
        for _ in range(rng.randint(1, 8)):
            at = rng.randint(0, len(text))
            text[at : at + rng.choice([0, 1, 1, 30])] = rng.choice([rng.choice(pieces), rng.randbytes(3), b""])
        result = run("check", stdin=bytes(rng.choice([text, rng.randbytes(rng.randint(0, 300))])))
        assert result.code in (DONE, REFUSED, FAILED)
        assert "panicked" not in result.err
        assert (result.out == b"" or result.lines[0] == "undecided") == (result.code == FAILED)
        printed = (result.out.decode() + result.err).replace("\n", "")
        assert printed.isprintable()
