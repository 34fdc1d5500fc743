"""Returns messages of the C library, by the names that the header and the tables give to statuses and diagnoses."""

from __future__ import annotations

import ctypes
import os
import re

from command import ROOT

HEADER = (ROOT / "include/kayako_sign.h").read_text(encoding="utf-8")
NUMBERS = {name: int(number) for name, number in re.findall(r"^ *(KAYAKO_\w+) = (\d+),$", HEADER, re.MULTILINE)}

LIBRARY = ctypes.CDLL(os.environ.get("KAYAKO_SIGN_LIBRARY", str(ROOT / "target/release/libkayako_sign.so")))


def status_message(name: str) -> str:
    """Returns the message of a status, for example of KAYAKO_EMPTY_SALT."""
    return message("kayako_status_message", name)


def diagnosis_message(name: str) -> str:
    """Returns the message of a diagnosis, for example of KAYAKO_DIAGNOSIS_GOOD."""
    return message("kayako_diagnosis_message", name)


def is_accepted(name: str) -> bool:
    """Returns whether the server accepts a request or a signature with this diagnosis."""
    return bool(LIBRARY.kayako_diagnosis_is_accepted(NUMBERS[name]))


def message(function: str, name: str) -> str:
    """Returns what a function of the library gives for the number of this name."""
    call = LIBRARY[function]
    call.restype = ctypes.c_char_p
    text: bytes = call(NUMBERS[name])
    return text.decode()
