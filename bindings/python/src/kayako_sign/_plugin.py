"""Shared by the plug-ins: one signed attempt to send a request, and the origin that gets credentials."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, unquote_plus, urlsplit

from ._error import KayakoSignError
from ._signer import Signer, goes_into_url

_FORM = "application/x-www-form-urlencoded"
_NAMES = {"apikey", "salt", "signature"}
_PORTS = {"http": 80, "https": 443}
# Finds the salt and the signature in each kind of text that the library inserts.
_SECRETS = re.compile(rb"\bsalt\W+([0-9a-f]{32})\W.*?\bsignature\W+([\w+/%\\]+=*)", re.DOTALL)
# In bytes: large enough to be fast, and small enough that no client copies a whole body at once.
_PIECE = 64 * 1024


def require_signer(signer: Signer) -> Signer:
    """Returns the signer. Raises TypeError for anything else: with a class, requests would go out unsigned."""
    if not isinstance(signer, Signer):
        raise TypeError(f"signer: must be a Signer, not {type(signer).__name__}")
    return signer


def helpdesk_origin(helpdesk: str) -> str:
    """Returns the only origin that gets credentials. Only scheme, host and port of the URL count."""
    if not isinstance(helpdesk, str):
        raise TypeError(f"helpdesk: must be str, not {type(helpdesk).__name__}")
    found = origin(helpdesk)
    if found is None:
        raise KayakoSignError(
            None, "helpdesk: must be an http or https URL with a host in ASCII, for example https://help.example.com"
        )
    return found


def origin(url: str) -> str | None:
    """Returns the origin of a URL, always with its port; None if no helpdesk can have such a URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or not host.isascii():
        return None
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


class Attempt:
    """One signed attempt to send a request.

    `body` is the body in memory; None if it is a stream. `added` is the number of bytes that signing adds to the body.
    If the credentials go into the URL, it is 0, and the caller sends its own body. A POST without a body becomes a form
    of the credentials alone, because the server reads nothing else of a POST.
    """

    def __init__(self, signer: Signer, method: str, url: str, content_type: str | None, body: bytes | None) -> None:
        if method == "POST" and body == b"" and not content_type:
            content_type = _FORM
        self.url = url
        self.content_type = content_type
        self._upload = None
        self._length = None if body is None else len(body)
        self._body = body or b""
        self._offset = 0
        if body is None and not goes_into_url(method, url, content_type):
            if "application/json" in (content_type or ""):
                raise KayakoSignError(
                    None,
                    "body: JSON must be str or bytes, because all of it is read before it is sent; read it first",
                )
            self._text, self._upload = signer._upload(method, url, content_type)
            in_url = False
        else:
            in_url, self._offset, self._text = signer._insertion(method, url, content_type, self._body)
        if in_url:
            self.url = url[: self._offset] + self._text.decode() + url[self._offset :]
        self.added = 0 if in_url else len(self._text)

    def update_headers(self, headers: Any, chunked: bool) -> None:
        """Sets Content-Type for the signed body, and Content-Length unless it is chunked or of unknown length."""
        headers["Content-Type"] = str(self.content_type)
        length = headers.get("Content-Length") if self._length is None else self._length
        if length is not None and not chunked:
            headers["Content-Length"] = str(int(length) + self.added)

    def pieces(self, stream: Iterable[bytes] | None = None) -> Iterator[bytes]:
        """Yields the signed body. Checks each piece of a stream before it is sent."""
        if self._upload is None or stream is None:
            whole = memoryview(self._body)
            for part in (whole[: self._offset], memoryview(self._text), whole[self._offset :]):
                for start in range(0, len(part), _PIECE):
                    yield bytes(part[start : start + _PIECE])
            return
        yield self._text
        for piece in stream:
            yield self.checked(piece)
        self.end()

    @property
    def prefix(self) -> bytes:
        """The credentials that go before a stream."""
        return self._text

    def checked(self, piece: bytes) -> bytes:
        """Returns a piece of a stream. Raises KayakoSignError if it must not be sent."""
        assert self._upload is not None
        self._upload.check(piece)
        return piece

    def end(self) -> None:
        """Raises KayakoSignError if a stream ended too early."""
        assert self._upload is not None
        self._upload.end()

    def without_credentials(self, location: str) -> str:
        """Returns the Location of a redirect without the credentials that the server copied from the request.

        Raises KayakoSignError if they are anywhere except in their own parameters.
        """
        if not self._shows_credentials(location):
            return location
        url, sharp, fragment = location.partition("#")
        path, mark, query = url.partition("?")
        kept = [piece for piece in query.split("&") if unquote_plus(piece.partition("=")[0]) not in _NAMES]
        location = path + (mark if kept else "") + "&".join(kept) + sharp + fragment
        if self._shows_credentials(location):
            raise KayakoSignError(None, "redirect: the Location of the answer repeats the credentials of the request")
        return location

    def _shows_credentials(self, text: str) -> bool:
        """Returns whether a text, URL-encoded any number of times, holds this attempt's salt or signature."""
        found = _SECRETS.search(self._text)
        assert found is not None
        secrets = [found[1].decode(), unquote(found[2].decode().replace("\\", ""))]
        for _ in range(10):
            if any(secret in text.replace(" ", "+") for secret in secrets):
                return True
            decoded = unquote(text)
            if decoded == text:
                return False
            text = decoded
        return True
