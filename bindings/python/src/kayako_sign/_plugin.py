"""What the plug-ins share: one attempt to send a request, signed, and the origin that may have it."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, unquote_plus, urlsplit

from ._error import KayakoSignError
from ._signer import Signer, goes_into_url

_FORM = "application/x-www-form-urlencoded"
_NAMES = {"apikey", "salt", "signature"}
_PORTS = {"http": 80, "https": 443}
# The salt and the signature in any of the texts that the library inserts.
_SECRETS = re.compile(rb"\bsalt\W+([0-9a-f]{32})\W.*?\bsignature\W+([\w+/%\\]+=*)", re.DOTALL)
# Large enough to be quick, and small enough that no client copies a whole body at once.
_PIECE = 64 * 1024


def checked(signer: Signer) -> Signer:
    """Returns the signer, if it is one: without this, a class in place of an instance would send unsigned requests."""
    if not isinstance(signer, Signer):
        raise TypeError(f"signer: must be a Signer, not {type(signer).__name__}")
    return signer


def helpdesk_origin(helpdesk: str) -> str:
    """Returns the one origin that may have credentials. Only scheme, host and port of the URL count."""
    if not isinstance(helpdesk, str):
        raise TypeError(f"helpdesk: must be str, not {type(helpdesk).__name__}")
    found = origin(helpdesk)
    if found is None:
        raise KayakoSignError(
            None, "helpdesk: must be an http or https URL with a host in ASCII, such as https://help.example.com"
        )
    return found


def origin(url: str) -> str | None:
    """Returns the origin that a URL leads to, always with its port; None if it is none that a helpdesk can have."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or not host.isascii():
        return None
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


class Attempt:
    """One attempt to send a request: what goes out in its place.

    `body` is what the request has in memory, or None where it has a stream. Where the credentials go into the URL, the
    body stays as it is: `added` is 0, and nothing else of the body is used. A POST without a body becomes a form of the
    credentials alone, because no other place of it is read.
    """

    def __init__(self, signer: Signer, method: str, url: str, content_type: str | None, body: bytes | None) -> None:
        if method == "POST" and body == b"" and not content_type:
            content_type = _FORM
        self.url = url
        self.content_type = content_type
        self._upload = None
        self._body = body or b""
        self._offset = 0
        if body is None and not goes_into_url(method, url, content_type):
            if "application/json" in (content_type or ""):
                raise KayakoSignError(
                    None,
                    "body: JSON must be str or bytes, because all of it is looked at before it is sent; read it first",
                )
            self._text, self._upload = signer._upload(method, url, content_type)
            in_url = False
        else:
            in_url, self._offset, self._text = signer._insertion(method, url, content_type, self._body)
        if in_url:
            self.url = url[: self._offset] + self._text.decode() + url[self._offset :]
        self.added = 0 if in_url else len(self._text)

    def pieces(self, stream: Iterable[bytes] | None = None) -> Iterator[bytes]:
        """Yields the signed body: of what is in memory, or of the stream, whose pieces are looked at as they go."""
        if self._upload is None or stream is None:
            whole = memoryview(self._body)
            for part in (whole[: self._offset], memoryview(self._text), whole[self._offset :]):
                for start in range(0, len(part), _PIECE):
                    yield bytes(part[start : start + _PIECE])
            return
        yield self._text
        for piece in stream:
            yield self.look(piece)
        self.end()

    @property
    def before(self) -> bytes:
        """What goes before a stream."""
        return self._text

    def look(self, piece: bytes) -> bytes:
        """Returns the piece of a stream, if it may be sent. Raises KayakoSignError where the request must not go on."""
        assert self._upload is not None
        self._upload.check(piece)
        return piece

    def end(self) -> None:
        """Raises KayakoSignError if a stream ended too early."""
        assert self._upload is not None
        self._upload.end()

    def without_credentials(self, location: str) -> str:
        """Returns where a redirect leads, without the credentials that the server copied from the request.

        Raises KayakoSignError where they are in something else than parameters of their own.
        """
        if not self._is_in(location):
            return location
        address, sharp, fragment = location.partition("#")
        path, mark, query = address.partition("?")
        kept = [piece for piece in query.split("&") if unquote_plus(piece.partition("=")[0]) not in _NAMES]
        location = path + (mark if kept else "") + "&".join(kept) + sharp + fragment
        if self._is_in(location):
            raise KayakoSignError(None, "redirect: the Location of the answer repeats the credentials of the request")
        return location

    def _is_in(self, text: str) -> bool:
        """Whether a salt or a signature of this attempt is in a text, which may be URL-encoded more than once."""
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
