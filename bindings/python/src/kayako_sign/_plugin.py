"""What the plug-ins share: how a request that an HTTP library made is signed, and what may follow a redirect."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote_plus, urlsplit

from ._signer import Signer

_FORM = "application/x-www-form-urlencoded"
_NAMES = {"apikey", "salt", "signature"}
# A request with a salt of its own is not signed, so this is the one that signing brought.
_SALT = re.compile(r"[?&]salt=([0-9a-f]{32})(?![^&#])")
_PORTS = {"http": 80, "https": 443}


class Parts(NamedTuple):
    """What signing changes of a request."""

    url: str
    content_type: str | None
    body: bytes

    def __repr__(self) -> str:
        # Error reports show what a function has at hand, and this may have a signature.
        return "<parts of a request>"


def checked(signer: Signer) -> Signer:
    """The signer, if it is one. Without this, `auth=KayakoAuth` instead of an instance would send unsigned requests."""
    if not isinstance(signer, Signer):
        raise TypeError(f"signer: must be a Signer, not {type(signer).__name__}")
    return signer


def sign(signer: Signer, method: str, parts: Parts) -> Parts:
    """Signs a request. A POST without a body gets a form of the credentials alone: no other place of it is read."""
    url, content_type, body = parts
    if method == "POST" and not body and not content_type:
        content_type = _FORM
    url, body = signer.sign_request(method, url, content_type, body)
    return Parts(url, content_type, body)


def follow(sent: str, onward: str) -> tuple[str, bool]:
    """Where a redirect leads: its address without credentials, and whether a signature may go there.

    It may go to where it came from, and on to https there. A server that copies the query of the address that was sent
    into the next one has copied the credentials too.
    """
    origin, target = _origin(sent), _origin(onward)
    trusted = target in (origin, ("https", origin[1], 443)) if origin[2] == _PORTS.get(origin[0]) else target == origin
    salt = _SALT.search(sent)
    if salt and salt[1] in onward:
        onward = _without_credentials(onward)
        if salt[1] in onward and not trusted:
            raise ValueError("redirect: leads to another host, with the credentials in its address")
    return onward, trusted


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _without_credentials(url: str) -> str:
    address, sharp, fragment = url.partition("#")
    path, mark, query = address.partition("?")
    kept = [piece for piece in query.split("&") if unquote_plus(piece.partition("=")[0]) not in _NAMES]
    return path + (mark if kept else "") + "&".join(kept) + sharp + fragment
