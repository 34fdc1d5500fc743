"""The plug-in for httpx.

    import httpx
    from kayako_sign import Signer
    from kayako_sign.httpx import KayakoAuth

    client = httpx.Client(auth=KayakoAuth(Signer("apikey", "secretkey")))
    client.get("https://help.example.com/api/index.php?/Base/User/1")

It leaves the request of the caller as it is and sends a signed one. A client that follows redirects makes them of that
one without asking, so its body has its credentials only once.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator

import httpx

from ._plugin import Parts, checked, follow, sign
from ._signer import Signer

__all__ = ["KayakoAuth"]

# Where a redirect comes from. httpx hands the extensions of a request on to the one that follows it.
_SENT = "kayako_sign.sent"


class KayakoAuth(httpx.Auth):
    """Puts credentials with a fresh salt into each request, where the server reads them.

    A POST without a body gets a form of the credentials alone. What the server would not take raises KayakoSignError,
    and a body that the client cannot read raises ValueError, before anything is sent. Any number of clients, threads
    and tasks may share one of these.

    A client that follows redirects asks nobody: it goes on without new credentials, and not with those of the body.
    If it is refused within the helpdesk, the request is signed there. Leave follow_redirects off where the server may
    copy the query, credentials and all, into an address of another host.
    """

    requires_request_body = True

    def __init__(self, signer: Signer) -> None:
        self._signer = checked(signer)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if not isinstance(request.stream, httpx.SyncByteStream):
            raise ValueError("body: must not be an asynchronous stream, which a Client cannot read")
        return super().sync_auth_flow(request)

    def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        if not isinstance(request.stream, httpx.AsyncByteStream):
            raise ValueError("body: must be bytes or an asynchronous stream, because an AsyncClient reads no other")
        return super().async_auth_flow(request)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        looked_at = False
        while True:
            sent = self._signed(request, looked_at)
            response = yield sent
            if response.status_code != 401:
                return
            if response.request is not sent:
                # The client has followed a redirect.
                if not all(follow(sent.sent, str(hop.request.url))[1] for hop in (*response.history, response)):
                    return
                request = response.request
            elif sent.body.times_read > 1 and not looked_at:
                # An event hook had read the body, so that it was sent without credentials.
                looked_at = True
            else:
                return

    def _signed(self, request: httpx.Request, looked_at: bool) -> _SignedRequest:
        body = request.stream.unsigned if isinstance(request.stream, _Body) else request.content
        parts = Parts(str(request.url), request.headers.get("Content-Type"), body)
        sent: str | None = request.extensions.get(_SENT)
        trusted = True
        if sent is not None:
            url, trusted = follow(sent, parts.url)
            # httpx drops the body of what becomes a GET, but not what it says of the body.
            parts = Parts(url, parts.content_type if body else None, body)
        if not trusted:
            # Not even where it leads back: somebody else would choose what is signed then.
            return _SignedRequest(request, parts, _Body(body, body), sent="", looked_at=looked_at)
        signed = sign(self._signer, request.method, parts)
        return _SignedRequest(request, signed, _Body(signed.body, body), sent=signed.url, looked_at=looked_at)


class _SignedRequest(httpx.Request):
    """A request with credentials, and what a redirect inherits of it: a body without."""

    def __init__(self, request: httpx.Request, parts: Parts, body: _Body, sent: str, looked_at: bool) -> None:
        headers = request.headers.copy()
        for name in ("Content-Type", "Transfer-Encoding"):
            headers.pop(name, None)
        if parts.content_type is not None:
            headers["Content-Type"] = parts.content_type
        if parts.body or "Content-Length" in headers:
            headers["Content-Length"] = str(len(parts.body))
        extensions = {**request.extensions, _SENT: sent}
        super().__init__(request.method, parts.url, headers=headers, stream=body, extensions=extensions)
        self.body = body
        self.sent = sent
        self.looked_at = looked_at

    @property
    def content(self) -> bytes:
        return self.body.signed

    # It may be a transport that reads, with a redirect to come: not so where a body that was read was then sent.
    def read(self) -> bytes:
        return self.content if self.looked_at else super().read()

    async def aread(self) -> bytes:
        return self.content if self.looked_at else await super().aread()


class _Body(httpx.ByteStream):
    """A body that has its credentials when it is read for the first time, and not in the redirects that may follow.

    Such a redirect has the Content-Length of what was signed, so the body is filled up with what counts as nothing: in
    a form an empty parameter, in JSON a line break, in multipart a line before the first boundary.
    """

    def __init__(self, signed: bytes, unsigned: bytes) -> None:
        super().__init__(signed)
        self.signed = signed
        self.unsigned = unsigned
        self.times_read = 0

    def __iter__(self) -> Iterator[bytes]:
        yield self._read()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._read()

    def _read(self) -> bytes:
        self.times_read += 1
        if self.times_read == 1:
            return self.signed
        nothing = b"&" if self.signed.startswith(b"apikey=") else b"\n"
        return nothing * (len(self.signed) - len(self.unsigned)) + self.unsigned
