"""Reads the two keys from the environment or from two files, by the same rules as the command."""

from __future__ import annotations

import os
import stat

from ._error import KayakoSignError
from ._library import library

# The names of the keys in the library's messages.
_API_KEY, _SECRET_KEY = "API key", "secret key"


def from_environment() -> tuple[bytes, bytes]:
    """Returns the keys in KAYAKO_API_KEY and KAYAKO_SECRET_KEY."""
    return _variable(_API_KEY, "KAYAKO_API_KEY"), _variable(_SECRET_KEY, "KAYAKO_SECRET_KEY")


def from_files(api_key_file: str | os.PathLike[str], secret_key_file: str | os.PathLike[str]) -> tuple[bytes, bytes]:
    """Returns the keys in two files."""
    api_key = _file(_API_KEY, api_key_file, library.kayako_api_key_max())
    return api_key, _file(_SECRET_KEY, secret_key_file, library.kayako_secret_key_max())


def _variable(name: str, variable: str) -> bytes:
    value = os.environ.get(variable)
    if value is None:
        raise KayakoSignError(None, f"{name}: {variable} is not set")
    return _key(name, os.fsencode(value), variable)


def _file(name: str, path: str | os.PathLike[str], limit: int) -> bytes:
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        if stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
            raise KayakoSignError(None, f"{name}: {path} is a terminal or another device; use a file or a pipe")
        # The group may read a file of root's, which a service then shares. Windows has access lists instead of modes.
        allowed = 0o640 if status.st_uid == 0 else 0o600
        mode = stat.S_IMODE(status.st_mode)
        if name == _SECRET_KEY and os.name != "nt" and mode & 0o077 & ~allowed:
            raise KayakoSignError(
                None, f"{name}: {path} is open to others (mode {mode:03o}); run chmod {allowed:o} {path}"
            )
        # One byte more than the longest key and its newline: the library then refuses it as too long.
        return _key(name, file.read(limit + len("\r\n") + 1), path)


def _key(name: str, text: bytes, source: str | os.PathLike[str]) -> bytes:
    """Returns the key in a text, without the one newline that an editor or `echo` puts at the end."""
    if text.startswith(b"\xef\xbb\xbf"):
        raise KayakoSignError(None, f"{name}: {source} begins with a byte order mark; save it as UTF-8 without one")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise KayakoSignError(None, f"{name}: {source} is UTF-16; save it as UTF-8 without a byte order mark")
    if text.endswith(b"\r\n"):
        return text[:-2]
    return text[:-1] if text.endswith(b"\n") else text
