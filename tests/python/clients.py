"""The HTTP clients with their plug-ins. Each function sends a request and returns everything that the client shows."""

from __future__ import annotations

import asyncio
import copy
import io
import pickle
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Callable, NamedTuple
from urllib.parse import urlencode

import aiohttp
import httpx
import requests
from urllib3.util import Retry

from kayako_sign import Signer
from kayako_sign.aiohttp import KayakoMiddleware
from kayako_sign.httpx import AsyncKayakoTransport, KayakoTransport
from kayako_sign.requests import KayakoAdapter

# Created once, because that takes as long as a whole test.
TLS = ssl.create_default_context()

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
BOUNDARY = "----0123456789abcdef"

TEXT = "& = + % # space é\nnewline"
FIELDS: dict[str, str | list[str]] = {
    "text": TEXT,
    "a[]": ["1", "2"],
    "b[c][d]": "3",
    "blank": "",
    "twice": ["1", "2"],
}
DOCUMENT = {"text": TEXT, "a": ["1", "2"], "b": {"c": {"d": 3}}, "blank": "", "none": None}
FILE_NAME = "façade & co.bin"
FILE = bytes(range(256)) * 12_000

PAIRS: list[tuple[str, str]] = [
    (name, value) for name, values in FIELDS.items() for value in (values if isinstance(values, list) else [values])
]


def multipart() -> bytes:
    """Returns a multipart body with the pairs and the file."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in PAIRS]
    parts.append(f'Content-Disposition: form-data; name="file"; filename="{FILE_NAME}"\r\n\r\n'.encode() + FILE)
    return b"".join(b"--%s\r\n%s\r\n" % (BOUNDARY.encode(), part) for part in parts) + b"--%s--\r\n" % BOUNDARY.encode()


# The bodies that are sent as streams: content type and content.
STREAMS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "form stream": (FORM, lambda: urlencode(PAIRS).encode()),
    "multipart stream": (f"multipart/form-data; boundary={BOUNDARY}", multipart),
    "octet stream": ("application/octet-stream", lambda: FILE),
    "JSON stream": (JSON, lambda: b'{"a": 1}'),
}
BODIES = ("none", "form", "multipart", "JSON", "plain text", *STREAMS, "JSON type alone")


class Answer(NamedTuple):
    """The answer of a server, and everything else that the client shows of the exchange."""

    status: int
    text: str
    shown: str

    def __repr__(self) -> str:
        # A failing test prints this, and the other fields may contain a signature.
        return f"<answer {self.status}>"


@dataclass(frozen=True)
class Request:
    """A request, how often to retry it, and the proxy to send it through."""

    method: str
    url: str
    body: str = "none"
    retries: int = 0
    proxy: str | None = None


def pieces(body: str) -> Iterator[bytes]:
    whole = STREAMS[body][1]()
    for start in range(0, len(whole), 50_000):
        yield whole[start : start + 50_000]


async def asynchronous(body: str) -> AsyncIterator[bytes]:
    for piece in pieces(body):
        yield piece


def by_requests(signer: Signer, helpdesk: str, request: Request) -> Answer:
    with requests.Session() as session:
        session.trust_env = False
        retries = Retry(request.retries, status_forcelist=[503], allowed_methods=None)
        session.mount("http://", KayakoAdapter(signer, helpdesk, max_retries=retries))
        if request.proxy:
            session.proxies = {"http": request.proxy}
        response = session.request(request.method, request.url, **arguments_of_requests(request.body))
        return Answer(response.status_code, response.content.decode(), shown_by_requests(response))


def arguments_of_requests(body: str) -> dict[str, Any]:
    if body in STREAMS:
        return {"data": pieces(body), "headers": {"Content-Type": STREAMS[body][0]}}
    arguments: dict[str, dict[str, Any]] = {
        "none": {},
        "form": {"data": FIELDS},
        "multipart": {"data": FIELDS, "files": {"file": (FILE_NAME, FILE)}},
        "JSON": {"json": DOCUMENT},
        "plain text": {"data": b"text", "headers": {"Content-Type": "text/plain"}},
        "JSON type alone": {"headers": {"Content-Type": JSON}},
    }
    return arguments[body]


def shown_by_requests(response: requests.Response) -> str:
    chain = [*response.history, response]
    shown: list[Any] = [(one.url, one.headers, one.request.url, one.request.headers) for one in chain]
    shown += [one.request.body for one in chain if isinstance(one.request.body, (str, bytes))]
    if not any(hasattr(one.request.body, "__next__") for one in chain):
        shown += [pickle.dumps(response, 0), pickle.dumps(copy.deepcopy(response), 0)]
    return repr([*shown, response.raw.url])


def arguments_of_httpx(body: str, stream: Callable[[str], Any]) -> dict[str, Any]:
    if body in STREAMS:
        return {"content": stream(body), "headers": {"Content-Type": STREAMS[body][0]}}
    arguments: dict[str, dict[str, Any]] = {
        "none": {},
        "form": {"data": FIELDS},
        "multipart": {"data": FIELDS, "files": {"file": (FILE_NAME, FILE)}},
        "JSON": {"json": DOCUMENT},
        "plain text": {"content": "text", "headers": {"Content-Type": "text/plain"}},
        "JSON type alone": {"headers": {"Content-Type": JSON}},
    }
    return arguments[body]


class Retrying(httpx.BaseTransport):
    """Sends requests by another transport, and sends one again if the answer is 503."""

    def __init__(self, transport: httpx.BaseTransport, retries: int) -> None:
        self.transport = transport
        self.retries = retries

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.transport.handle_request(request)
        for _ in range(self.retries):
            if response.status_code == 503:
                response.close()
                response = self.transport.handle_request(request)
        return response

    def close(self) -> None:
        self.transport.close()


class AsyncRetrying(httpx.AsyncBaseTransport):
    """The same as Retrying, for an asynchronous client."""

    def __init__(self, transport: httpx.AsyncBaseTransport, retries: int) -> None:
        self.transport = transport
        self.retries = retries

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.transport.handle_async_request(request)
        for _ in range(self.retries):
            if response.status_code == 503:
                await response.aclose()
                response = await self.transport.handle_async_request(request)
        return response

    async def aclose(self) -> None:
        await self.transport.aclose()


def by_httpx(signer: Signer, helpdesk: str, request: Request) -> Answer:
    plain = httpx.HTTPTransport(verify=TLS, proxy=request.proxy)
    transport = Retrying(KayakoTransport(signer, helpdesk, plain), request.retries)
    with httpx.Client(mounts={"http://": transport}, verify=TLS, trust_env=False, follow_redirects=True) as client:
        response = client.request(request.method, request.url, **arguments_of_httpx(request.body, pieces))
        return Answer(response.status_code, response.content.decode(), shown_by_httpx(response))


def by_async_httpx(signer: Signer, helpdesk: str, request: Request) -> Answer:
    async def send() -> Answer:
        plain = httpx.AsyncHTTPTransport(verify=TLS, proxy=request.proxy)
        mounts = {"http://": AsyncRetrying(AsyncKayakoTransport(signer, helpdesk, plain), request.retries)}
        async with httpx.AsyncClient(mounts=mounts, verify=TLS, trust_env=False, follow_redirects=True) as client:
            response = await client.request(
                request.method, request.url, **arguments_of_httpx(request.body, asynchronous)
            )
            return Answer(response.status_code, response.content.decode(), shown_by_httpx(response))

    return asyncio.run(send())


def shown_by_httpx(response: httpx.Response) -> str:
    chain = [*response.history, response]
    shown: list[Any] = [(one.url, one.headers, one.request.url, one.request.headers) for one in chain]
    shown += [vars(one.request).get("_content") for one in chain]
    return repr([*shown, pickle.dumps(copy.deepcopy(response), 0), pickle.dumps(response.request, 0)])


def arguments_of_aiohttp(body: str) -> dict[str, Any]:
    if body in STREAMS:
        return {"data": asynchronous(body), "headers": {"Content-Type": STREAMS[body][0]}}
    if body == "multipart":
        form = aiohttp.FormData(PAIRS, quote_fields=False)
        form.add_field("file", io.BytesIO(FILE), filename=FILE_NAME)
        return {"data": form}
    arguments: dict[str, dict[str, Any]] = {
        "none": {},
        "form": {"data": PAIRS},
        "JSON": {"json": DOCUMENT},
        "plain text": {"data": b"text", "headers": {"Content-Type": "text/plain"}},
        "JSON type alone": {"headers": {"Content-Type": JSON}},
    }
    return arguments[body]


def by_aiohttp(signer: Signer, helpdesk: str, request: Request) -> Answer:
    async def again(sent: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        response = await handler(sent)
        for _ in range(request.retries):
            if response.status == 503:
                response.release()
                response = await handler(sent)
        return response

    async def send() -> Answer:
        middlewares: list[aiohttp.ClientMiddlewareType] = [again, KayakoMiddleware(signer, helpdesk)]
        async with aiohttp.ClientSession(middlewares=middlewares) as session:
            arguments: dict[str, Any] = {"proxy": request.proxy, **arguments_of_aiohttp(request.body)}
            response = await session.request(request.method, request.url, **arguments)
            return Answer(response.status, await response.text(), shown_by_aiohttp(response))

    return asyncio.run(send())


def shown_by_aiohttp(response: aiohttp.ClientResponse) -> str:
    chain = [*response.history, response]
    return repr([(one, one.url, one.real_url, one.request_info, one.headers, one.raw_headers) for one in chain])


CLIENTS: dict[str, Callable[[Signer, str, Request], Answer]] = {
    "requests": by_requests,
    "httpx": by_httpx,
    "async httpx": by_async_httpx,
    "aiohttp": by_aiohttp,
}
