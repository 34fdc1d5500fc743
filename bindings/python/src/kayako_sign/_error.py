"""KayakoSignError, the one error class of the package."""

from __future__ import annotations

from ._library import NULL_SIGNER, library


class KayakoSignError(ValueError):
    """Raised if a key, a salt, a count or a request breaks a rule, or the signer is closed.

    The message names the argument and the rule, and never quotes a key, a salt or a signature. `status` is the number
    that the C library gives the error, for which `Status` has the names; None if the rule is this package's own.
    """

    __module__ = "kayako_sign"

    def __init__(self, status: int | None, message: str) -> None:
        super().__init__(status, message)
        self.status = status

    def __str__(self) -> str:
        return str(self.args[1])


def failure(status: int) -> KayakoSignError:
    """Returns the error for a status that is not OK."""
    # The library gets NULL for a signer only after it was closed here.
    if status == NULL_SIGNER:
        return KayakoSignError(status, "signer: is closed")
    return KayakoSignError(status, library.kayako_status_message(status).decode())
