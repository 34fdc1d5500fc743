"""The plug-ins sign requests, leave them unchanged for the caller, and refuse some."""

import asyncio
import copy
import io
import pickle
import ssl
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, Callable

import aiohttp
import httpx
import pytest
import requests

from clients import BOUNDARY, CLIENTS, FORM, Request
from conftest import Script
from kayako_sign import KayakoSignError, Signer, Status
from kayako_sign.aiohttp import KayakoMiddleware
from kayako_sign.httpx import AsyncKayakoTransport, KayakoTransport
from kayako_sign.httpx import KayakoAuth as HttpxAuth
from kayako_sign.requests import KayakoAdapter
from kayako_sign.requests import KayakoAuth as RequestsAuth
from servers import Received, Recorder

TLS = ssl.create_default_context()
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
PLUG_INS: list[Callable[[Any, Any], object]] = [
    KayakoAdapter,
    lambda signer, helpdesk: KayakoTransport(
        signer, helpdesk, httpx.MockTransport(lambda request: httpx.Response(200))
    ),
    AsyncKayakoTransport,
    KayakoMiddleware,
]
IDS = ["requests", "httpx", "async httpx", "aiohttp"]
AUTHS: list[Any] = [RequestsAuth, HttpxAuth]

every_client = pytest.mark.parametrize("client", CLIENTS)


def session_for(signer: Signer, recorder: Recorder) -> requests.Session:
    session = requests.Session()
    session.mount(f"{recorder.origin}/", KayakoAdapter(signer, recorder.origin))
    return session


def client_for(signer: Signer, recorder: Recorder, **options: Any) -> httpx.Client:
    return httpx.Client(mounts={recorder.origin: KayakoTransport(signer, recorder.origin)}, verify=TLS, **options)


@every_client
@pytest.mark.parametrize(
    ("method", "body"),
    [("POST", "none"), ("POST", "form"), ("POST", "JSON"), ("POST", "multipart"), ("PUT", "none"), ("DELETE", "none")],
)
def test_the_content_length_is_that_of_the_signed_body(
    client: str, method: str, body: str, signer: Signer, recorder: Recorder
) -> None:
    CLIENTS[client](signer, recorder.origin, Request(method, f"{recorder.api}?/Base/User", body))
    (received,) = recorder.received
    assert len(received.salts) == 1
    assert "Transfer-Encoding" not in received.headers
    assert int(received.headers.get("Content-Length", "0")) == len(received.body)


@every_client
def test_a_post_without_a_body_becomes_a_form_of_the_credentials(
    client: str, signer: Signer, recorder: Recorder
) -> None:
    CLIENTS[client](signer, recorder.origin, Request("POST", f"{recorder.api}?/Base/User"))
    (received,) = recorder.received
    assert received.headers["Content-Type"] == FORM
    assert received.body.startswith(b"apikey=apikey&salt=")
    assert received.target == "/api/index.php?/Base/User"


@every_client
def test_a_body_that_the_server_does_not_read_is_sent_unchanged(
    client: str, signer: Signer, recorder: Recorder
) -> None:
    for body in ("octet stream", "plain text"):
        CLIENTS[client](signer, recorder.origin, Request("PUT", f"{recorder.api}?/Base/User/1", body))
    stream, text = recorder.received
    assert stream.headers["Transfer-Encoding"] == "chunked"
    assert not Received("PUT", "", {}, stream.body).has_credentials
    assert text.body == b"text"


@every_client
def test_a_request_that_the_server_would_refuse_is_not_sent(client: str, signer: Signer, recorder: Recorder) -> None:
    def refused(method: str, query: str, body: str = "none") -> KayakoSignError:
        with pytest.raises(KayakoSignError) as caught:
            CLIENTS[client](signer, recorder.origin, Request(method, f"{recorder.api}?{query}", body))
        return caught.value

    assert refused("GET", "/Base/User/1&salt[]=1").status == Status.SALT_PARAMETER
    assert refused("HEAD", "/Base/User/1").status == Status.METHOD_UNSUPPORTED
    assert refused("POST", "/Base/User", "plain text").status == Status.CONTENT_TYPE_UNSUPPORTED
    assert refused("POST", "/Base/User", "JSON stream").status is None
    signer.close()
    assert str(refused("GET", "/Base/User/1")) == "signer: is closed"
    assert recorder.received == []


def bad_form() -> Iterator[bytes]:
    yield b"a=" + b"1" * 100_000
    yield b"&salt=1"
    yield b"&b=2"


def bad_multipart() -> Iterator[bytes]:
    yield b'--%s\r\nContent-Disposition: form-data; name="a"\r\n\r\n%s\r\n' % (BOUNDARY.encode(), b"1" * 100_000)
    yield b'--%s\r\nContent-Disposition: form-data; name="salt"\r\n\r\n1\r\n' % BOUNDARY.encode()
    yield b"--%s--\r\n" % BOUNDARY.encode()


def unfinished_multipart() -> Iterator[bytes]:
    yield b'--%s\r\nContent-Disposition: form-data; name="a"\r\n\r\n1' % BOUNDARY.encode()


async def asynchronous(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def stream_by_requests(
    signer: Signer, recorder: Recorder, url: str, content_type: str, pieces: Iterator[bytes]
) -> None:
    with session_for(signer, recorder) as session:
        session.post(url, data=pieces, headers={"Content-Type": content_type})


def stream_by_httpx(signer: Signer, recorder: Recorder, url: str, content_type: str, pieces: Iterator[bytes]) -> None:
    with client_for(signer, recorder) as client:
        client.post(url, content=pieces, headers={"Content-Type": content_type})


def stream_by_async_httpx(
    signer: Signer, recorder: Recorder, url: str, content_type: str, pieces: Iterator[bytes]
) -> None:
    async def send() -> None:
        mounts = {recorder.origin: AsyncKayakoTransport(signer, recorder.origin)}
        async with httpx.AsyncClient(mounts=mounts, verify=TLS) as client:
            await client.post(url, content=asynchronous(pieces), headers={"Content-Type": content_type})

    asyncio.run(send())


def stream_by_aiohttp(signer: Signer, recorder: Recorder, url: str, content_type: str, pieces: Iterator[bytes]) -> None:
    async def send() -> None:
        async with aiohttp.ClientSession(middlewares=[KayakoMiddleware(signer, recorder.origin)]) as session:
            await session.post(url, data=asynchronous(pieces), headers={"Content-Type": content_type})

    asyncio.run(send())


@pytest.mark.parametrize(
    "stream", [stream_by_requests, stream_by_httpx, stream_by_async_httpx, stream_by_aiohttp], ids=IDS
)
@pytest.mark.parametrize(
    ("content_type", "pieces", "message"),
    [
        (FORM, bad_form, "^parameter salt: "),
        (MULTIPART, bad_multipart, "^parameter salt: "),
        (MULTIPART, unfinished_multipart, "multipart"),
    ],
    ids=["form", "multipart", "unfinished"],
)
def test_a_bad_stream_is_broken_off_before_the_server_has_all_of_it(
    stream: Callable[..., None],
    content_type: str,
    pieces: Callable[[], Iterator[bytes]],
    message: str,
    signer: Signer,
    recorder: Recorder,
) -> None:
    with pytest.raises(KayakoSignError, match=message) as caught:
        stream(signer, recorder, f"{recorder.api}?/Base/User", content_type, pieces())
    assert caught.value.status is not None
    recorder.wait()
    assert recorder.received == []


@pytest.mark.parametrize("plug_in", PLUG_INS, ids=IDS)
def test_a_plug_in_requires_a_signer_and_a_helpdesk(plug_in: Callable[[Any, Any], object], signer: Signer) -> None:
    for value in (None, "secretkey", plug_in):
        with pytest.raises(TypeError, match=f"^signer: must be a Signer, not {type(value).__name__}$"):
            plug_in(value, "https://help.example.com")
    for url in (None, b"https://help.example.com", 7):
        with pytest.raises(TypeError, match=f"^helpdesk: must be str, not {type(url).__name__}$"):
            plug_in(signer, url)
    for text in (
        "",
        "help.example.com",
        "ftp://help.example.com",
        "https://",
        "https://h:x",
        "https://hélp.example.com",
    ):
        with pytest.raises(
            KayakoSignError, match="^helpdesk: must be an http or https URL with a host in ASCII"
        ) as caught:
            plug_in(signer, text)
        assert caught.value.status is None


@pytest.mark.parametrize("auth", AUTHS)
def test_an_auth_requires_a_signer(auth: Any) -> None:
    for value in (None, "secretkey", auth):
        with pytest.raises(TypeError, match=f"^signer: must be a Signer, not {type(value).__name__}$"):
            auth(value)


@pytest.mark.parametrize("written", ["http://127.0.0.1:80", "HTTP://127.0.0.1/", "http://127.0.0.1/support/"])
def test_only_the_origin_of_the_helpdesk_url_counts(written: str, signer: Signer) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200)

    transport = KayakoTransport(signer, written, httpx.MockTransport(answer))
    with httpx.Client(transport=transport) as client:
        client.get("http://127.0.0.1/api/index.php?/Base/User/1")
        client.get("https://127.0.0.1/api/index.php?/Base/User/1")
        client.get("http://127.0.0.1:8080/api/index.php?/Base/User/1")
    assert ["&signature=" in url for url in seen] == [True, False, False]


def test_a_request_object_sent_again_gets_a_fresh_salt_and_is_not_changed(signer: Signer, recorder: Recorder) -> None:
    with client_for(signer, recorder) as client:
        request = client.build_request("POST", f"{recorder.api}?/Base/User", data={"a": "1"})
        for _ in range(3):
            client.send(request)
        assert request.content == b"a=1"
        assert request.headers["Content-Length"] == "3"
    with session_for(signer, recorder) as session:
        prepared = session.prepare_request(requests.Request("POST", f"{recorder.api}?/Base/User", data={"a": "1"}))
        for _ in range(3):
            session.send(prepared)
        assert prepared.body == "a=1"
        assert prepared.headers["Content-Length"] == "3"
    assert len({salt for received in recorder.received for salt in received.salts}) == 6


def test_hooks_may_read_the_body_and_see_no_credentials(signer: Signer, recorder: Recorder) -> None:
    seen: list[Any] = []

    def read(request: httpx.Request) -> None:
        seen.extend((request.read(), str(request.url)))

    def look_back(response: requests.Response, **_: Any) -> None:
        seen.append(response.request.body)

    async def read_too(request: httpx.Request) -> None:
        seen.extend((await request.aread(), str(request.url)))

    async def look(sent: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        response = await handler(sent)
        body: Any = sent.body
        seen.extend((await body.as_bytes(), str(sent.url), str(response.request_info), str(sent.headers)))
        return response

    async def send() -> None:
        mounts = {recorder.origin: AsyncKayakoTransport(signer, recorder.origin)}
        hooks: dict[str, list[Any]] = {"request": [read_too, read_too]}
        async with httpx.AsyncClient(mounts=mounts, verify=TLS, event_hooks=hooks) as client:
            await client.post(url, files={"file": b"content"})
        middlewares: list[aiohttp.ClientMiddlewareType] = [look, KayakoMiddleware(signer, recorder.origin), look]
        async with aiohttp.ClientSession(middlewares=middlewares) as session, session.post(url, data={"a": "1"}):
            pass

    url = f"{recorder.api}?/Base/User"
    with client_for(signer, recorder, event_hooks={"request": [read, read]}) as client:
        client.post(url, files={"file": b"content"})
    with session_for(signer, recorder) as session:
        session.hooks["response"].append(look_back)
        session.post(url, {"a": "1"})
    asyncio.run(send())
    assert [len(received.salts) for received in recorder.received] == [1, 1, 1, 1]
    assert len(seen) == 17
    assert not any(name in repr(seen) for name in ("apikey", "salt", "signature"))


def test_a_session_with_an_adapter_cannot_be_pickled_or_copied(signer: Signer, recorder: Recorder) -> None:
    with session_for(signer, recorder) as session:
        with pytest.raises(TypeError, match="^a Signer cannot be copied or pickled"):
            pickle.dumps(session)
        with pytest.raises(TypeError, match="^a Signer cannot be copied or pickled"):
            copy.deepcopy(session)


def test_a_transport_closes_the_transport_that_it_wraps(signer: Signer) -> None:
    closed: list[str] = []

    class Plain(httpx.MockTransport):
        def __init__(self) -> None:
            super().__init__(lambda request: httpx.Response(200))

        def close(self) -> None:
            closed.append("close")

        async def aclose(self) -> None:
            closed.append("aclose")

    async def use() -> None:
        async with httpx.AsyncClient(transport=AsyncKayakoTransport(signer, "http://h", Plain())) as client:
            assert (await client.get("http://h/api/index.php?/Base/User")).status_code == 200

    KayakoTransport(signer, "http://h", Plain()).close()
    asyncio.run(use())
    assert closed == ["close", "aclose"]


def test_eight_threads_share_one_adapter_and_one_transport(signer: Signer, recorder: Recorder) -> None:
    together = Barrier(8)
    url = f"{recorder.api}?/Base/User"

    def work(_: int) -> None:
        together.wait()
        for _ in range(20):
            session.post(url, {"a": "1"})
            client.post(url, data={"a": "1"})

    with (
        session_for(signer, recorder) as session,
        client_for(signer, recorder) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        list(pool.map(work, range(8)))
    assert len({salt for received in recorder.received for salt in received.salts}) == 8 * 40
    assert all(signer.diagnose_request("POST", sent.target, FORM, sent.body) for sent in recorder.received)


def test_many_tasks_share_one_middleware_and_one_transport(signer: Signer, recorder: Recorder) -> None:
    url = f"{recorder.api}?/Base/User"

    async def send() -> None:
        mounts = {recorder.origin: AsyncKayakoTransport(signer, recorder.origin)}
        middleware = KayakoMiddleware(signer, recorder.origin)
        session, client = aiohttp.ClientSession(middlewares=[middleware]), httpx.AsyncClient(mounts=mounts, verify=TLS)

        async def work() -> None:
            for _ in range(4):
                async with session.post(url, data={"a": "1"}):
                    await client.post(url, data={"a": "1"})

        async with session, client:
            await asyncio.gather(*(work() for _ in range(20)))

    asyncio.run(send())
    assert len({salt for received in recorder.received for salt in received.salts}) == 20 * 8
    assert all(signer.diagnose_request("POST", sent.target, FORM, sent.body) for sent in recorder.received)


def test_an_auth_signs_one_request_and_shows_it_unsigned(signer: Signer, recorder: Recorder) -> None:
    url = f"{recorder.api}?/Base/User"
    bodies: list[dict[str, Any]] = [{}, {"json": {"a": "1"}}]
    for method in ("GET", "POST", "PUT", "DELETE"):
        for arguments in bodies:
            by_requests = requests.request(method, url, auth=RequestsAuth(signer), **arguments)
            assert (by_requests.url, by_requests.request.url) == (url, url)
            assert "signature" not in repr((by_requests.request.body, by_requests.request.headers))
            assert pickle.loads(pickle.dumps(by_requests)).request.url == url
            with httpx.Client(auth=HttpxAuth(signer), verify=TLS) as client:
                by_httpx = client.request(method, url, **arguments)
            assert str(by_httpx.url) == url
            assert "signature" not in repr((by_httpx.request.content, by_httpx.request.headers))
    assert len(recorder.received) == 16
    assert all(
        signer.diagnose_request(sent.method, sent.target, sent.headers.get("Content-Type"), sent.body)
        for sent in recorder.received
    )


@pytest.mark.parametrize("code", [302, 307])
def test_a_redirect_after_an_auth_has_no_credentials(
    code: int, signer: Signer, recorder: Recorder, another_recorder: Recorder
) -> None:
    recorder.answer = lambda received: (code, {"Location": f"{another_recorder.origin}/new"})
    url = f"{recorder.api}?/Base/User"
    assert requests.post(url, {"a": "1"}, auth=RequestsAuth(signer)).url == f"{another_recorder.origin}/new"
    with httpx.Client(auth=HttpxAuth(signer), verify=TLS, follow_redirects=True) as client:
        if code == 307:
            with pytest.raises(httpx.StreamConsumed):
                client.post(url, data={"a": "1"})
        else:
            client.post(url, data={"a": "1"})
    assert not any(received.has_credentials for received in another_recorder.received)
    assert len(another_recorder.received) == (2 if code == 302 else 1)


def test_an_auth_removes_credentials_that_a_location_repeats(
    signer: Signer, recorder: Recorder, another_recorder: Recorder
) -> None:
    recorder.answer = lambda received: (302, {"Location": another_recorder.origin + received.target})
    url = f"{recorder.api}?/Base/User/1"
    response = requests.get(url, auth=RequestsAuth(signer))
    assert response.history[0].headers["Location"] == f"{another_recorder.origin}/api/index.php?/Base/User/1"
    with httpx.Client(auth=HttpxAuth(signer), verify=TLS) as client:
        answer = client.get(url)
    assert answer.headers["Location"] == f"{another_recorder.origin}/api/index.php?/Base/User/1"
    assert answer.next_request is None
    assert [received.has_credentials for received in another_recorder.received] == [False]


def test_the_class_of_an_auth_instead_of_an_instance_is_an_error(recorder: Recorder) -> None:
    forgotten: Any = RequestsAuth
    with pytest.raises(TypeError, match="^signer: must be a Signer, not PreparedRequest$"):
        requests.get(recorder.api, auth=forgotten)
    assert recorder.received == []


def test_the_auth_of_requests_does_not_send_a_stream(signer: Signer, recorder: Recorder) -> None:
    for stream in (iter([b"a=1"]), io.BytesIO(b"a=1")):
        with pytest.raises(KayakoSignError, match="^body: must be str or bytes; KayakoAdapter sends streams$"):
            requests.post(
                f"{recorder.api}?/Base/User", stream, headers={"Content-Type": FORM}, auth=RequestsAuth(signer)
            )
    assert recorder.received == []


def test_the_package_itself_imports_no_http_library(script: Script) -> None:
    done = script(
        "import sys, kayako_sign\n"
        "kayako_sign.Signer('apikey', 'secretkey').sign_url('https://help.example.com/api/index.php?/Base/User/1')\n"
        "print(sorted({'requests', 'httpx', 'aiohttp', 'urllib.parse', 'enum', 'typing', 're'} & set(sys.modules)))"
    )
    assert done.stdout == "[]\n", done.stderr
