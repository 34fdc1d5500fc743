"""Runs the shared tables of requests, diagnoses and signatures through the public methods."""

from typing import Optional

import pytest

from kayako_sign import DiagnosisCode, KayakoSignError, Signer, Status
from tables import Row, rows


def request_of(row: Row) -> tuple[str, str, Optional[str], bytes]:
    method, url, content_type = (
        row.bytes(column).decode(errors="surrogateescape") for column in ("method", "url", "content_type")
    )
    return method, url, content_type or None, row.bytes("body")


def diagnosis_of(row: Row) -> DiagnosisCode:
    return DiagnosisCode[row.text("diagnosis")[len("KAYAKO_DIAGNOSIS_") :]]


@pytest.mark.parametrize("row", rows("requests.tsv"), ids=repr)
def test_a_request_is_signed_or_refused_as_in_the_table(signer: Signer, row: Row) -> None:
    method, url, content_type, body = request_of(row)
    status = Status[row.text("status")[len("KAYAKO_") :]]
    if status != Status.OK:
        with pytest.raises(KayakoSignError) as caught:
            signer.sign_request(method, url, content_type, body)
        assert caught.value.status == status, f"{row}: {caught.value}"
        return
    target, offset = row.text("target"), int(row.text("offset"))
    signed_url, signed_body = signer.sign_request(method, url, content_type, body)
    before, after = (url.encode(), signed_url.encode()) if target == "url" else (body, signed_body)
    inserted = len(after) - len(before)
    assert inserted > 0
    without = after[:offset] + after[offset + inserted :]
    inserted_there = without == before
    assert inserted_there, f"{row}: not inserted at {offset} of the {target}"
    unchanged = signed_body == body if target == "url" else signed_url == url
    assert unchanged, f"{row}: more than the {target} was changed"
    # No controller reads the fields of JSON, or of the body of a PUT that is not a form.
    diagnosis = signer.diagnose_request(method, signed_url, content_type, signed_body)
    assert diagnosis.code in (DiagnosisCode.GOOD, DiagnosisCode.FIELDS_NOT_READ)


@pytest.mark.parametrize("row", rows("diagnoses.tsv"), ids=repr)
def test_a_request_has_the_diagnosis_of_the_table(signer: Signer, row: Row) -> None:
    diagnosis = signer.diagnose_request(*request_of(row))
    assert diagnosis.code == diagnosis_of(row), f"{row}: {diagnosis}"


@pytest.mark.parametrize("row", rows("signatures.tsv"), ids=repr)
def test_a_signature_has_the_diagnosis_of_the_table(signer: Signer, row: Row) -> None:
    salt, signature = row.bytes("salt"), row.bytes("signature")
    diagnosis = signer.diagnose(salt, signature)
    assert diagnosis.code == diagnosis_of(row), f"{row}: {diagnosis}"
    try:
        assert signer.diagnose(salt.decode(), signature.decode()) == diagnosis, f"{row}: not the same as text"
    except UnicodeDecodeError:
        pass
