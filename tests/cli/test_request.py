"""`request` prints a configuration for curl, which sends the request with credentials where the server reads them."""

from __future__ import annotations

import base64
import http.server
import json
import os
import random
import shlex
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from command import BINARY, DONE, FAILED, KEYS, SECRET_KEY, URL, Argument, check, failure, run
from curl import curl, request, send
from helpdesk import Helpdesk
from messages import status_message


def lines(*arguments: Argument) -> list[str]:
    return request(*arguments).out.decode().splitlines()


def without_credentials(line: str) -> str:
    """Cuts a line before the credentials, so that a failing test prints none."""
    return line.split("apikey=")[0].split("salt=")[0].split("signature=")[0]


def check_refused(arguments: tuple[Argument, ...], message: str, stdin: bytes | None = None) -> None:
    result = run("request", *arguments, URL, stdin=stdin)
    assert (result.code, result.out, result.err) == (FAILED, b"", failure(message))


# The configuration


def test_each_line_is_an_option_of_curl() -> None:
    printed = lines("-X", "PUT", "-H", "X-Note: a", "-d", "a=1", URL)
    assert list(map(without_credentials, printed)) == [
        f'url = "{URL}"',
        "globoff",
        "max-redirs = 0",
        "request = PUT",
        'header = "X-Note: a"',
        'data = "',
        'data-raw = "a=1"',
    ]


def test_method_is_not_printed_if_curl_would_use_the_same() -> None:
    for arguments in [(), ("-X", "GET"), ("-d", "a=1"), ("-X", "POST", "-d", "a=1"), ("-F", "a=1"), ("--json", "{}")]:
        assert [line for line in lines(*arguments, URL) if line.startswith("request")] == []


def test_each_request_has_a_fresh_salt() -> None:
    assert len({request(URL, "--format", "url").out for _ in range(20)}) == 20


def test_secret_key_is_not_printed() -> None:
    for arguments in [(), ("-d", "a=1"), ("-F", "a=1"), ("--json", "{}")]:
        check(SECRET_KEY.encode() not in request(*arguments, URL).out, "the secret key is printed")


def test_any_text_reaches_the_server_unchanged(helpdesk: Helpdesk) -> None:
    rng = random.Random(4)
    awkward = "\"\\\n\r\t\v\x0b\x0c\x01\x7f#:=&+%@<;,(){}[]  '\u2028éa"
    for _ in range(30):
        text = "".join(rng.choice(awkward) for _ in range(rng.randint(0, 40)))
        quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        urls = [f"{helpdesk.echo}&{urlencode({'u': text})}"]
        sent = [
            send("--data-urlencode", f"a={text}", *urls).document["post"]["a"],
            send("-F", f"a={quoted}", *urls).document["post"]["a"],
            send("-d", urlencode({"a": text}), *urls).document["get"]["u"],
        ]
        assert sent == [text, text, text]


def test_data_is_sent_unchanged(helpdesk: Helpdesk) -> None:
    text = 'tab\tline\nreturn\rtab\v"quotes" \\n \\'
    assert send("-d", f"a={text}", helpdesk.echo).document["post"]["a"] == text


def test_brackets_and_braces_in_the_url_are_sent_unchanged(helpdesk: Helpdesk) -> None:
    document = send(helpdesk.user + "&a[]={x,y}&a[]=[1-3]").document
    assert document["parameters"] == {"a": ["{x,y}", "[1-3]"]}


def test_any_api_key_reaches_the_server() -> None:
    keys = {"KAYAKO_API_KEY": 'кey "a" \\n &=+%;@<', "KAYAKO_SECRET_KEY": "sécret\\key"}
    with Helpdesk(keys) as helpdesk:
        for arguments in [(), ("-d", "a=1"), ("-F", "a=1"), ("--json", "{}")]:
            assert send(*arguments, helpdesk.user, environment=keys).status == 200


def test_examples_in_the_help_work(helpdesk: Helpdesk, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"report")
    (tmp_path / "api.key").write_text(KEYS["KAYAKO_API_KEY"])
    (tmp_path / "secret.key").touch(0o600)
    (tmp_path / "secret.key").write_text(KEYS["KAYAKO_SECRET_KEY"])
    example = run("request", "--help").out.decode().split("\nExample:\n")[1].replace("\\\n", "")
    commands = [line.removeprefix("  $ ") for line in example.splitlines() if line.startswith("  $ ")]
    assert sum("kayako-sign request" in command for command in commands) > 2
    for command in commands:
        here = command.replace("https://help.example.com", helpdesk.origin).replace("curl", "curl -qs")
        bash = ["bash", "-c", f'kayako-sign() {{ {shlex.quote(str(BINARY))} "$@"; }}; {here}']
        done = subprocess.run(bash, env={**KEYS, "PATH": os.environ["PATH"]}, cwd=tmp_path, capture_output=True)
        assert (done.returncode, done.stderr) == (0, b"")
        if "curl" in command:
            assert json.loads(done.stdout)["route"].startswith("/")


# Redirects


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Runs a server under another host name. Returns its URL and the paths that it is asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the base class demands this name

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://localhost:{server.server_port}/", asked
        server.shutdown()


@pytest.mark.parametrize("code", ["302", "307"])
@pytest.mark.parametrize("body", [(), ("-d", "a=1"), ("-F", "a=1"), ("--json", "{}")], ids=str)
def test_curl_follows_no_redirect(
    code: str, body: tuple[str, ...], helpdesk: Helpdesk, elsewhere: tuple[str, list[str]]
) -> None:
    there, asked = elsewhere
    url = f"{helpdesk.origin}/redirect/?/Base/User&{urlencode({'to': there, 'code': code})}"
    config = request(*body, url).out
    assert curl(config=config)[1].status == int(code)
    # Not even if curl is told to follow redirects.
    too_many_redirects = 47
    assert curl("--location", config=config)[0] == too_many_redirects
    assert asked == []


# Forms


def test_pieces_of_a_form_are_joined_in_the_order_of_the_options(helpdesk: Helpdesk) -> None:
    pieces = ["-d", "a=1&b=1", "--data-urlencode", "b=2&", "-d", "c=3", "--data-urlencode", "=c=4", "-da=5", "--data=f"]
    assert request(*pieces, "--format", "body", URL).out.endswith(b"%3D&a=1&b=1&b=2%26&c=3&c%3D4&a=5&f")
    assert send(*pieces, helpdesk.user).document["parameters"] == {"a": "5", "b": "2&", "c": "3", "c=4": "", "f": ""}


def test_line_ends_of_a_form_in_a_file_are_dropped_as_by_curl(helpdesk: Helpdesk, tmp_path: Path) -> None:
    for form in [b"a=1\r\n&b=2\n\n&c=3\n", b"a=1\n&b=\x002&c=3"]:
        (tmp_path / "form").write_bytes(form)
        assert send("-d", "@form", helpdesk.user, cwd=tmp_path).document["parameters"] == {"a": "1", "b": "2", "c": "3"}
        body = request("-d", "@form", "--format", "body", URL, cwd=tmp_path).out
        check(body.endswith(b"%3D&a=1&b=2&c=3"), "the body is not the expected one")


def test_form_may_come_from_standard_input_or_a_pipe(helpdesk: Helpdesk) -> None:
    form = b"@a=1\n&b=2\n"
    assert send("-d", "@-", helpdesk.user, stdin=form).document["parameters"] == {"@a": "1", "b": "2"}
    ours, theirs = os.pipe()
    os.write(theirs, form)
    os.close(theirs)
    signed = run("request", "-d", f"@/dev/fd/{ours}", helpdesk.user, pass_fds=[ours])
    os.close(ours)
    assert curl(config=signed.out)[1].document["parameters"] == {"@a": "1", "b": "2"}


def test_value_from_a_file_or_standard_input_is_encoded(helpdesk: Helpdesk, tmp_path: Path) -> None:
    text = "a & b\nc\n"
    (tmp_path / "value").write_text(text)
    arguments = ("--data-urlencode", "v@value", "--data-urlencode", "w@-")
    document = send(*arguments, helpdesk.user, stdin=text.encode(), cwd=tmp_path).document
    assert document["parameters"] == {"v": text, "w": text}


def test_space_in_a_value_becomes_a_plus_as_in_curl(helpdesk: Helpdesk) -> None:
    arguments = ("--data-urlencode", "n=a b+c%20")
    assert request(*arguments, "--format", "body", URL).out.endswith(b"%3D&n=a+b%2Bc%2520")
    assert send(*arguments, helpdesk.user).document["parameters"] == {"n": "a b+c%20"}


def test_large_form_is_sent_from_its_file(helpdesk: Helpdesk, tmp_path: Path) -> None:
    (tmp_path / "form").write_text("a=" + "x" * 5_000_000 + "&b=2")
    document = send("-H", "Expect:", "-d", "@form", "-d", "c=3", helpdesk.user, cwd=tmp_path).document
    assert {name: len(value) for name, value in document["parameters"].items()} == {"a": 5_000_000, "b": 1, "c": 1}


def test_attachment_is_sent_as_base64_in_a_field(helpdesk: Helpdesk, tmp_path: Path) -> None:
    """The help shows these options. From a pipe an attachment must be small, to fit a line of curl's configuration."""
    fields = ("-H", "Expect:", "-d", "ticketid=1", "-d", "filename=report.pdf", "--data-urlencode")
    for size, place in [(1_000_000, "report.base64"), (3_000_000, "report.base64"), (50_000, "-")]:
        report = random.Random(size).randbytes(size)
        encoded = base64.b64encode(report)
        (tmp_path / "report.base64").write_bytes(encoded)
        stdin = encoded if place == "-" else None
        document = send(*fields, f"contents@{place}", helpdesk.user, stdin=stdin, cwd=tmp_path).document
        assert document["parameters"]["filename"] == "report.pdf"
        assert base64.b64decode(document["parameters"]["contents"]) == report


def test_curl_accepts_the_longest_line(helpdesk: Helpdesk) -> None:
    longest = "a=" + "x" * 99_980
    assert len(send("-d", longest, helpdesk.user).document["parameters"]["a"]) == 99_980


LONG_FORM = (
    "curl takes no line above 100 KB, and that of data-raw would be longer. Put a form into a file, and name that: "
    "-d @FILE, or --data-urlencode NAME@FILE for a value. For another body take --format body, and pipe that into curl "
    "--data-binary @-, with the same headers."
)
LONG_JSON = (
    "curl takes no line above 100 KB, and that of data-raw would be longer. "
    "Take --format body, and pipe that into curl --json @-."
)


def test_line_too_long_for_curl_is_refused_with_advice(helpdesk: Helpdesk, tmp_path: Path) -> None:
    (tmp_path / "json").write_text(json.dumps({"a": "x" * 100_000}))
    check_refused(("-d", "a=" + "x" * 100_000), LONG_FORM)
    check_refused(("-d", "@-"), LONG_FORM, stdin=b"a=" + b"x" * 100_000)
    check_refused(("--json", "@-"), LONG_JSON, stdin=(tmp_path / "json").read_bytes())
    check_refused(
        ("-F", "a=" + "x" * 100_000),
        "curl takes no line above 100 KB, and that of form would be longer. "
        "Put the value into a file, and name that: NAME=<FILE, or NAME=@FILE to send it as a file.",
    )
    check_refused(("-H", "A: " + "x" * 100_000), "curl takes no line above 100 KB, and that of header would be longer.")
    # Do what the message about JSON advises.
    body = request("--json", f"@{tmp_path}/json", "--format", "body", URL).out
    (tmp_path / "signed").write_bytes(body)
    _, answer = curl("--json", f"@{tmp_path}/signed", helpdesk.user)
    assert len(answer.document["parameters"]["a"]) == 100_000


# Other bodies


def test_json_has_the_headers_that_curl_would_send(helpdesk: Helpdesk) -> None:
    printed = lines("--json", "{}", URL)
    assert printed[3:5] == ['header = "Content-Type: application/json"', 'header = "Accept: application/json"']
    printed = lines("--json", "{}", "-H", "content-type: application/json; charset=utf-8", "-H", "Accept: */*", URL)
    assert printed[3:5] == ['header = "content-type: application/json; charset=utf-8"', 'header = "Accept: */*"']


def test_json_may_come_in_pieces_from_files_or_from_option_d(helpdesk: Helpdesk, tmp_path: Path) -> None:
    (tmp_path / "json").write_text(' {\n"a":\t"x\\ny"')
    sent = send("--json", "@json", "--json", ', "b": 1}', helpdesk.user, cwd=tmp_path).document
    assert (sent["container"], sent["parameters"]) == ("json", {"a": "x\ny", "b": 1})
    sent = send("--json", "@-", helpdesk.user, stdin=b'{"a": 1}').document
    assert (sent["container"], sent["parameters"]) == ("json", {"a": 1})
    sent = send("-d", '{"a": "x\\"y"}', "-H", "Content-Type: application/json", helpdesk.user).document
    assert (sent["container"], sent["parameters"]) == ("json", {"a": 'x"y'})


def test_multipart_body_given_as_data_is_signed(helpdesk: Helpdesk) -> None:
    body = '--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--X--\r\n'
    arguments = ("-H", "Content-Type: multipart/form-data; boundary=X", "-d", body)
    sent = send(*arguments, helpdesk.user).document
    assert (sent["container"], sent["parameters"]) == ("multipart", {"a": "1"})
    check(request(*arguments, "--format", "body", URL).out.endswith(body.encode()), "the body is not the expected one")


def test_field_may_come_from_a_file_and_have_a_type_and_a_file_name(helpdesk: Helpdesk, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("a & b")
    fields = ["value=<text", "file=@text;type=text/plain;charset=utf-8", "named=@text;filename=other", "x=y;type=a/b"]
    sent = send(*(option for field in fields for option in ("-F", field)), helpdesk.user, cwd=tmp_path).document
    assert sent["parameters"] == {"value": "a & b", "x": "y"}
    assert {name: file["name"] for name, file in sent["files"].items()} == {"file": "text", "named": "other"}


def test_field_of_a_file_may_be_named_like_a_credential(helpdesk: Helpdesk, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    assert "salt" in send("-F", "salt=@text", helpdesk.user, cwd=tmp_path).document["files"]


@pytest.mark.parametrize("field", ["salt=1", "+salt=1", " salt=1", "salt[]=1", "salt=<text", "salt=1;type=a/b"])
def test_field_that_would_replace_a_credential_is_refused(field: str, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    result = run("request", "-F", "a=1", "-F", field, URL, cwd=tmp_path)
    if field.startswith("+"):
        # In multipart a plus does not mean a space.
        assert result.code == DONE
    else:
        assert (result.code, result.out) == (FAILED, b"")
        assert result.err == failure(status_message("KAYAKO_SALT_PARAMETER"))


ENCODED = "must have no ;headers= and no ;encoder=, because PHP does not read such a part as it is meant"
CUT_BY_CURL = (
    'has a ; at which curl would cut it; put the value into double quotes: NAME="…". Only ;type= and, for no <FILE, '
    ";filename= may follow"
)


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("value", "must be NAME=VALUE, or NAME=@FILE, or NAME=<FILE for a value from a file"),
        ("=value", "must be NAME=VALUE, or NAME=@FILE, or NAME=<FILE for a value from a file"),
        ("a=b; c", CUT_BY_CURL),
        ("salt=<text;filename=a", CUT_BY_CURL),
        ("salt=b;type=x;filename=y/z", "must have a ;type= such as text/plain"),
        ('salt=\v"b;filename=c"', None),
        ("a=b;headers=X: y", ENCODED),
        ("a=b;encoder=base64", ENCODED),
        ("a=b;type=x/y\r\nX: y", "must hold no control character after a ;"),
        ('a="b" c', 'has text after its closing quote, which curl would drop; escape a quote within: \\"'),
    ],
)
def test_field_that_curl_or_php_would_read_differently_is_refused(field: str, rule: str | None, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    result = run("request", "-F", "a=1", "-F", field, URL, cwd=tmp_path)
    message = f"field 2 of -F: {rule}" if rule else status_message("KAYAKO_SALT_PARAMETER")
    assert (result.code, result.out, result.err) == (FAILED, b"", failure(message))


def test_field_with_several_files_or_a_nested_form_is_refused() -> None:
    for field in ["a=@b,c", "a=(b"]:
        result = run("request", "-F", field, URL)
        assert (result.code, result.out) == (FAILED, b"")
        assert "PHP does not read" in result.err


def test_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for field in ["a=@nowhere", "a=<nowhere"]:
        check_refused(("-F", field), "cannot read 'nowhere': No such file or directory (os error 2)")
    check_refused(("-F", f"a=@{tmp_path}"), f"cannot read '{tmp_path}': Is a directory (os error 21)")
    check_refused(("-d", "@nowhere"), "cannot read 'nowhere': No such file or directory (os error 2)")
    check_refused(("--json", "@nowhere"), "cannot read 'nowhere': No such file or directory (os error 2)")


# Headers


def test_content_type_may_be_replaced_emptied_or_removed() -> None:
    as_put = ("-X", "PUT", "-d", "a=1", "--format", "url", URL)
    for header in ["Content-Type: text/plain", "content-type;", "CONTENT-TYPE:"]:
        assert run("request", "-H", header, *as_put).code == DONE
    given = ("-H", "Content-Type: x; application/x-www-form-urlencoded", *as_put)
    assert run("request", *given).code == FAILED


NAME = "its name must be made of letters, digits and !#$%&'*+-.^_`|~, with nothing between it and the colon"


def test_header_may_have_any_name_that_is_a_token() -> None:
    header = "!#$%&'*+-.^_`|~09AZaz: value"
    assert f'header = "{header}"' in lines("-H", header, URL)


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("value", "must be 'Name: value'"),
        (": value", "must be 'Name: value'"),
        ("", "must be 'Name: value'"),
        ("Name; value", "must be 'Name: value'"),
        ("A: b\r\nX: y", "must hold no control character"),
        ("@file", "must be in the argument; headers from a file are not read"),
        ("Content-Type : application/json", NAME),
        (" Content-Type: application/json", NAME),
        ("\u00a0Accept: a", NAME),
        ("Content-Length : 5", NAME),
        ("X Note: a", NAME),
        ("X(Note): a", NAME),
        ("X-Näme: a", NAME),
        (" ;", NAME),
        (" :", NAME),
        ("content-length: 5", "must not be Content-Length: the credentials make a body longer, and curl counts it"),
    ],
)
def test_invalid_header_is_refused_with_the_rule(header: str, rule: str) -> None:
    check_refused(("-H", "A: b", "-H", header), f"header 2 of -H: {rule}")


def test_second_content_type_is_refused_and_so_is_one_with_fields() -> None:
    one_only = "the header Content-Type: must be given once, because servers differ in which one they read"
    check_refused(("-H", "Content-Type: a/b", "-H", "content-type: c/d"), one_only)
    check_refused(
        ("-H", "Content-Type: multipart/form-data", "-F", "a=1"),
        "-F: takes no header Content-Type, because curl writes it, with the boundary that it chooses",
    )


# Formats


def test_format_url_prints_the_url_with_the_credentials_after_the_route() -> None:
    (line,) = request("--format", "url", URL + "&a=1#top").out.decode().splitlines()
    check(line.startswith(URL + "&apikey=") and line.endswith("%3D&a=1#top"), "the credentials are not after the route")


def test_format_body_prints_the_body_without_a_newline() -> None:
    check(
        request("--json", '{"a":1}', "--format", "body", URL).out.endswith(b'","a":1}'),
        "the body is not the expected one",
    )


def test_format_that_would_omit_the_credentials_is_refused() -> None:
    check_refused(
        ("-d", "a=1", "--format", "url"),
        "the credentials of this request go into its body, not into its URL. Take --format curl or body.",
    )
    check_refused(
        ("--format", "body"),
        "the credentials of this request go into its URL, not into its body. Take --format curl or url.",
    )
    check_refused(
        ("-F", "a=1", "--format", "body"),
        "curl makes the body of -F when it sends it, so there is none to print. Take --format curl.",
    )


# Refused


def test_body_of_two_kinds_is_refused() -> None:
    kinds = [("-d", "a=1"), ("-F", "a=1"), ("--json", "{}"), ("--data-urlencode", "a=1")]
    for first in kinds:
        for second in kinds:
            if {first[0], second[0]} not in ({"-d", "--data-urlencode"}, {first[0]}):
                result = run("request", *first, *second, URL)
                assert (result.code, result.out) == (FAILED, b"")
                assert "cannot be used with" in result.err


@pytest.mark.parametrize("url", ["/api/index.php", "help.example.com/api", "https://a b", b"http://\xff", ""], ids=repr)
def test_text_that_is_no_url_is_refused(url: str | bytes) -> None:
    result = run("request", url)
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err.startswith("kayako-sign: URL: must ")
