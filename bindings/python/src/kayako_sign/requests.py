"""The plug-in for requests.

    import requests
    from kayako_sign import Signer
    from kayako_sign.requests import KayakoAuth

    auth = KayakoAuth(Signer("apikey", "secretkey"))
    requests.get("https://help.example.com/api/index.php?/Base/User/1", auth=auth)

It signs what a request is made of when requests prepares it, and again when requests makes another request of it.
"""

from __future__ import annotations

from typing import Any

from requests import PreparedRequest
from requests.auth import AuthBase

from ._plugin import Parts, checked, follow, sign
from ._signer import Signer

__all__ = ["KayakoAuth"]


class KayakoAuth(AuthBase):
    """Puts credentials with a fresh salt into each request, where the server reads them.

    A POST without a body gets a form of the credentials alone. What the server would not take raises KayakoSignError,
    and a body that is a stream raises ValueError, before anything is sent. A redirect within the helpdesk is signed
    anew; one to another host goes on without credentials. Any number of sessions and threads may share one of these.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = checked(signer)

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        # requests never asks again. What it sends next, it makes of this request.
        r.__class__ = _SignedRequest
        assert isinstance(r, _SignedRequest)
        r.sign(self._signer)
        return r


class _SignedRequest(PreparedRequest):
    """A signed request that knows what it was before.

    To follow a redirect, requests copies the request it sent, gives the copy another address, drops the body or keeps
    it, and prepares the cookies last. That is when the copy is signed for where it goes.
    """

    _signer: Signer | None = None
    _unsigned: Parts
    _sent: str

    def sign(self, signer: Signer) -> None:
        self._signer = signer
        self._unsigned = Parts(str(self.url), self._content_type(), _bytes(self.body))
        signed = sign(signer, str(self.method), self._unsigned)
        self._sent = signed.url
        self._become(signed)

    def copy(self) -> PreparedRequest:
        copy = super().copy()
        copy.__class__ = _SignedRequest
        copy.__dict__ = {**self.__dict__, **copy.__dict__}
        return copy

    def prepare_cookies(self, cookies: Any) -> None:
        super().prepare_cookies(cookies)
        if self._signer is None:
            return
        url, trusted = follow(self._sent, str(self.url))
        # There is no body any more where the method became GET.
        kept = self._unsigned if self.body is not None else Parts("", self._content_type(), b"")
        self._become(kept._replace(url=url))
        if trusted:
            self.sign(self._signer)
        else:
            # Not even where it leads back: somebody else would choose what is signed then.
            self._signer = None

    def _become(self, parts: Parts) -> None:
        self.url = parts.url
        self.body = parts.body or None
        for name in ("Content-Type", "Content-Length"):
            self.headers.pop(name, None)
        if parts.content_type is not None:
            self.headers["Content-Type"] = parts.content_type
        self.prepare_content_length(self.body)

    def _content_type(self) -> str | None:
        content_type: str | bytes | None = self.headers.get("Content-Type")
        return content_type.decode("latin-1") if isinstance(content_type, bytes) else content_type


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, (str, bytes)):
        return body.encode() if isinstance(body, str) else body
    kind = type(body).__name__
    raise ValueError(f"body: must be str or bytes, because credentials may go into it; read the {kind} first")
