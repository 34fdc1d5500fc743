"""The methods of a signer, and the arguments that they refuse."""

import base64
import copy
import gc
import hashlib
import hmac
import pickle
import random
import re
from enum import IntEnum
from typing import Any, Callable, cast
from urllib.parse import parse_qs, quote

import pytest
import requests

from kayako_sign import KayakoSignError, Signer, Status, generate_salt

SALT = re.compile(r"[0-9a-f]{32}")
LONE_SURROGATE = "before \ud800 after"

CALLS: dict[str, Callable[[Signer], object]] = {
    "sign": lambda signer: signer.sign("1234567890"),
    "sign_urlencoded": lambda signer: signer.sign_urlencoded("1234567890"),
    "credentials": lambda signer: signer.credentials(),
    "credentials with a salt": lambda signer: signer.credentials(salt="1234567890"),
    "query": lambda signer: signer.query(),
    "query with a salt": lambda signer: signer.query(salt="1234567890"),
    "credentials_batch": lambda signer: signer.credentials_batch(2),
    "an empty batch": lambda signer: signer.credentials_batch(0),
    "sign_url": lambda signer: signer.sign_url("https://help.example.com/api/index.php?/Base/User/1"),
    "sign_form": lambda signer: signer.sign_form({"a": "1"}),
    "sign_request": lambda signer: signer.sign_request("GET", "https://help.example.com/api/index.php?/Base/User/1"),
    "diagnose": lambda signer: signer.diagnose("1234567890", "no signature"),
    "diagnose_request": lambda signer: signer.diagnose_request("GET", "/api/index.php?/Base/User/1"),
    "verify": lambda signer: signer.verify("1234567890", "no signature"),
    "verify with a lone surrogate": lambda signer: signer.verify(LONE_SURROGATE, "no signature"),
    "with": lambda signer: signer.__enter__(),
}
SALT_CALLS = ("sign", "sign_urlencoded", "credentials", "query")
DUPLICATES: dict[str, Callable[[Signer], object]] = {
    "copy": lambda signer: copy.copy(signer),
    "deepcopy": lambda signer: copy.deepcopy(signer),
    "pickle": lambda signer: pickle.dumps(signer),
    "the oldest pickle": lambda signer: pickle.dumps(signer, 0),
    "deepcopy of its attributes": lambda signer: copy.deepcopy(vars(signer)),
}


def test_ten_thousand_signatures_are_those_of_hmac_and_base64() -> None:
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    for index in range(10_000):
        secret, salt = (rng.randrange(1, 2**1600).to_bytes(200, "big").lstrip(b"\0") for _ in range(2))
        signature = base64.b64encode(hmac.new(secret, salt, hashlib.sha256).digest()).decode()
        with Signer("apikey", secret) as signer:
            good = (
                signer.sign(salt) == signature
                and signer.sign_urlencoded(salt) == quote(signature, safe="")
                and signer.query(salt)
                == f"apikey=apikey&salt={quote(salt, safe='')}&signature={quote(signature, safe='')}"
                and signer.verify(salt, signature)
                and not signer.verify(salt + b"x", signature)
            )
        assert good, f"signature {index} of seed {seed}"


def test_fresh_credentials_have_a_fresh_salt_and_its_signature(signer: Signer) -> None:
    made = [signer.credentials() for _ in range(100)] + signer.credentials_batch(100)
    made += [{name: values[0] for name, values in parse_qs(signer.query()).items()} for _ in range(100)]
    assert len({credentials["salt"] for credentials in made}) == len(made)
    for credentials in made:
        assert list(credentials) == ["apikey", "salt", "signature"]
        assert credentials["apikey"] == "apikey"
        assert SALT.fullmatch(credentials["salt"])
        assert signer.verify(credentials["salt"], credentials["signature"])


def test_a_batch_has_as_many_credentials_as_asked_for(signer: Signer) -> None:
    for count in (0, 1, 2, 1000):
        assert len(signer.credentials_batch(count)) == count


def test_an_api_key_is_returned_unchanged() -> None:
    for key in ("a & b=c%26+\n", "é𝒮", "&salt=1&signature=%2B"):
        for signer in (Signer(key, "secretkey"), Signer(key.encode(), "secretkey")):
            made = [signer.credentials(), signer.credentials(salt="1234567890"), *signer.credentials_batch(2)]
            assert [credentials["apikey"] for credentials in made] == [key] * 4
            assert parse_qs(signer.query(), keep_blank_values=True)["apikey"] == [key]


def test_generated_salts_are_fresh() -> None:
    salts = {generate_salt() for _ in range(1000)}
    assert len(salts) == 1000
    assert all(SALT.fullmatch(salt) for salt in salts)


def test_text_is_signed_as_its_utf8_bytes() -> None:
    text = Signer("apikey", "schlüssel€").sign("sålt")
    octets = Signer(b"apikey", "schlüssel€".encode()).sign("sålt".encode())
    assert hmac.compare_digest(text, octets)


def test_an_int_salt_is_signed_as_its_decimal_digits(signer: Signer) -> None:
    class Named(IntEnum):
        SALT = 1234567890

    for number, digits in ((1234567890, "1234567890"), (-5, "-5"), (2**80, str(2**80)), (Named.SALT, "1234567890")):
        assert signer.credentials(salt=number)["salt"] == digits
        assert signer.verify(number, signer.sign(digits))


def test_a_given_salt_is_returned_as_text_or_as_bytes_if_it_is_not_utf8(signer: Signer) -> None:
    assert signer.credentials(salt="sålt")["salt"] == "sålt"
    assert signer.credentials(salt="sålt".encode())["salt"] == "sålt"
    assert signer.credentials(salt=b"\xff\x00\xc3")["salt"] == b"\xff\x00\xc3"


@pytest.mark.parametrize("salt", ["a&b=c+d%e", "sålt 𝒮", b"\xff\x00\xc3", 1234567890])
def test_requests_sends_exactly_the_bytes_that_were_signed(signer: Signer, salt: Any) -> None:
    url = "https://help.example.com/api/index.php?e=/Base/User/1"
    credentials = cast("dict[str, str | bytes]", signer.credentials(salt=salt))
    query = requests.Request("GET", url, params=credentials).prepare().url
    form = requests.Request("POST", url, data=credentials).prepare().body
    assert query is not None
    assert isinstance(form, str)
    expected = parse_qs(signer.query(salt=salt), encoding="latin-1")
    assert (parse_qs(form, encoding="latin-1") == expected) is True
    assert (parse_qs(query.replace("?e=/Base/User/1&", "?").partition("?")[2], encoding="latin-1") == expected) is True


@pytest.mark.parametrize("call", SALT_CALLS)
@pytest.mark.parametrize("salt", [None, True, False, 1.5, bytearray(b"salt"), ["salt"], ...], ids=repr)
def test_a_salt_of_a_wrong_type_is_a_type_error(signer: Signer, call: str, salt: object) -> None:
    with pytest.raises(TypeError, match=f"^salt: must be str, bytes or int, not {type(salt).__name__}$"):
        getattr(signer, call)(salt)


@pytest.mark.parametrize("call", SALT_CALLS)
@pytest.mark.parametrize(
    ("salt", "status"),
    [
        ("", Status.EMPTY_SALT),
        (b"", Status.EMPTY_SALT),
        ("0", Status.ZERO_SALT),
        (0, Status.ZERO_SALT),
        ("s" * 65_537, Status.SALT_TOO_LONG),
        ("é" * 32_769, Status.SALT_TOO_LONG),
    ],
    ids=["empty", "empty bytes", "0", "the int 0", "too long", "too long as bytes only"],
)
def test_a_salt_that_the_server_refuses_is_an_error(signer: Signer, call: str, salt: Any, status: Status) -> None:
    with pytest.raises(KayakoSignError, match="^salt: must not be") as caught:
        getattr(signer, call)(salt)
    assert caught.value.status == status


@pytest.mark.parametrize("call", SALT_CALLS)
def test_a_salt_with_a_lone_surrogate_or_too_many_digits_is_a_value_error(signer: Signer, call: str) -> None:
    with pytest.raises(ValueError, match="^salt: must not have lone surrogates"):
        getattr(signer, call)(LONE_SURROGATE)
    with pytest.raises(ValueError, match="^salt: (has more digits|must not be longer)"):
        getattr(signer, call)(10**70_000)


def test_verify_is_false_for_every_wrong_value(signer: Signer) -> None:
    right = signer.sign("1234567890")
    assert signer.verify("1234567890", right) is True
    assert signer.verify(b"1234567890", right.encode()) is True
    for salt in ("", "0", 0, b"", "s" * 65_537, LONE_SURROGATE, 10**70_000, "1234567891"):
        assert signer.verify(salt, right) is False
    for signature in ("", b"", right[:-1], right + "\n", right.lower(), "é" + right[1:], right + "é", LONE_SURROGATE):
        assert signer.verify("1234567890", signature) is False
    assert signer.verify("1234567890", "A" * 10_000_000) is False


@pytest.mark.parametrize("value", [None, True, 1.5, bytearray(44)], ids=repr)
def test_verify_raises_type_error_for_a_wrong_type(signer: Signer, value: Any) -> None:
    with pytest.raises(TypeError, match="^salt: must be"):
        signer.verify(value, "signature")
    with pytest.raises(TypeError, match="^signature: must be str or bytes"):
        signer.verify("1234567890", value)


@pytest.mark.parametrize("value", [None, 1234567890, True, bytearray(b"key")], ids=repr)
def test_a_key_of_a_wrong_type_is_a_type_error(value: Any) -> None:
    with pytest.raises(TypeError, match="^api_key: must be str or bytes"):
        Signer(value, "secretkey")
    with pytest.raises(TypeError, match="^secret_key: must be str or bytes"):
        Signer("apikey", value)


def test_a_key_with_a_lone_surrogate_is_a_value_error_that_does_not_quote_it() -> None:
    with pytest.raises(ValueError, match="^api_key: must not have lone surrogates"):
        Signer(LONE_SURROGATE, "secretkey")
    with pytest.raises(ValueError, match="^secret_key: must not have lone surrogates") as caught:
        Signer("apikey", LONE_SURROGATE)
    assert caught.value.__context__ is None
    assert "after" not in repr(caught.value)


def test_an_api_key_that_is_not_utf8_is_an_error() -> None:
    with pytest.raises(KayakoSignError) as caught:
        Signer(b"a\xff", "secretkey")
    assert caught.value.status == Status.API_KEY_NOT_UTF8


@pytest.mark.parametrize("count", [None, True, 1.0, "2"], ids=repr)
def test_a_count_of_a_wrong_type_is_a_type_error(signer: Signer, count: Any) -> None:
    with pytest.raises(TypeError, match="^count: must be int"):
        signer.credentials_batch(count)


def test_a_count_out_of_range_is_an_error(signer: Signer) -> None:
    with pytest.raises(KayakoSignError, match="^count: must not be negative$") as negative:
        signer.credentials_batch(-1)
    assert negative.value.status == Status.BATCH_TOO_LARGE
    for count in (1_000_001, 2**64, 2**64 + 1, 10**30):
        with pytest.raises(KayakoSignError, match="^count: must not be more than") as caught:
            signer.credentials_batch(count)
        assert caught.value.status == Status.BATCH_TOO_LARGE


def test_the_content_of_subclasses_of_str_and_bytes_counts_and_not_their_methods(signer: Signer) -> None:
    class Octets(bytes):
        def __len__(self) -> int:
            return 60_000

    class Text(str):
        __slots__ = ()

        def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
            return Octets(b"another")

    right = signer.sign("1234567890")
    for salt in (Octets(b"1234567890"), Text("1234567890")):
        assert signer.verify(salt, right)
        assert signer.verify("1234567890", Octets(right.encode()))
        assert Signer(Octets(b"apikey"), Octets(b"secretkey")).verify(salt, Text(right))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_closed_signer_refuses_every_call(signer: Signer, call: Any) -> None:
    signer.close()
    signer.close()
    with pytest.raises(KayakoSignError, match="^signer: is closed$") as caught:
        call(signer)
    assert caught.value.status == Status.NULL_SIGNER


def test_a_with_block_closes_its_signer_even_if_it_raises() -> None:
    with pytest.raises(LookupError), Signer("apikey", "secretkey") as signer:
        raise LookupError
    with pytest.raises(KayakoSignError, match="^signer: is closed$"):
        signer.sign("1234567890")


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_signer_that_was_never_initialised_counts_as_closed(call: Any) -> None:
    with pytest.raises(KayakoSignError, match="^signer: is closed$"):
        call(Signer.__new__(Signer))


def test_a_signer_whose_creation_failed_is_collected_without_an_error() -> None:
    with pytest.raises(KayakoSignError) as caught:
        Signer("apikey", "")
    assert caught.value.status == Status.EMPTY_SECRET_KEY
    gc.collect()


def test_a_signer_initialised_again_has_the_new_keys(signer: Signer) -> None:
    signer.__init__("another", "secret key")  # type: ignore[misc]
    assert signer.credentials()["apikey"] == "another"
    assert signer.verify("random salt", Signer("apikey", "secret key").sign("random salt"))


@pytest.mark.parametrize("duplicate", DUPLICATES.values(), ids=DUPLICATES)
def test_a_signer_cannot_be_copied_or_pickled(signer: Signer, duplicate: Callable[[Signer], object]) -> None:
    with pytest.raises(TypeError, match="^a Signer cannot be copied or pickled: make another one from its keys$"):
        duplicate(signer)


def test_the_repr_of_a_signer_has_its_api_key_and_no_secret_key(signer: Signer) -> None:
    assert repr(signer) == "<kayako_sign.Signer api_key='apikey'>"
    assert "secretkey" not in str(vars(signer))
    signer.close()
    assert repr(signer) == "<kayako_sign.Signer api_key='apikey' closed>"


def test_an_error_has_its_status_and_message_and_can_be_copied_and_pickled() -> None:
    with pytest.raises(ValueError, match="^salt: must not be empty, because") as caught:
        Signer("apikey", "secretkey").sign("")
    for error in (caught.value, copy.copy(caught.value), pickle.loads(pickle.dumps(caught.value))):
        assert type(error) is KayakoSignError
        assert error.status == Status.EMPTY_SALT
        assert str(error) == str(caught.value)
    assert pickle.loads(pickle.dumps(Status.EMPTY_SALT)) is Status.EMPTY_SALT
