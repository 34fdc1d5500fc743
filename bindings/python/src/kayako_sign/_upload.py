"""Upload: a body that is sent piece by piece, each checked by the library."""

from __future__ import annotations

from ctypes import c_void_p

from ._error import failure
from ._library import OK, library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Upload:
    """Checks a form or a multipart body that is sent after its credentials."""

    __slots__ = ("_handle",)

    def __init__(self, handle: c_void_p) -> None:
        self._handle = handle

    def check(self, piece: bytes) -> None:
        """Raises KayakoSignError if this piece shows that sign_request() would refuse the body."""
        octets = bytes(piece)
        status = library.kayako_upload_check(self._handle, octets, len(octets))
        if status != OK:
            raise failure(status)

    def end(self) -> None:
        """Raises KayakoSignError if the body ended too early."""
        status = library.kayako_upload_end(self._handle)
        if status != OK:
            raise failure(status)

    # The function is bound here, because the module may be gone when the interpreter ends.
    def __del__(self, free: Any = library.kayako_upload_free) -> None:
        free(self._handle)
