"""Diagnoses of signatures and requests, and the class of a diagnosis."""

import base64
import copy
import hashlib
import hmac
import pickle
import re
from typing import Any

import pytest

from kayako_sign import Diagnosis, DiagnosisCode, KayakoSignError, Signer, Status

URL = "/api/index.php?/Base/User/1"


def test_a_valid_signature_is_good(signer: Signer) -> None:
    for salt in ("1234567890", b"1234567890", 1234567890):
        right = signer.sign(salt)
        for signature in (right, right.encode()):
            diagnosis = signer.diagnose(salt, signature)
            assert (diagnosis.code, diagnosis.accepted) == (DiagnosisCode.GOOD, True)


def test_a_diagnosis_is_true_if_the_server_accepts_the_signature(signer: Signer) -> None:
    assert signer.diagnose("1234567890", signer.sign("1234567890"))
    assert signer.diagnose("1234567890", signer.sign("1234567890") + "\n")
    assert not signer.diagnose("1234567890", "signature")


def test_a_signature_with_a_newline_after_it_is_accepted_with_advice(signer: Signer) -> None:
    diagnosis = signer.diagnose("1234567890", signer.sign("1234567890") + "\n")
    assert (diagnosis.code, diagnosis.accepted) == (DiagnosisCode.WHITESPACE_AROUND, True)
    assert diagnosis.message.startswith("signature: ")


def test_a_wrong_signature_is_diagnosed_with_its_cause(signer: Signer) -> None:
    hexadecimal = hmac.new(b"secretkey", b"1234567890", hashlib.sha256).hexdigest()
    plain = base64.b64encode(hashlib.sha256(b"1234567890secretkey").digest()).decode()
    mistakes: dict[str, DiagnosisCode] = {
        signer.sign_urlencoded("1234567890"): DiagnosisCode.URL_ENCODED,
        signer.sign("1234567890").rstrip("="): DiagnosisCode.PADDING_MISSING,
        hexadecimal: DiagnosisCode.HEX_DIGEST,
        base64.b64encode(hexadecimal.encode()).decode(): DiagnosisCode.BASE64_OF_HEX,
        plain: DiagnosisCode.PLAIN_HASH,
        signer.sign("1234567891"): DiagnosisCode.ANOTHER_SIGNATURE,
        "\N{SNOWMAN}": DiagnosisCode.NOT_A_SIGNATURE,
        "": DiagnosisCode.SIGNATURE_EMPTY,
    }
    for signature, code in mistakes.items():
        diagnosis = signer.diagnose("1234567890", signature)
        assert (diagnosis.code, diagnosis.accepted) == (code, False)
        assert re.match("signature: .+", diagnosis.message)
    assert signer.diagnose("", "signature").code == DiagnosisCode.SALT_EMPTY
    assert signer.diagnose(0, "signature").code == DiagnosisCode.SALT_ZERO


def test_a_request_is_read_as_the_server_reads_it(signer: Signer) -> None:
    query = signer.query()
    form = "application/x-www-form-urlencoded"
    assert signer.diagnose_request("GET", f"{URL}&{query}").code == DiagnosisCode.GOOD
    assert signer.diagnose_request("POST", URL, form, query).code == DiagnosisCode.GOOD
    assert signer.diagnose_request("POST", f"{URL}&{query}", form, "a=1").code == DiagnosisCode.CREDENTIALS_IN_QUERY
    assert signer.diagnose_request("GET", URL).code == DiagnosisCode.CREDENTIALS_MISSING


def test_no_diagnosis_quotes_a_key_or_a_signature() -> None:
    signer = Signer("zebra api key", "zebra secret key")
    right = signer.sign("1234567890")
    for code in DiagnosisCode:
        texts = (Diagnosis(code).message, str(Diagnosis(code)), repr(Diagnosis(code)))
        assert not any(secret in text for text in texts for secret in (right, "zebra"))


def test_every_code_has_a_message_of_its_own() -> None:
    assert len({Diagnosis(code).message for code in DiagnosisCode}) == len(DiagnosisCode)
    assert {code for code in DiagnosisCode if Diagnosis(code).accepted} == {
        DiagnosisCode.GOOD,
        DiagnosisCode.PLUS_LOST,
        DiagnosisCode.WHITESPACE_AROUND,
        DiagnosisCode.PATH_URL,
        DiagnosisCode.FIELDS_NOT_READ,
    }


def test_a_diagnosis_can_be_compared_hashed_copied_and_pickled_but_not_changed(signer: Signer) -> None:
    diagnosis = signer.diagnose("1234567890", "signature")
    assert diagnosis == signer.diagnose("1", "x")
    assert diagnosis != signer.diagnose("1", "")
    assert diagnosis != diagnosis.code
    assert len({diagnosis, signer.diagnose("1", "x")}) == 1
    assert copy.copy(diagnosis) == copy.deepcopy(diagnosis) == pickle.loads(pickle.dumps(diagnosis)) == diagnosis
    assert str(diagnosis) == diagnosis.message
    assert repr(diagnosis) == f"<kayako_sign.Diagnosis 21 refused: {diagnosis.message}>"
    for name in ("code", "message", "accepted", "another"):
        with pytest.raises(AttributeError):
            setattr(diagnosis, name, 0)


@pytest.mark.parametrize("value", [None, True, 1.5, bytearray(b"text"), ["text"]], ids=repr)
def test_a_wrong_type_is_a_type_error_that_names_the_argument(signer: Signer, value: Any) -> None:
    with pytest.raises(TypeError, match="^salt: must be str, bytes or int, not "):
        signer.diagnose(value, "signature")
    with pytest.raises(TypeError, match="^signature: must be str or bytes, not "):
        signer.diagnose("1234567890", value)


def test_text_that_is_too_long_or_not_unicode_is_an_error(signer: Signer) -> None:
    with pytest.raises(KayakoSignError, match="^salt: must not be longer") as caught:
        signer.diagnose("s" * 65_537, "signature")
    assert caught.value.status == Status.SALT_TOO_LONG
    with pytest.raises(ValueError, match="^salt: must not have lone surrogates"):
        signer.diagnose("\ud800", "signature")
    with pytest.raises(ValueError, match="^signature: must not have lone surrogates"):
        signer.diagnose("1234567890", "\ud800")
    with pytest.raises(KayakoSignError) as caught:
        signer.diagnose_request("GET", URL + "x" * 2**20)
    assert caught.value.status == Status.URL_TOO_LONG
