"""Encodes the fields of a form."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ._error import KayakoSignError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Union

    Value = Union[str, bytes, float]  # a float may be an int
    Values = Union[Value, Sequence[Value]]
    Fields = Union[str, Mapping[str, Values], Iterable[tuple[str, Values]]]
elif sys.version_info >= (3, 10):
    # For callers that read annotations at run time. Without typing, which is slow to import.
    Value = str | bytes | float
    Values = Value | Sequence[Value]
    Fields = str | Mapping[str, Values] | Iterable[tuple[str, Values]]
else:
    Fields = object


def encoded(fields: Fields) -> str:
    """Returns the fields as an encoded form. A str is one already."""
    if isinstance(fields, str):
        return fields
    # Imported here: it takes as long to import as the whole package, and only this function needs it.
    from urllib.parse import urlencode

    try:
        return urlencode(list(_flat(fields)))
    except UnicodeEncodeError:
        raise KayakoSignError(None, "fields: must not have lone surrogates, which UTF-8 cannot write") from None


def _flat(fields: Any) -> Iterator[tuple[str, str | bytes | float]]:
    """Yields each value with its name. The name of a list is repeated for each of its values."""
    for name, values in _pairs(fields):
        if not isinstance(name, str):
            raise TypeError(f"fields: a name must be str, not {type(name).__name__}")
        for value in _value_list(values):
            # None and bools would be sent as Python writes them, which means nothing to a helpdesk.
            if not isinstance(value, (str, bytes, int, float)) or isinstance(value, bool):
                kind = type(value).__name__
                raise TypeError(f"fields: the value of {name!r} must be str, bytes, int, float or a list, not {kind}")
            # The digits, even of an int whose str() is a name, as of an enum.
            yield name, int.__repr__(value) if isinstance(value, int) else value


def _value_list(values: object) -> Any:
    kind = type(values)
    one = issubclass(kind, (str, bytes, bytearray, memoryview)) or not issubclass(kind, Sequence)
    return (values,) if one else values


def _pairs(fields: Any) -> list[tuple[Any, Any]]:
    try:
        pairs: list[Any] = list(fields.items() if hasattr(fields, "items") else fields)
        if all(isinstance(pair, tuple) for pair in pairs):
            return [(name, values) for name, values in pairs]
    except (TypeError, ValueError):
        pass
    raise TypeError(f"fields: must be a mapping, pairs or an encoded str, not {type(fields).__name__}")
