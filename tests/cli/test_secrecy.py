"""`check` prints no part of a secret, in any part of a request."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

import pytest

from command import DONE, FAILED, KEYS, REFUSED, check, run, signature_of
from pasted_requests import FORM, JSON, TARGET, get, post, prefixed, wire

SALT = "1000000009"
SALTED = f"{TARGET}&salt={SALT}"

#: `check` never prints this many consecutive characters of a secret.
RUN = 12

ALPHABETS = {
    "base64": string.ascii_letters + string.digits + "+/",
    "URL-safe base64": string.ascii_letters + string.digits + "-_",
    "hexadecimal": "0123456789abcdef",
    "letters": string.ascii_letters,
    "separators of a URL": "abcdefghij;&@?#/=",
    "escaped in JSON and by curl": "abcdefgn\\\"'",
    "changed by PHP in names": "abcdefg.[] _",
    "percent signs": "abcdef0123456789%",
    "printable": string.ascii_letters + string.digits + string.punctuation + " ",
    "not ASCII": "äöüßéèñ€𝄞ab",
}
LENGTHS = [12, 20, 33, 96, 1000]

#: Each part of a request by its name, with a function that writes a request with a text there.
PLACES: dict[str, Callable[[str], bytes]] = {
    "a method": lambda text: wire(f"{text} {SALTED} HTTP/1.1"),
    "a path": lambda text: wire(f"GET /{text}/index.php?salt={SALT} HTTP/1.1"),
    "a path URL": lambda text: wire(f"GET /api/{text}/User&salt={SALT} HTTP/1.1"),
    "a URL's user": lambda text: wire(f"GET https://{text}@help.example.com/api/index.php?salt={SALT} HTTP/1.1"),
    "a URL's host": lambda text: wire(f"GET https://{text}/api/index.php?salt={SALT} HTTP/1.1"),
    "a host": lambda text: wire(f"GET {SALTED} HTTP/1.1").replace(b"help.example.com", text.encode()),
    "a whole query": lambda text: wire(f"GET /api/index.php?{text}&salt={SALT} HTTP/1.1"),
    "a route": lambda text: wire(f"GET /api/index.php?/Base/{text}&salt={SALT} HTTP/1.1"),
    "an argument": lambda text: wire(f"GET /api/index.php?/Base/User/{text}&salt={SALT} HTTP/1.1"),
    "the parameter e": lambda text: wire(f"GET /api/index.php?e=/Base/{text}&salt={SALT} HTTP/1.1"),
    "a path-info": lambda text: wire(f"GET /api/index.php/Base/{text}?salt={SALT} HTTP/1.1"),
    "a name": lambda text: get(f"&salt={SALT}&{text}"),
    "a name with a value": lambda text: get(f"&salt={SALT}&{text}=1"),
    "an index": lambda text: get(f"&salt={SALT}&a[{text}]=1"),
    "an index of the salt": lambda text: get(f"&salt={SALT}&salt[{text}"),
    "a value": lambda text: get(f"&salt={SALT}&a={text}&signature={text}&apikey={text}"),
    "a fragment": lambda text: get(f"&salt={SALT}#{text}"),
    "a name in a form": lambda text: post(f"salt={SALT}&{text}=1"),
    "a whole form": lambda text: post(f"{text}&salt={SALT}"),
    "a form that is cut off": lambda text: wire(
        f"POST {SALTED} HTTP/1.1", FORM, f"Content-Length: {len(text.encode()) * 2 // 3}", body=text
    ),
    "a chunk": lambda text: wire(
        f"POST {SALTED} HTTP/1.1",
        FORM,
        "Transfer-Encoding: chunked",
        body=f"{len(text.encode()):x}\r\n{text}\r\n0\r\n\r\n",
    ),
    "an extension of a chunk": lambda text: wire(
        f"POST {SALTED} HTTP/1.1", FORM, "Transfer-Encoding: chunked", body=f"1;{text}\r\na\r\n0\r\n\r\n"
    ),
    "invalid chunks": lambda text: wire(f"POST {SALTED} HTTP/1.1", FORM, "Transfer-Encoding: chunked", body=text),
    "a name in JSON": lambda text: post(json.dumps({"salt": SALT, text: 1}), JSON),
    "a name in JSON without escapes": lambda text: post(f'{{"salt": "{SALT}", "{text}": 1}}', JSON),
    "a value in JSON": lambda text: post(json.dumps({"salt": SALT, "signature": text}), JSON),
    "a name in multipart": lambda text: multipart("X", text),
    "a boundary": lambda text: multipart(text, "a"),
    "a content type": lambda text: post(f"salt={SALT}", f"Content-Type: {text}"),
    "a name of a header": lambda text: wire(f"GET {SALTED} HTTP/1.1", f"{text}: 1"),
    "a header": lambda text: wire(f"GET {SALTED} HTTP/1.1", f"X-Header: {text}"),
    "a header without a colon": lambda text: wire(f"GET {SALTED} HTTP/1.1", text),
    "the whole input": lambda text: text.encode(),
}


def multipart(boundary: str, name: str) -> bytes:
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in [("salt", SALT), (name, "1")]
    )
    return post(f"{parts}--{boundary}--\r\n", f"Content-Type: multipart/form-data; boundary={boundary}")


#: Forms in which people paste a request, each with a function that writes a request so.
SHAPES: dict[str, Callable[[bytes], bytes]] = {
    "as it was sent": lambda request: request,
    "curl -v": prefixed,
    "a curl command": lambda request: b"curl " + b" ".join(b"'%s'" % word for word in curl_words(request)),
    "a log line": lambda request: b'1.1.1.1 - - [1] "%s" 401 2' % request.split(b"\r\n")[0].replace(b'"', b'\\"'),
    "a URL": lambda request: b"https://help.example.com" + b" ".join(request.split(b"\r\n")[0].split(b" ")[1:-1]),
}


def curl_words(request: bytes) -> Iterator[bytes]:
    head, _, body = request.replace(b"'", b"'\\''").partition(b"\r\n\r\n")
    first, *headers = head.split(b"\r\n")
    method, *target = first.split(b" ")[:-1] or [b"GET"]
    yield from (b"-X", method, b"https://help.example.com" + b" ".join(target))
    for header in headers:
        yield from (b"-H", header)
    if body:
        yield from (b"--data-binary", body)


def random_secret(alphabet: str, length: int) -> str:
    """Returns a text that is the same in each run."""
    return "".join(random.Random(f"{alphabet}{length}").choice(ALPHABETS[alphabet]) for _ in range(length))


def encodings(secret: str) -> list[str]:
    """Returns a text as it is, percent-encoded once and percent-encoded twice."""
    once = quote(secret, safe="")
    return list(dict.fromkeys([secret, once, quote(once, safe="")]))


def shows(printed: str, secret: str) -> bool:
    """Returns whether RUN characters of a secret are in a text, decoded never, once or twice."""
    once = unquote(printed)
    texts = [printed, once, unquote(once)]
    return any(secret[at : at + RUN] in text for at in range(len(secret) - RUN + 1) for text in texts)


def explain(request: bytes, secret: str) -> tuple[int, str]:
    result = run("check", stdin=request, environment={**KEYS, "KAYAKO_SECRET_KEY": secret})
    assert result.code in (DONE, REFUSED, FAILED)
    assert "panicked" not in result.err
    return result.code, result.out.decode() + result.err


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize("place", PLACES)
def test_no_part_of_the_secret_key_is_printed(place: str, alphabet: str) -> None:
    for length in LENGTHS:
        secret = random_secret(alphabet, length)
        for text in encodings(secret):
            _, printed = explain(PLACES[place](text), secret)
            check(not shows(printed, secret), f"a part of a secret of {length} characters is printed")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("place", PLACES)
def test_no_part_of_a_secret_key_or_a_valid_signature_is_printed_in_any_form(place: str, shape: str) -> None:
    for secret in ["a secret of one's own", random_secret("base64", 96), random_secret("printable", 40)]:
        right = signature_of(secret.encode(), SALT.encode()).decode()
        for hidden in [secret, right, right[:-1], right.replace("+", "-").replace("/", "_")]:
            for text in encodings(hidden):
                _, printed = explain(SHAPES[shape](PLACES[place](text)), secret)
                check(not shows(printed, hidden), "a part of a key or a signature is printed")


def test_no_beginning_of_a_valid_signature_is_printed() -> None:
    right = signature_of(b"secretkey", SALT.encode()).decode()
    for length in range(RUN, len(right)):
        for name, place in PLACES.items():
            _, printed = explain(place(right[:length]), "secretkey")
            check(not shows(printed, right), f"{length} characters of a signature are printed as {name}")


def test_control_most_of_these_requests_are_explained() -> None:
    secret = random_secret("base64", 33)
    codes = [explain(place(quote(secret, safe="")), secret)[0] for place in PLACES.values()]
    assert codes.count(FAILED) * 4 < len(codes)


def test_other_names_are_printed_beside_one_that_contains_a_secret() -> None:
    secret = random_secret("base64", 33)
    _, printed = explain(get(f"&salt={SALT}&subject=1&{quote(secret, safe='')}=1&departmentid=1"), secret)
    assert "  query         salt, subject, …, departmentid\n" in printed
