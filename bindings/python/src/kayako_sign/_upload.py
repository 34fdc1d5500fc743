"""A body that is sent piece by piece, with the library looking at each."""

from __future__ import annotations

from ctypes import c_void_p

from ._error import failure
from ._library import OK, library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Upload:
    """The library's eye on a form or a multipart body whose credentials went before it."""

    __slots__ = ("_handle",)

    def __init__(self, handle: c_void_p) -> None:
        self._handle = handle

    def check(self, piece: bytes) -> None:
        """Raises KayakoSignError at the piece where something shows that sign_request() would refuse."""
        octets = bytes(piece)
        status = library.kayako_upload_check(self._handle, octets, len(octets))
        if status != OK:
            raise failure(status)

    def end(self) -> None:
        """Raises KayakoSignError if the body ended too early."""
        status = library.kayako_upload_end(self._handle)
        if status != OK:
            raise failure(status)

    # The function is bound here, as the module may be gone when the interpreter ends.
    def __del__(self, free: Any = library.kayako_upload_free) -> None:
        free(self._handle)
