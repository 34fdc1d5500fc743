"""Diagnosis: whether the server accepts a signature or a request, and why."""

from __future__ import annotations

from ._library import library


class Diagnosis:
    """Says whether the server accepts a signature or a request, and what to change if it does not.

    It is true if the server accepts it. `DiagnosisCode` has the names of the codes.
    """

    __module__ = "kayako_sign"
    __slots__ = ("_code",)

    def __init__(self, code: int) -> None:
        self._code = code

    @property
    def code(self) -> int:
        """The number that the C library gives this diagnosis; 0 is good."""
        return self._code

    @property
    def message(self) -> str:
        """The cause, and what to change. It never quotes a key, a salt or a signature."""
        message: bytes = library.kayako_diagnosis_message(self._code)
        return message.decode()

    @property
    def accepted(self) -> bool:
        """Whether the server accepts it, because it is good or only forgiven."""
        return bool(library.kayako_diagnosis_is_accepted(self._code))

    def __bool__(self) -> bool:
        return self.accepted

    def __eq__(self, other: object) -> bool:
        return self._code == other._code if isinstance(other, Diagnosis) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._code)

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"<kayako_sign.Diagnosis {self._code} {'accepted' if self.accepted else 'refused'}: {self.message}>"
