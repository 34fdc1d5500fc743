"""What the plug-ins for requests and httpx do to a request, and what they refuse."""

import asyncio
import io
import ssl
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, Callable

import httpx
import pytest
import requests

from conftest import Script
from helpdesk import Helpdesk, Received, Recorder
from kayako_sign import KayakoSignError, Signer, Status
from kayako_sign.httpx import KayakoAuth as HttpxAuth
from kayako_sign.requests import KayakoAuth as RequestsAuth

TLS = ssl.create_default_context()
FORM = "application/x-www-form-urlencoded"


def by_requests(signer: Signer, method: str, url: str, **arguments: Any) -> None:
    with requests.Session() as session:
        session.request(method, url, auth=RequestsAuth(signer), **arguments)


def by_httpx(signer: Signer, method: str, url: str, **arguments: Any) -> None:
    with httpx.Client(auth=HttpxAuth(signer), verify=TLS) as client:
        client.request(method, url, **arguments)


every_client = pytest.mark.parametrize("send", [by_requests, by_httpx])


@every_client
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("POST", {}),
        ("POST", {"data": {"a": "é"}}),
        ("POST", {"json": {"a": "é"}}),
        ("POST", {"data": {"a": "é"}, "files": {"file": b"content"}}),
        ("PUT", {}),
        ("PUT", {"data": {"a": "é"}, "files": {"file": b"content"}}),
        ("DELETE", {}),
    ],
    ids=str,
)
def test_the_headers_fit_the_signed_body(
    send: Callable[..., None], method: str, arguments: Any, signer: Signer, recorder: Recorder
) -> None:
    send(signer, method, f"{recorder.api}?/Base/User", **arguments)
    (received,) = recorder.received
    assert len(received.salts) == 1
    assert "Transfer-Encoding" not in received.headers
    assert int(received.headers.get("Content-Length", "0")) == len(received.body)
    assert ("Content-Length" in received.headers) is (method != "DELETE" or send is by_requests)


@every_client
def test_a_post_without_a_body_becomes_a_form_of_the_credentials(
    send: Callable[..., None], signer: Signer, recorder: Recorder
) -> None:
    send(signer, "POST", f"{recorder.api}?/Base/User")
    (received,) = recorder.received
    assert received.headers["Content-Type"] == FORM
    assert received.body.startswith(b"apikey=apikey&salt=")
    assert received.target.endswith("/api/index.php?/Base/User")


@every_client
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_requests_without_a_body_stay_without(
    send: Callable[..., None], method: str, signer: Signer, recorder: Recorder
) -> None:
    send(signer, method, f"{recorder.api}?/Base/User/1")
    (received,) = recorder.received
    assert len(received.body) == 0
    assert "Content-Type" not in received.headers
    assert "&salt=" in received.target


@every_client
def test_a_body_that_the_server_does_not_read_goes_out_as_it_was(
    send: Callable[..., None], signer: Signer, recorder: Recorder
) -> None:
    body = {"data" if send is by_requests else "content": b"\0\xff" * 1000}
    for method in ("GET", "PUT", "DELETE"):
        send(signer, method, f"{recorder.api}?/Base/User/1", headers={"Content-Type": "a/b"}, **body)
        unchanged = recorder.received[-1].body == b"\0\xff" * 1000
        assert unchanged
        assert recorder.received[-1].headers["Content-Type"] == "a/b"


@every_client
def test_each_request_has_a_salt_of_its_own(send: Callable[..., None], signer: Signer, recorder: Recorder) -> None:
    for _ in range(5):
        send(signer, "GET", f"{recorder.api}?/Base/User/1")
        send(signer, "POST", f"{recorder.api}?/Base/User", data={"a": "1"})
    salts = [received.salts for received in recorder.received]
    assert len({salt for (salt,) in salts}) == 10


@every_client
def test_what_the_server_would_not_take_is_not_sent(
    send: Callable[..., None], signer: Signer, recorder: Recorder
) -> None:
    with pytest.raises(KayakoSignError, match="^parameter salt: ") as caught:
        send(signer, "GET", f"{recorder.api}?/Base/User/1&salt[]=1")
    assert caught.value.status == Status.SALT_PARAMETER
    with pytest.raises(KayakoSignError, match="^parameter apikey: ") as caught:
        send(signer, "POST", f"{recorder.api}?/Base/User", data={"apikey": "1"})
    with pytest.raises(KayakoSignError, match="^method: "):
        send(signer, "HEAD", f"{recorder.api}?/Base/User")
    signer.close()
    with pytest.raises(KayakoSignError, match="^signer: is closed$"):
        send(signer, "GET", f"{recorder.api}?/Base/User/1")
    assert recorder.received == []


@pytest.mark.parametrize("auth", [RequestsAuth, HttpxAuth])
def test_a_plug_in_wants_a_signer(auth: Any) -> None:
    for value in (None, "secretkey", auth):
        with pytest.raises(TypeError, match=f"^signer: must be a Signer, not {type(value).__name__}$"):
            auth(value)


def test_the_class_of_a_plug_in_is_no_auth(recorder: Recorder) -> None:
    forgotten: Any = RequestsAuth
    with pytest.raises(TypeError, match="^signer: must be a Signer, not PreparedRequest$"):
        requests.get(recorder.api, auth=forgotten)
    assert recorder.received == []


def test_requests_does_not_send_a_stream(signer: Signer, recorder: Recorder, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"a=1")
    with file.open("rb") as opened:
        for stream in (iter([b"a=1"]), io.BytesIO(b"a=1"), opened):
            with pytest.raises(ValueError, match="^body: must be str or bytes, because .*; read the .* first$"):
                by_requests(signer, "POST", f"{recorder.api}?/Base/User", data=stream, headers={"Content-Type": FORM})
    assert recorder.received == []


def test_httpx_reads_a_stream_before_it_is_sent(signer: Signer, recorder: Recorder) -> None:
    for stream in (iter([b"a=", b"1"]), io.BytesIO(b"a=1")):
        by_httpx(signer, "POST", f"{recorder.api}?/Base/User", content=stream, headers={"Content-Type": FORM})
        assert recorder.received[-1].body.endswith(b"%3D&a=1")
        assert "Transfer-Encoding" not in recorder.received[-1].headers


def test_httpx_does_not_send_a_stream_of_the_other_kind(signer: Signer, recorder: Recorder) -> None:
    async def asynchronous() -> AsyncIterator[bytes]:
        yield b"a=1"

    def synchronous() -> Iterator[bytes]:
        yield b"a=1"

    async def send() -> None:
        async with httpx.AsyncClient(auth=HttpxAuth(signer), verify=TLS) as client:
            await client.post(recorder.api, content=synchronous(), headers={"Content-Type": FORM})

    with pytest.raises(ValueError, match="^body: must not be an asynchronous stream, "):
        by_httpx(signer, "POST", recorder.api, content=asynchronous(), headers={"Content-Type": FORM})
    with pytest.raises(ValueError, match="^body: must be bytes or an asynchronous stream, "):
        asyncio.run(send())
    assert recorder.received == []


def test_a_request_of_httpx_that_is_sent_again_gets_another_salt(signer: Signer, recorder: Recorder) -> None:
    with httpx.Client(auth=HttpxAuth(signer), verify=TLS) as client:
        request = client.build_request("POST", f"{recorder.api}?/Base/User", data={"a": "1"})
        for _ in range(3):
            client.send(request)
        assert request.content == b"a=1"
    assert len({salt for received in recorder.received for salt in received.salts}) == 3


@pytest.mark.parametrize("look", ["content", "read", "read once"])
def test_an_event_hook_of_httpx_may_look_at_the_body(look: str, signer: Signer, helpdesk: Helpdesk) -> None:
    seen: list[bytes] = []

    def hook(request: httpx.Request) -> None:
        if look != "read once" or not seen:
            seen.append(request.content if look == "content" else request.read())

    async def asynchronous_hook(request: httpx.Request) -> None:
        seen.append(request.content if look == "content" else await request.aread())

    async def send() -> httpx.Response:
        hooks: dict[str, list[Any]] = {"request": [asynchronous_hook, asynchronous_hook]}
        async with httpx.AsyncClient(auth=HttpxAuth(signer), verify=TLS, event_hooks=hooks) as client:
            return await client.post(f"{helpdesk.api}?/Base/User", data={"a": "1"})

    with httpx.Client(auth=HttpxAuth(signer), verify=TLS, event_hooks={"request": [hook]}) as client:
        responses = [client.post(f"{helpdesk.api}?/Base/User", data={"a": "1"}), asyncio.run(send())]
    assert [response.json()["parameters"] for response in responses] == [{"a": "1"}] * 2
    assert all(body.startswith(b"apikey=apikey&salt=") for body in seen)


@pytest.mark.parametrize("reads", [(True, True), (True, False), (False, False)])
def test_an_event_hook_of_httpx_that_reads_the_body_leads_no_credentials_elsewhere(
    reads: tuple[bool, bool], signer: Signer, recorder: Recorder, another_recorder: Recorder
) -> None:
    turns = iter(reads)

    def hook(request: httpx.Request) -> None:
        if next(turns, False):
            request.read()

    def answer(received: Received) -> tuple[int, dict[str, str]]:
        return (307, {"Location": another_recorder.origin}) if received.has_credentials else (401, {})

    recorder.answer = answer
    hooks: dict[str, list[Any]] = {"request": [hook]}
    with httpx.Client(auth=HttpxAuth(signer), verify=TLS, event_hooks=hooks, follow_redirects=True) as client:
        client.post(f"{recorder.api}?/Base/User", data={"a": "1"})
    assert [received.has_credentials for received in another_recorder.received] == [False]


def test_a_refusal_of_the_helpdesk_comes_back_after_one_request(signer: Signer, recorder: Recorder) -> None:
    recorder.answer = lambda received: (401, {})
    for send in (by_requests, by_httpx):
        for method in ("GET", "POST"):
            send(signer, method, f"{recorder.api}?/Base/User/1")
    assert len(recorder.received) == 4


def test_a_loop_of_redirects_ends(signer: Signer, recorder: Recorder) -> None:
    def answer(received: Received) -> tuple[int, dict[str, str]]:
        return (302, {"Location": "/loop?/Base/User/1"}) if received.has_credentials else (401, {})

    recorder.answer = answer
    with pytest.raises(requests.TooManyRedirects):
        by_requests(signer, "GET", f"{recorder.api}?/Base/User/1")
    with pytest.raises(httpx.TooManyRedirects):
        by_httpx(signer, "GET", f"{recorder.api}?/Base/User/1", follow_redirects=True)
    assert len({salt for received in recorder.received for salt in received.salts}) > 20


def test_a_copy_of_a_signed_request_stays_one(signer: Signer, recorder: Recorder) -> None:
    request = requests.Request("POST", f"{recorder.api}?/Base/User", data={"a": "1"}, auth=RequestsAuth(signer))
    with requests.Session() as session:
        session.send(session.prepare_request(request).copy().copy())
    (received,) = recorder.received
    assert signer.diagnose_request("POST", received.target, FORM, received.body).accepted


def test_eight_threads_share_one_of_each(signer: Signer, recorder: Recorder) -> None:
    auths = RequestsAuth(signer), HttpxAuth(signer)
    together = Barrier(8)

    def work(_: int) -> None:
        with requests.Session() as session, httpx.Client(auth=auths[1], verify=TLS) as client:
            together.wait()
            for _ in range(20):
                session.post(f"{recorder.api}?/Base/User", {"a": "1"}, auth=auths[0])
                client.post(f"{recorder.api}?/Base/User", data={"a": "1"})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(recorder.received) == 8 * 40
    assert len({salt for received in recorder.received for salt in received.salts}) == 8 * 40
    assert all(
        signer.diagnose_request("POST", received.target, FORM, received.body).accepted for received in recorder.received
    )


def test_the_package_alone_imports_no_http_library(script: Script) -> None:
    done = script(
        "import sys, kayako_sign\n"
        "kayako_sign.Signer('apikey', 'secretkey').sign_url('https://help.example.com/api/index.php?/Base/User/1')\n"
        "print(sorted({'requests', 'httpx', 'urllib.parse', 'enum', 'typing', 're'} & set(sys.modules)))"
    )
    assert done.stdout == "[]\n", done.stderr
