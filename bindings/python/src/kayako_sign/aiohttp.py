"""The plug-in for aiohttp, 3.12.7 or later.

    import aiohttp
    from kayako_sign import Signer
    from kayako_sign.aiohttp import KayakoMiddleware

    helpdesk = "https://help.example.com"
    middleware = KayakoMiddleware(Signer("apikey", "secretkey"), helpdesk)
    async with aiohttp.ClientSession(middlewares=[middleware]) as session:
        await session.get(f"{helpdesk}/api/index.php?/Base/User/1")

It signs a copy of the request as that is written to the connection. So each attempt, retry and redirect has a fresh
salt, and the session sees no credentials.
"""

from __future__ import annotations

import copy
import functools
from typing import Any

from aiohttp import ClientConnectionError, ClientHandlerType, ClientRequest, ClientResponse, hdrs
from aiohttp.payload import BytesPayload, Payload
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from ._error import KayakoSignError
from ._plugin import Attempt, helpdesk_origin, origin, require_signer
from ._signer import Signer

__all__ = ["KayakoMiddleware"]


class KayakoMiddleware:
    """Signs each request to one helpdesk as it is sent. Requests to other origins are sent without credentials.

    If the credentials go into the URL, the body stays as it is. If they go into the body, a file or an iterable is sent
    after them piece by piece; JSON must be in memory, as with `json=`. Any number of sessions may share one middleware.

    Raises KayakoSignError for a request that the server would refuse: before it is sent, or, if its body is a stream,
    before the server has all of it; and for a redirect whose Location repeats the credentials inside a value.
    """

    def __init__(self, signer: Signer, helpdesk: str) -> None:
        self._signer = require_signer(signer)
        self._origin = helpdesk_origin(helpdesk)

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        if origin(str(request.url)) != self._origin:
            return await handler(request)
        # When aiohttp has a connection, it calls send() of the request. Until then it sees the unsigned one.
        sent: list[Attempt] = []
        unsigned: Any = copy.copy(request)
        unsigned.send = functools.partial(self._send, unsigned, request, sent)
        try:
            response = await handler(unsigned)
        except ClientConnectionError as error:
            if isinstance(error.__cause__, KayakoSignError):
                raise error.__cause__ from None
            raise
        if sent:
            try:
                _clean(response, sent[-1])
            except KayakoSignError:
                response.close()
                raise
        return response

    async def _send(self, unsigned: Any, request: Any, sent: list[Attempt], connection: Any) -> ClientResponse:
        body: Any = unsigned.body or None
        whole = await body.as_bytes() if isinstance(body, BytesPayload) else None if body else b""
        content_type = unsigned.headers.get(hdrs.CONTENT_TYPE)
        attempt = Attempt(self._signer, unsigned.method, str(unsigned.url), content_type, whole)
        sent.append(attempt)
        signed = copy.copy(unsigned)
        del signed.send
        signed.url = URL(attempt.url, encoded=True)
        signed.headers = unsigned.headers.copy()
        if attempt.added:
            signed._body = _SignedBody(attempt, None if whole is not None else body)
            attempt.update_headers(signed.headers, bool(signed.chunked))

        def response(*arguments: Any, **named: Any) -> ClientResponse:
            made: ClientResponse = unsigned.response_class(
                *arguments, **{**named, "request_info": unsigned.request_info}
            )
            return made

        write = signed.write_bytes

        async def write_bytes(*arguments: Any) -> None:
            # Errors of the body quote this URL.
            signed.url = unsigned.url
            await write(*arguments)

        signed.response_class, signed.write_bytes = response, write_bytes
        answer: ClientResponse = await signed.send(connection)
        if signed._writer is not None:
            # The session waits for this writer before it sends the body again.
            request._writer = signed._writer
        return answer


class _SignedBody(Payload):
    """Writes a signed body."""

    def __init__(self, attempt: Attempt, stream: Payload | None) -> None:
        super().__init__(None)
        self._attempt = attempt
        self._stream = stream

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a signed body is not text")

    async def write(self, writer: Any) -> None:
        await self.write_with_length(writer, None)

    async def write_with_length(self, writer: Any, content_length: int | None) -> None:
        if self._stream is None:
            for piece in self._attempt.pieces():
                await writer.write(piece)
            return
        await writer.write(self._attempt.prefix)
        rest = None if content_length is None else content_length - self._attempt.added
        await self._stream.write_with_length(_CheckingWriter(writer, self._attempt), rest)  # type: ignore[arg-type]
        self._attempt.end()


class _CheckingWriter:
    """Checks each piece of a body before it writes it."""

    def __init__(self, writer: Any, attempt: Attempt) -> None:
        self._writer = writer
        self._attempt = attempt

    async def write(self, chunk: Any, **options: Any) -> None:
        await self._writer.write(self._attempt.checked(chunk), **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


def _clean(response: Any, attempt: Attempt) -> None:
    """Removes the credentials from the headers that a session follows."""
    headers = CIMultiDict(response.headers)
    for name in (hdrs.LOCATION, hdrs.URI):
        if name in headers:
            headers[name] = attempt.without_credentials(headers[name])
    if headers != response.headers:
        # The cache has the old values.
        response._cache.clear()
        response._headers = CIMultiDictProxy(headers)
        encoded = [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in headers.items()]
        response._raw_headers = tuple(encoded)
