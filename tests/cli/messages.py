"""The sentences of the C library, by the names that its header and the tables give to statuses and diagnoses."""

from __future__ import annotations

import ctypes
import os
import re

from command import ROOT

HEADER = (ROOT / "include/kayako_sign.h").read_text(encoding="utf-8")
NUMBERS = {name: int(number) for name, number in re.findall(r"^ *(KAYAKO_\w+) = (\d+),$", HEADER, re.MULTILINE)}

LIBRARY = ctypes.CDLL(os.environ.get("KAYAKO_SIGN_LIBRARY", str(ROOT / "target/release/libkayako_sign.so")))


def status_sentence(name: str) -> str:
    """Tell the sentence of a status such as KAYAKO_EMPTY_SALT."""
    return sentence("kayako_status_message", name)


def diagnosis_sentence(name: str) -> str:
    """Tell the sentence of a diagnosis such as KAYAKO_DIAGNOSIS_GOOD."""
    return sentence("kayako_diagnosis_message", name)


def is_accepted(name: str) -> bool:
    """Tell whether a server takes what has this diagnosis."""
    return bool(LIBRARY.kayako_diagnosis_is_accepted(NUMBERS[name]))


def sentence(function: str, name: str) -> str:
    """Ask the library for the sentence of a number."""
    call = LIBRARY[function]
    call.restype = ctypes.c_char_p
    text: bytes = call(NUMBERS[name])
    return text.decode()
