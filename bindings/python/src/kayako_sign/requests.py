"""The plug-in for requests.

    import requests
    from kayako_sign import Signer
    from kayako_sign.requests import KayakoAdapter

    helpdesk = "https://help.example.com"
    session = requests.Session()
    session.mount(f"{helpdesk}/", KayakoAdapter(Signer("apikey", "secretkey"), helpdesk))
    session.get(f"{helpdesk}/api/index.php?/Base/User/1")

It signs as urllib3's connection sends. So each attempt, retry and redirect has a fresh salt, and nothing above the
connection sees credentials.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict
from urllib3.util.request import body_to_chunks

from ._error import KayakoSignError
from ._plugin import Attempt, helpdesk_origin, origin, require_signer
from ._signer import Signer

__all__ = ["KayakoAdapter", "KayakoAuth"]


class KayakoAdapter(HTTPAdapter):
    """Signs each request to one helpdesk as it is sent. Requests to other origins are sent without credentials.

    Mount it with a slash after the host: `session.mount("https://help.example.com/", …)`. The options are those of
    HTTPAdapter. If the credentials go into the URL, the body stays as it is. If they go into the body, a file or a
    generator is sent after them piece by piece; JSON must be in memory. Any number of threads may share an adapter. It
    cannot be pickled, because a signer cannot.

    Raises KayakoSignError for a request that the server would refuse: before it is sent, or, if its body is a stream,
    before the server has all of it; and for a redirect whose Location repeats the credentials inside a value.
    """

    # The attributes that pickle writes. The signer among them refuses to be pickled.
    __attrs__ = [*HTTPAdapter.__attrs__, "_signer"]  # noqa: RUF012

    def __init__(self, signer: Signer, helpdesk: str, **options: Any) -> None:
        self._signer = require_signer(signer)
        self._origin = helpdesk_origin(helpdesk)
        self._unsigned = HTTPAdapter(**options)
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self._sign_below(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **options)
        if not known:
            self._sign_below(manager)
        return manager

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        if origin(str(request.url)) != self._origin:
            return self._unsigned.send(request, *args, **options)
        return super().send(request, *args, **options)

    def close(self) -> None:
        self._unsigned.close()
        super().close()

    def _sign_below(self, manager: Any) -> None:
        """Gives the pools of a manager connections that sign. Class names stay, because messages show them."""
        shared = {"_signer": self._signer, "_helpdesk": self._origin}
        manager.pool_classes_by_scheme = {
            scheme: type(pool.__name__, (pool,), {"ConnectionCls": _signing_connection(pool.ConnectionCls, shared)})
            for scheme, pool in manager.pool_classes_by_scheme.items()
        }


def _signing_connection(connection: Any, shared: dict[str, Any]) -> type:
    # The signer is in the class, because exceptions hold the connection.
    return type(connection.__name__, (_SigningConnection, connection), shared)


class _SigningConnection:
    """Makes a connection of urllib3 sign each request that it sends, and hide that in the response."""

    _signer: Signer
    _helpdesk: str
    # The unsigned URL and the attempt of the request whose response is still to come.
    _sent: tuple[str, Attempt] | None = None
    blocksize: int

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        *,
        chunked: bool = False,
        **options: Any,
    ) -> None:
        # A forwarding proxy gets the whole URL.
        prefix = self._helpdesk if url.startswith("/") else ""
        chunks, length = body_to_chunks(body, method=method, blocksize=self.blocksize)
        whole = None if chunks is not None and length is None else b"".join(_octets(chunks or ()))
        headers = CaseInsensitiveDict(headers or {})
        attempt = Attempt(self._signer, method, prefix + url, _text(headers.get("Content-Type")), whole)
        self._sent = url, attempt
        if attempt.added:
            body = attempt.pieces(None if chunks is None else _octets(chunks))
            attempt.update_headers(headers, chunked)
        parent: Any = super()
        parent.request(method, attempt.url[len(prefix) :], body, headers, chunked=chunked, **options)

    def getresponse(self) -> Any:
        parent: Any = super()
        response = parent.getresponse()
        if self._sent is not None:
            (response.url, attempt), self._sent = self._sent, None
            location = response.headers.get("Location")
            if location is not None:
                try:
                    response.headers["Location"] = attempt.without_credentials(location)
                except KayakoSignError:
                    response.close()
                    raise
        return response


class KayakoAuth(AuthBase):
    """Signs one request: `requests.get(url, auth=KayakoAuth(signer))`.

    The response belongs to the unsigned request. A redirect is followed without credentials, and a retry by urllib3
    repeats the salt; the message of a failed connection quotes the signed URL. KayakoAdapter has none of these limits.
    Raises KayakoSignError for a request that the server would refuse, and for a body that is a stream.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = require_signer(signer)

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        before = {"url": r.url, "headers": r.headers.copy(), "body": r.body, "hooks": r.hooks}
        body = r.body or b""
        if not isinstance(body, (str, bytes)):
            raise KayakoSignError(None, "body: must be str or bytes; KayakoAdapter sends streams")
        whole = body.encode() if isinstance(body, str) else body
        attempt = Attempt(self._signer, str(r.method), str(r.url), _text(r.headers.get("Content-Type")), whole)

        def restore(response: Response, **_: Any) -> None:
            r.__dict__.update(before)
            response.url = str(r.url)
            if "Location" in response.headers:
                response.headers["Location"] = attempt.without_credentials(response.headers["Location"])

        r.url = attempt.url
        if attempt.added:
            r.body = b"".join(attempt.pieces())
            attempt.update_headers(r.headers, chunked=False)
        r.hooks = {**r.hooks, "response": [restore, *r.hooks.get("response", [])]}
        return r


def _text(header: str | bytes | None) -> str | None:
    return header.decode("latin-1") if isinstance(header, bytes) else header


def _octets(chunks: Iterable[Any]) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk.encode() if isinstance(chunk, str) else chunk
