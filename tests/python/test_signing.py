"""The signer signs URLs, forms and whole requests, and refuses some."""

import json
import re
from enum import IntEnum
from typing import Any, Callable, Union, cast
from urllib.parse import parse_qsl

import pytest

from kayako_sign import DiagnosisCode, KayakoSignError, Signer, Status

URL = "https://help.example.com/api/index.php?/Tickets/Ticket/1&a=%20+&a&&b=#top"
FORM = "application/x-www-form-urlencoded"
TEXT = "& = + % # space é\nnewline"

Body = Union[str, bytes, bytearray, memoryview]
KINDS: dict[str, Callable[[str], Body]] = {
    "str": lambda text: text,
    "bytes": lambda text: text.encode(),
    "bytearray": lambda text: bytearray(text.encode()),
    "memoryview": lambda text: memoryview(text.encode()),
}


def described(value: object) -> str:
    """Returns the repr without its memory address, so that a test has the same name in each process."""
    return re.sub(r" at 0x\w+", "", repr(value))


def credentials(signer: Signer, pairs: "list[tuple[str, str]]") -> "list[tuple[str, str]]":
    """Checks that the credentials among the pairs are good, and returns the other pairs."""
    found = {name: value for name, value in pairs if name in ("apikey", "salt", "signature")}
    assert found["apikey"] == "apikey"
    assert re.fullmatch("[0-9a-f]{32}", found["salt"])
    assert signer.verify(found["salt"], found["signature"])
    return [pair for pair in pairs if pair[0] not in found]


def test_the_rest_of_a_signed_url_is_unchanged(signer: Signer) -> None:
    signed = signer.sign_url(URL)
    kept = re.sub("&apikey=[^&]*&salt=[^&]*&signature=[^&]*", "", signed) == URL
    assert kept
    assert signer.diagnose_request("GET", signed).code == DiagnosisCode.GOOD


def test_a_mapping_or_pairs_are_encoded_and_an_encoded_form_is_kept(signer: Signer) -> None:
    class Named(IntEnum):
        VALUE = 7

        def __str__(self) -> str:
            return self.name

    pairs = [("text", TEXT), ("item[]", "1"), ("item[]", "2"), ("a[b]", "3"), ("number", "7")]
    mapping: dict[str, Union[str, int, list[int]]]
    mapping = {"text": TEXT, "item[]": [1, 2], "a[b]": 3, "number": Named.VALUE}
    encoded = "text=%26+%3D+%2B+%25+%23+space+%C3%A9%0Anewline&item%5B%5D=1&item%5B%5D=2&a%5Bb%5D=3&number=7"
    for fields in (mapping, pairs, iter(pairs), encoded):
        signed = signer.sign_form(fields)
        assert signed.endswith("&" + encoded)
        assert credentials(signer, parse_qsl(signed)) == pairs


def test_a_form_may_be_empty_or_long_or_hold_a_nul(signer: Signer) -> None:
    assert credentials(signer, parse_qsl(signer.sign_form({}))) == []
    assert credentials(signer, parse_qsl(signer.sign_form(""))) == []
    assert signer.sign_form("a=\0&b=2").endswith("&a=\0&b=2")
    long = "a=" + "é" * 1_000_000
    assert signer.sign_form(long).endswith("&" + long)


@pytest.mark.parametrize("value", [None, True, {"b": "1"}, {"1"}, [None], object], ids=repr)
def test_a_field_of_a_wrong_type_is_a_type_error_that_names_it(signer: Signer, value: Any) -> None:
    with pytest.raises(TypeError, match="^fields: the value of 'a' must be str, bytes, int, float or a list, not "):
        signer.sign_form({"a": value})


@pytest.mark.parametrize("fields", [None, 7, b"a=1", ["ab"], [("a",)], [("a", "1", "2")], object()], ids=described)
def test_fields_of_a_wrong_type_are_a_type_error(signer: Signer, fields: Any) -> None:
    with pytest.raises(TypeError, match="^fields: must be a mapping, pairs or an encoded str, not "):
        signer.sign_form(fields)
    with pytest.raises(TypeError, match="^fields: a name must be str, not int$"):
        signer.sign_form(cast("dict[str, str]", {1: "a"}))


@pytest.mark.parametrize("fields", ["a=\ud800", {"a": "\ud800"}, {"\ud800": "a"}], ids=ascii)
def test_fields_with_a_lone_surrogate_are_a_value_error(signer: Signer, fields: Any) -> None:
    with pytest.raises(ValueError, match="^fields: must not have lone surrogates"):
        signer.sign_form(fields)


def test_either_the_url_or_the_body_is_signed_and_the_other_is_unchanged(signer: Signer) -> None:
    url, body = signer.sign_request("DELETE", URL, "text/plain", b"body")
    assert credentials(signer, parse_qsl(url.partition("?")[2].partition("#")[0])) != []
    assert len(body) == 4
    url, body = signer.sign_request("PUT", URL, FORM, b"a=1")
    assert len(url) == len(URL)
    assert credentials(signer, parse_qsl(body.decode())) == [("a", "1")]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_body_may_be_text_or_any_type_of_bytes(signer: Signer, kind: Callable[[str], Body]) -> None:
    url, body = signer.sign_request("POST", URL, "application/json", kind(' {"text": "é", "list": [1]}'))
    assert len(url) == len(URL)
    assert type(body) is bytes
    document = json.loads(body)
    assert credentials(signer, list(document.items())) == [("text", "é"), ("list", [1])]
    diagnosis = signer.diagnose_request("POST", url, "application/json", kind(body.decode()))
    assert diagnosis.code == DiagnosisCode.FIELDS_NOT_READ
    assert type(signer.sign_request("GET", URL, None, kind("é"))[1]) is bytes


def test_a_body_that_is_not_signed_is_not_copied(signer: Signer) -> None:
    body = b"x" * 1_000_000
    assert signer.sign_request("GET", URL, None, body)[1] is body


def test_a_memoryview_with_a_step_counts_as_the_bytes_that_it_shows(signer: Signer) -> None:
    every_second = memoryview(b"a.=.1.")[::2]
    assert credentials(signer, parse_qsl(signer.sign_request("POST", URL, FORM, every_second)[1].decode())) == [
        ("a", "1")
    ]


def test_each_call_has_a_fresh_salt(signer: Signer) -> None:
    signed = [signer.sign_url(URL) for _ in range(100)]
    signed += [signer.sign_form({}) for _ in range(100)]
    signed += [signer.sign_request("GET", URL)[0] for _ in range(100)]
    assert len({re.findall("salt=([0-9a-f]{32})", text)[0] for text in signed}) == 300


def test_a_request_that_the_server_would_refuse_is_an_error_that_names_the_argument(signer: Signer) -> None:
    def refusal(call: Callable[[], object]) -> "tuple[Status, str]":
        with pytest.raises(KayakoSignError) as caught:
            call()
        return Status(caught.value.status or 0), str(caught.value).partition(":")[0]

    assert refusal(lambda: signer.sign_url("/api/index.php?/Base/User/1")) == (Status.URL_NOT_ABSOLUTE, "URL")
    assert refusal(lambda: signer.sign_url("https://h/?q=é")) == (Status.URL_CHARACTER, "URL")
    assert refusal(lambda: signer.sign_url("https://h/?q=\ud800")) == (Status.URL_CHARACTER, "URL")
    assert refusal(lambda: signer.sign_url("https://h/?q=" + "x" * 2**20)) == (Status.URL_TOO_LONG, "URL")
    assert refusal(lambda: signer.sign_form({"salt[]": "1"})) == (Status.SALT_PARAMETER, "parameter salt")
    twice = [("e", "/Base/User"), ("e", "/Base/Staff")]
    assert refusal(lambda: signer.sign_form(twice)) == (Status.ROUTE_PARAMETER, "parameter e")
    assert refusal(lambda: signer.sign_url("https://h/api/Base/User/1")) == (Status.PATH_URL, "URL")
    assert refusal(lambda: signer.sign_url("https://h/")) == (Status.ROUTE_MISSING, "URL")
    assert refusal(lambda: signer.sign_request("PATCH", URL)) == (Status.METHOD_UNSUPPORTED, "method")
    assert refusal(lambda: signer.sign_request("\ud800", URL)) == (Status.METHOD_UNSUPPORTED, "method")
    assert refusal(lambda: signer.sign_request("POST", URL)) == (Status.CONTENT_TYPE_UNSUPPORTED, "content type")
    assert refusal(lambda: signer.sign_request("GET", URL, "application/json")) == (Status.JSON_WITHOUT_BODY, "body")


@pytest.mark.parametrize("value", [None, 7, b"GET", bytearray(b"GET")], ids=repr)
def test_an_argument_of_a_wrong_type_is_a_type_error_that_names_it(signer: Signer, value: Any) -> None:
    for call in (signer.sign_request, signer.diagnose_request):
        with pytest.raises(TypeError, match="^method: must be str, not "):
            call(value, URL)
        with pytest.raises(TypeError, match="^url: must be str, not "):
            call("GET", value)
        with pytest.raises(TypeError, match="^content_type: must be str, not "):
            call("GET", URL, cast("str", value or 0))
    with pytest.raises(TypeError, match="^url: must be str, not "):
        signer.sign_url(value)


@pytest.mark.parametrize("body", [None, 7, [b"a"], iter([b"a"]), object()], ids=described)
def test_a_body_of_a_wrong_type_is_a_type_error(signer: Signer, body: Any) -> None:
    for call in (signer.sign_request, signer.diagnose_request):
        with pytest.raises(TypeError, match="^body: must be str, bytes, bytearray or memoryview, not "):
            call("POST", URL, FORM, body)
        with pytest.raises(ValueError, match="^body: must not have lone surrogates"):
            call("POST", URL, FORM, "\ud800")
