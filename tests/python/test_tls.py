"""Sends signed requests over TLS, directly and through a tunnel of a proxy."""

import asyncio
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, Optional

import aiohttp
import httpx
import pytest
import requests

from kayako_sign import Signer
from kayako_sign.aiohttp import KayakoMiddleware
from kayako_sign.httpx import AsyncKayakoTransport, KayakoTransport
from kayako_sign.requests import KayakoAdapter
from servers import Recorder, Tunnel

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    extensions = ("-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:TRUE")
    new = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1")
    subprocess.run(
        [*new, *extensions, "-keyout", str(path), "-out", str(path) + ".crt"], check=True, capture_output=True
    )
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Recorder]:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    with Recorder(server) as running:
        yield running


def by_requests(signer: Signer, helpdesk: str, url: str, certificate: Path, proxy: Optional[str]) -> str:
    with requests.Session() as session:
        session.mount(f"{helpdesk}/", KayakoAdapter(signer, helpdesk))
        proxies = {"https": proxy} if proxy else {}
        return session.post(url, {"a": "1"}, verify=f"{certificate}.crt", proxies=proxies).url


def by_httpx(signer: Signer, helpdesk: str, url: str, certificate: Path, proxy: Optional[str]) -> str:
    tls = ssl.create_default_context(cafile=f"{certificate}.crt")
    transport = KayakoTransport(signer, helpdesk, httpx.HTTPTransport(verify=tls, proxy=proxy))
    with httpx.Client(transport=transport) as client:
        return str(client.post(url, data={"a": "1"}).url)


def by_async_httpx(signer: Signer, helpdesk: str, url: str, certificate: Path, proxy: Optional[str]) -> str:
    async def send() -> str:
        tls = ssl.create_default_context(cafile=f"{certificate}.crt")
        transport = AsyncKayakoTransport(signer, helpdesk, httpx.AsyncHTTPTransport(verify=tls, proxy=proxy))
        async with httpx.AsyncClient(transport=transport) as client:
            return str((await client.post(url, data={"a": "1"})).url)

    return asyncio.run(send())


def by_aiohttp(signer: Signer, helpdesk: str, url: str, certificate: Path, proxy: Optional[str]) -> str:
    async def send() -> str:
        tls: Any = ssl.create_default_context(cafile=f"{certificate}.crt")
        async with aiohttp.ClientSession(middlewares=[KayakoMiddleware(signer, helpdesk)]) as session:
            response = await session.post(url, data={"a": "1"}, ssl=tls, proxy=proxy)
            await response.read()
        # aiohttp closes TLS connections some time after the session is closed.
        await asyncio.sleep(0.25)
        return str(response.url)

    return asyncio.run(send())


CLIENTS = [by_requests, by_httpx, by_async_httpx, by_aiohttp]


@pytest.mark.parametrize("send", CLIENTS, ids=["requests", "httpx", "async httpx", "aiohttp"])
@pytest.mark.parametrize("tunnelled", [False, True], ids=["direct", "tunnel"])
def test_the_request_arrives_signed_and_the_proxy_sees_no_credentials(
    send: Callable[..., str], tunnelled: bool, signer: Signer, secure: Recorder, certificate: Path
) -> None:
    url = f"{secure.api}?/Base/User"
    with Tunnel() as tunnel:
        assert send(signer, secure.origin, url, certificate, tunnel.url if tunnelled else None) == url
    (received,) = secure.received
    assert signer.diagnose_request("POST", received.target, FORM, received.body)
    assert len(tunnel.asked) == int(tunnelled)
    assert not any(name in asked for asked in tunnel.asked for name in ("apikey", "salt", "signature"))
