"""The plug-in for httpx.

    import httpx
    from kayako_sign import Signer
    from kayako_sign.httpx import KayakoTransport

    helpdesk = "https://help.example.com"
    client = httpx.Client(mounts={helpdesk: KayakoTransport(Signer("apikey", "secretkey"), helpdesk)})
    client.get(f"{helpdesk}/api/index.php?/Base/User/1")

It signs below the client. So each attempt and each redirect has a fresh salt, and the client sees no credentials.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

import httpx

from ._error import KayakoSignError
from ._plugin import Attempt, helpdesk_origin, origin, require_signer
from ._signer import Signer

__all__ = ["AsyncKayakoTransport", "KayakoAuth", "KayakoTransport"]


class KayakoTransport(httpx.BaseTransport):
    """Signs each request to one helpdesk and sends it by another transport: httpx's own, or a given one.

    Requests to other origins are sent without credentials. If the credentials go into the URL, the body stays as it is.
    If they go into the body, a stream is sent after them piece by piece; JSON must be in memory. Put a transport that
    retries around this one, so that each attempt has a fresh salt. close() also closes the other transport.

    Raises KayakoSignError for a request that the server would refuse: before it is sent, or, if its body is a stream,
    before the server has all of it; and for a redirect whose Location repeats the credentials inside a value.
    """

    def __init__(self, signer: Signer, helpdesk: str, transport: httpx.BaseTransport | None = None) -> None:
        self._signer = require_signer(signer)
        self._origin = helpdesk_origin(helpdesk)
        self._transport = transport or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if origin(str(request.url)) != self._origin:
            return self._transport.handle_request(request)
        attempt, signed = _signed(self._signer, request)
        response = self._transport.handle_request(signed)
        try:
            return _cleaned(response, attempt)
        except KayakoSignError:
            response.close()
            raise

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> KayakoTransport:
        self._transport.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._transport.__exit__(*error)


class AsyncKayakoTransport(httpx.AsyncBaseTransport):
    """Does for an AsyncClient what KayakoTransport does for a Client."""

    def __init__(self, signer: Signer, helpdesk: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._signer = require_signer(signer)
        self._origin = helpdesk_origin(helpdesk)
        self._transport = transport or httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if origin(str(request.url)) != self._origin:
            return await self._transport.handle_async_request(request)
        attempt, signed = _signed(self._signer, request)
        response = await self._transport.handle_async_request(signed)
        try:
            return _cleaned(response, attempt)
        except KayakoSignError:
            await response.aclose()
            raise

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def __aenter__(self) -> AsyncKayakoTransport:
        await self._transport.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._transport.__aexit__(*error)


class KayakoAuth(httpx.Auth):
    """Signs one request: `httpx.get(url, auth=KayakoAuth(signer))`.

    The response belongs to the unsigned request, and has no `next_request`. With follow_redirects=True httpx follows
    redirects itself, without credentials; but it also follows a Location that repeats them. KayakoTransport has no such
    limits. A stream is read into memory. Raises KayakoSignError for a request that the server would refuse.
    """

    requires_request_body = True

    def __init__(self, signer: Signer) -> None:
        self._signer = require_signer(signer)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        attempt, signed = _signed(self._signer, request)
        if attempt.added:
            signed.stream = _ReadOnce(signed.stream)
        response = yield signed
        for answer in (*response.history, response):
            if answer.request is signed:
                answer.request = request
                answer.next_request = None
                _cleaned(answer, attempt)


def _signed(signer: Signer, request: httpx.Request) -> tuple[Attempt, httpx.Request]:
    """Returns an attempt and its signed request, which is sent instead of the caller's."""
    stream: Any = request.stream
    whole = b"".join(stream) if isinstance(stream, httpx.ByteStream) else None
    headers = request.headers.copy()
    # A redirect inherits the extensions. If it became a GET, it has lost its body, but not its Content-Type.
    if request.extensions.setdefault("kayako_sign.method", request.method) != request.method and not whole:
        headers.pop("Content-Type", None)
    attempt = Attempt(signer, request.method, str(request.url), headers.get("Content-Type"), whole)
    if attempt.added:
        stream = _SignedBody(attempt, None if whole is not None else stream)
        attempt.update_headers(headers, "Transfer-Encoding" in headers)
    # The timeouts are among the extensions.
    extensions = request.extensions
    return attempt, httpx.Request(request.method, attempt.url, headers=headers, stream=stream, extensions=extensions)


def _cleaned(response: httpx.Response, attempt: Attempt) -> httpx.Response:
    if "Location" in response.headers:
        response.headers["Location"] = attempt.without_credentials(response.headers["Location"])
    return response


class _SignedBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Yields a signed body."""

    def __init__(self, attempt: Attempt, stream: Any) -> None:
        self._attempt = attempt
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._attempt.pieces(self._stream)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._stream is None:
            for piece in self._attempt.pieces():
                yield piece
            return
        yield self._attempt.prefix
        async for piece in self._stream:
            yield self._attempt.checked(piece)
        self._attempt.end()


class _ReadOnce(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Yields a body only once, because a redirect would send it with its credentials to other origins too."""

    def __init__(self, stream: Any) -> None:
        self._stream: Any = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._take()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._take():
            yield piece

    def _take(self) -> Any:
        stream, self._stream = self._stream, None
        if stream is None:
            raise httpx.StreamConsumed
        return stream
