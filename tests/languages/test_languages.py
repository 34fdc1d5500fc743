"""The examples for languages that call the C library print signatures, and their calls agree with the tables."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from urllib.parse import parse_qs

import pytest

from calls import Call, urls, vectors
from calls import signatures as signature_calls
from languages import EXAMPLES, LANGUAGES, ROOT, Language, User

KNOWN = "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0="
URL = "https://help.example.com/api/index.php?/Base/User/1"
CREDENTIALS = r"apikey=apikey&salt=[0-9a-f]{32}&signature=[0-9A-Za-z%]+"
HEADER = (ROOT / "include/kayako_sign.h").read_text(encoding="utf-8")
NUMBERS = {name: int(number) for name, number in re.findall(r"^  (KAYAKO_\w+) = (\d+),", HEADER, re.MULTILINE)}

every_language = pytest.mark.parametrize("language", LANGUAGES, ids=str)


def is_signed(query: str) -> bool:
    """Returns whether these are credentials of the sample keys with a fresh salt."""
    if not re.fullmatch(CREDENTIALS, query):
        return False
    fields = parse_qs(query)
    digest = hmac.new(b"secretkey", fields["salt"][0].encode(), hashlib.sha256).digest()
    return fields["signature"] == [base64.b64encode(digest).decode()]


@every_language
def test_the_example_signs_verifies_and_shows_a_message(
    language: Language, user: User, signatures: dict[str, str]
) -> None:
    user.run(language.build)
    printed = dict(line.split(": ", 1) for line in user.run(language.run).splitlines())
    assert list(printed) == ["signature", "credentials", "URL", "verified", "error"]
    known = printed["signature"] == KNOWN
    assert known, "not the known signature"
    signatures[language.name] = printed["signature"]
    good = is_signed(printed["credentials"])
    assert good, "not credentials with a fresh salt and its signature"
    good = printed["URL"].startswith(f"{URL}&") and is_signed(printed["URL"][len(URL) + 1 :])
    assert good, "not the URL with credentials in it"
    another = printed["credentials"] != printed["URL"][len(URL) + 1 :]
    assert another, "two requests have the same salt"
    assert printed["verified"].lower() == "true"
    assert printed["error"].startswith("salt: must not be empty")


@every_language
def test_the_calls_of_the_example_agree_with_the_tables(language: Language, user: User) -> None:
    user.run(language.build_driver)
    placed = urls()
    calls = [*vectors(), *signature_calls(), *(call for call, _ in placed)]
    assert len(calls) > 300
    offsets: list[int | None] = [None] * (len(calls) - len(placed)) + [offset for _, offset in placed]
    answers = user.call(language, [call.line() for call in calls])
    wrong = [
        str(call)
        for call, offset, (status, text) in zip(calls, offsets, answers)
        if not agrees(call, offset, status, text)
    ]
    assert wrong == []


def agrees(call: Call, offset: int | None, status: int, text: str) -> bool:
    if status != NUMBERS[call.status]:
        return False
    if status != 0:
        # A message names an argument first, and then gives the rule.
        return bool(re.match(r"[a-z].+: .", text, re.IGNORECASE))
    if offset is None:
        return text == call.output
    before, after = call.output[:offset], call.output[offset:]
    inserted = text[len(before) : len(text) - len(after)]
    return text.startswith(before) and text.endswith(after) and is_signed(inserted.strip("?&"))


@every_language
def test_the_example_is_short_enough_to_copy(language: Language) -> None:
    lines = (EXAMPLES / language.example).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120
    assert max(map(len, lines)) <= 120
