"""The annotations of the package are valid at run time."""

import inspect
import sys
import typing
from collections import deque
from collections.abc import Sequence
from typing import Any, Union
from urllib.parse import parse_qsl

import pytest

import kayako_sign
import kayako_sign.aiohttp
import kayako_sign.httpx
import kayako_sign.requests
from kayako_sign import Diagnosis, KayakoSignError, Signer

PLUG_INS: list[type] = [
    kayako_sign.requests.KayakoAdapter,
    kayako_sign.requests.KayakoAuth,
    kayako_sign.httpx.KayakoTransport,
    kayako_sign.httpx.AsyncKayakoTransport,
    kayako_sign.httpx.KayakoAuth,
    kayako_sign.aiohttp.KayakoMiddleware,
]
CLASSES: list[type] = [Signer, Diagnosis, KayakoSignError]


def methods(made: type) -> list[Any]:
    """Returns the public methods of a class."""
    members: dict[str, Any] = dict(vars(made))
    functions = [
        getattr(member, "__func__", member)
        for name, member in members.items()
        if not name.startswith("_") or name.endswith("__")
    ]
    return [function for function in functions if inspect.isfunction(function)]


PUBLIC: list[Any] = [
    *CLASSES,
    kayako_sign.generate_salt,
    *(method for made in CLASSES + PLUG_INS for method in methods(made)),
]


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 evaluates no X | Y")
@pytest.mark.parametrize("annotated", PUBLIC, ids=lambda one: one.__qualname__)
def test_the_annotations_of_all_public_functions_resolve(annotated: Any) -> None:
    hints = typing.get_type_hints(annotated)
    assert "return" in hints or not inspect.isfunction(annotated)


def test_the_values_of_a_field_may_be_any_sequence(signer: Signer) -> None:
    several: list[Sequence[Union[str, int]]] = [["1", 2], ("1", 2), deque(["1", 2]), range(1, 3)]
    for values in several:
        signed = parse_qsl(signer.sign_form({"a[]": values}))
        assert signed[-2:] == [("a[]", "1"), ("a[]", "2")]
