"""Redirects: within the helpdesk they are signed anew, and elsewhere they carry no credentials."""

import asyncio
import io
import ssl
from collections.abc import Mapping
from typing import Any, Callable, Optional
from urllib.parse import quote, urlsplit

import httpx
import pytest
import requests
from requests.adapters import BaseAdapter

from helpdesk import Answer, Helpdesk, Received, Recorder
from kayako_sign import Signer
from kayako_sign.httpx import KayakoAuth as HttpxAuth
from kayako_sign.requests import KayakoAuth as RequestsAuth

# Made once, because each takes as long as a whole test.
TLS = ssl.create_default_context()

FORM = "a=1&b=%C3%A9"
BODIES: dict[str, dict[str, Any]] = {
    "none": {},
    "form": {"data": {"a": "1", "b": "é"}},
    "JSON": {"json": {"a": 1}},
    "multipart": {"data": {"a": "1"}, "files": {"file": ("name", b"content")}},
}


def by_requests(signer: Signer, method: str, url: str, arguments: Mapping[str, Any]) -> int:
    with requests.Session() as session:
        return session.request(method, url, auth=RequestsAuth(signer), **arguments).status_code


def by_httpx(signer: Signer, method: str, url: str, arguments: Mapping[str, Any]) -> int:
    with httpx.Client(auth=HttpxAuth(signer), follow_redirects=True, verify=TLS) as client:
        return client.request(method, url, **arguments).status_code


def by_async_httpx(signer: Signer, method: str, url: str, arguments: Mapping[str, Any]) -> int:
    async def send() -> int:
        async with httpx.AsyncClient(auth=HttpxAuth(signer), follow_redirects=True, verify=TLS) as client:
            return (await client.request(method, url, **arguments)).status_code

    return asyncio.run(send())


def by_next_request(signer: Signer, method: str, url: str, arguments: Mapping[str, Any]) -> int:
    """Follows by hand, as httpx has it by default."""
    with httpx.Client(auth=HttpxAuth(signer), verify=TLS) as client:
        response = client.request(method, url, **arguments)
        while response.next_request is not None:
            response = client.send(response.next_request)
        return response.status_code


Client = Callable[[Signer, str, str, Mapping[str, Any]], int]
CLIENTS: dict[str, Client] = {
    "requests": by_requests,
    "httpx": by_httpx,
    "async httpx": by_async_httpx,
    "httpx by hand": by_next_request,
}
REQUESTS = [
    ("GET", "none"),
    ("POST", "none"),
    ("POST", "form"),
    ("POST", "JSON"),
    ("POST", "multipart"),
    ("PUT", "form"),
    ("PUT", "multipart"),
    ("DELETE", "none"),
]
every_code = pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
every_request = pytest.mark.parametrize(("method", "body"), REQUESTS)
every_client = pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)


def redirecting(signer: Signer, to: Callable[[Received], Optional[str]], code: int) -> Callable[[Received], Answer]:
    """A helpdesk that redirects where it is told to, and answers as one where not."""

    def answer(received: Received) -> Answer:
        location = to(received)
        if location is not None:
            return code, {"Location": location}
        content_type = received.headers.get("Content-Type")
        diagnosis = signer.diagnose_request(received.method, received.target, content_type, received.body)
        return (200 if diagnosis.accepted else 401), {}

    return answer


def target(path: str, onward: str) -> Callable[[Received], Optional[str]]:
    """Redirects what asks for the path."""
    return lambda received: onward if urlsplit(received.target).path == path else None


@every_client
@every_code
@every_request
def test_a_redirect_within_the_helpdesk_is_signed_with_a_fresh_salt(
    client: Client, code: int, method: str, body: str, signer: Signer, recorder: Recorder
) -> None:
    recorder.answer = redirecting(signer, target("/old", "/new?/Base/User/1"), code)
    assert client(signer, method, f"{recorder.origin}/old?/Base/User/1", BODIES[body]) == 200
    signed = [received.salts for received in recorder.received if received.has_credentials]
    assert [len(salts) for salts in signed] == [1, 1]
    assert signed[0] != signed[1]
    last = recorder.received[-1]
    assert last.target.startswith("/new?/Base/User/1")
    assert int(last.headers.get("Content-Length", "0")) == len(last.body)
    assert len(last.body) == 0 or last.method == method


@every_client
@pytest.mark.parametrize("code", [302, 307])
def test_the_stand_in_helpdesk_takes_what_it_redirected(
    client: Client, code: int, signer: Signer, helpdesk: Helpdesk
) -> None:
    onward = quote(f"{helpdesk.api}?/Tickets/Ticket/1&a=1", safe="")
    for method, body in (("GET", "none"), ("POST", "form"), ("POST", "multipart"), ("PUT", "JSON")):
        assert client(signer, method, f"{helpdesk.origin}/redirect?code={code}&to={onward}", BODIES[body]) == 200


@every_client
@every_code
@every_request
def test_another_origin_gets_the_request_without_credentials(
    client: Client,
    code: int,
    method: str,
    body: str,
    signer: Signer,
    recorder: Recorder,
    another_recorder: Recorder,
) -> None:
    elsewhere = {
        "another port": f"{another_recorder.origin}/new?a=1",
        "another name": f"http://localhost:{another_recorder.port}/new?a=1",
        "no scheme": f"//localhost:{another_recorder.port}/new?a=1",
    }
    for onward in elsewhere.values():
        recorder.answer = redirecting(signer, target("/old", onward), code)
        assert client(signer, method, f"{recorder.origin}/old?/Base/User/1", BODIES[body]) == 200
    assert len(another_recorder.received) == len(elsewhere)
    for received in another_recorder.received:
        assert not received.has_credentials
        assert received.target.endswith("/new?a=1")
        assert int(received.headers.get("Content-Length", "0")) == len(received.body)
        if body == "form" and code > 303:
            assert received.body.lstrip(b"&") == FORM.encode()


@every_client
def test_the_same_host_under_another_name_gets_none_either(client: Client, signer: Signer, recorder: Recorder) -> None:
    recorder.answer = redirecting(signer, target("/old", f"http://localhost:{recorder.port}/new"), 307)
    assert client(signer, "POST", f"{recorder.origin}/old?/Base/User", BODIES["form"]) == 401
    assert [received.has_credentials for received in recorder.received] == [True, False]


@every_client
def test_who_led_away_does_not_choose_what_is_signed_back_at_the_helpdesk(
    client: Client, signer: Signer, recorder: Recorder, another_recorder: Recorder
) -> None:
    recorder.answer = redirecting(signer, target("/old", f"{another_recorder.origin}/away"), 307)
    another_recorder.answer = redirecting(signer, target("/away", f"{recorder.origin}/back?/Base/User/1"), 307)
    assert client(signer, "DELETE", f"{recorder.origin}/old?/Base/User/2", {}) == 401
    assert [received.has_credentials for received in recorder.received] == [True, False]
    assert not another_recorder.received[0].has_credentials


@every_client
def test_another_host_gets_none_when_it_redirects_within_itself(
    client: Client, signer: Signer, recorder: Recorder, another_recorder: Recorder
) -> None:
    recorder.answer = redirecting(signer, target("/old", f"{another_recorder.origin}/one"), 307)
    another_recorder.answer = redirecting(signer, target("/one", "/two?/Base/User/1"), 307)
    assert client(signer, "POST", f"{recorder.origin}/old?/Base/User", BODIES["form"]) == 401
    assert [received.has_credentials for received in another_recorder.received] == [False, False]


@every_client
def test_what_was_taken_after_a_redirect_is_not_sent_again(client: Client, signer: Signer, recorder: Recorder) -> None:
    recorder.answer = lambda received: (307, {"Location": "/new"}) if received.target.startswith("/old") else (200, {})
    assert client(signer, "POST", f"{recorder.origin}/old?/Base/User", BODIES["form"]) == 200
    assert len(recorder.received) == 2


@every_client
def test_a_redirect_that_the_server_copied_the_query_into_still_ends_well(
    client: Client, signer: Signer, recorder: Recorder
) -> None:
    recorder.answer = redirecting(
        signer, lambda received: received.target.replace("/old", "/new") if "/old" in received.target else None, 301
    )
    assert client(signer, "GET", f"{recorder.origin}/old?/Base/User/1&a=1", {}) == 200
    assert recorder.received[-1].target.endswith("&a=1")
    assert len(recorder.received[-1].salts) == 1


@every_client
def test_a_redirect_within_the_helpdesk_may_hide_credentials_in_a_value(
    client: Client, signer: Signer, recorder: Recorder
) -> None:
    def login(received: Received) -> Optional[str]:
        copied = quote(received.target, safe="")
        return f"/login?return={copied}" if received.target.startswith("/old") else None

    recorder.answer = redirecting(signer, login, 302)
    assert client(signer, "GET", f"{recorder.origin}/old?/Base/User/1", {}) == 200
    assert recorder.received[-1].has_credentials


@pytest.mark.parametrize("client", [by_requests, by_next_request])
def test_credentials_that_the_server_copied_go_nowhere_else(
    client: Client, signer: Signer, recorder: Recorder, another_recorder: Recorder
) -> None:
    recorder.answer = lambda received: (307, {"Location": f"{another_recorder.origin}{received.target}#top"})
    for path in ("/api?/Base/User/1&a=1", "/api?e=/Base/User/1", "/api"):
        assert client(signer, "GET", f"{recorder.origin}{path}", {}) == 200
        unchanged = another_recorder.received[-1].target == path
        assert unchanged
    assert not any(received.has_credentials for received in another_recorder.received)


@pytest.mark.parametrize("client", [by_requests, by_next_request])
def test_a_redirect_elsewhere_that_hides_credentials_in_a_value_is_not_followed(
    client: Client, signer: Signer, recorder: Recorder, another_recorder: Recorder
) -> None:
    recorder.answer = lambda received: (
        302,
        {"Location": f"{another_recorder.origin}/login?return={quote(received.target, safe='')}"},
    )
    with pytest.raises(ValueError, match="^redirect: leads to another host, with the credentials in its address$"):
        client(signer, "GET", f"{recorder.api}?/Base/User/1", {})
    assert another_recorder.received == []


ORIGINS = [
    ("http://help.example.com/old", "https://help.example.com/new", True),
    ("http://help.example.com/old", "http://HELP.example.com:80/new", True),
    ("https://help.example.com:443/old", "https://help.example.com/new", True),
    ("https://help.example.com/old", "http://help.example.com/new", False),
    ("https://help.example.com/old", "http://help.example.com:443/new", False),
    ("https://help.example.com/old", "https://help.example.com:8443/new", False),
    ("http://help.example.com:8080/old", "https://help.example.com/new", False),
    ("https://help.example.com/old", "https://help.example.com.evil.example/new", False),
    ("https://help.example.com/old", "https://help.example.com@evil.example/new", False),
    ("https://help.example.com/old", "https://example.com/new", False),
]


@pytest.mark.parametrize("client", ["requests", "httpx"])
@pytest.mark.parametrize(("first", "onward", "signed"), ORIGINS)
def test_credentials_follow_to_the_same_origin_and_to_https_there(
    client: str, first: str, onward: str, signed: bool, signer: Signer
) -> None:
    received: list[Received] = []

    def answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        received.append(Received(method, url, dict(headers), body))
        if url.startswith(first):
            return 307, {"Location": onward}
        return (200 if received[-1].has_credentials else 401), {}

    status = by_canned_requests(signer, first, answer) if client == "requests" else by_mock_httpx(signer, first, answer)
    assert received[0].has_credentials
    assert received[-1].has_credentials is signed
    assert status == (200 if signed else 401)
    assert not any(late.salts == received[0].salts for late in received[1:])


Canned = Callable[[str, str, Mapping[str, str], bytes], Answer]


def by_canned_requests(signer: Signer, url: str, answer: Canned) -> int:
    """Sends a form by requests, to a server that is a function."""

    class Adapter(BaseAdapter):
        def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
            response = requests.Response()
            body = request.body or b""
            assert isinstance(body, bytes)
            response.status_code, headers = answer(str(request.method), str(request.url), {}, body)
            response.headers.update(headers)
            response.request, response.url, response.raw = request, str(request.url), io.BytesIO()
            return response

        def close(self) -> None:
            pass

    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, Adapter())
        return session.post(url, BODIES["form"]["data"], auth=RequestsAuth(signer)).status_code


def by_mock_httpx(signer: Signer, url: str, answer: Canned) -> int:
    """The same by httpx, whose mock reads a request in another way than its real transport."""

    def handle(request: httpx.Request) -> httpx.Response:
        status, headers = answer(request.method, str(request.url), request.headers, request.content)
        return httpx.Response(status, headers=headers)

    with httpx.Client(auth=HttpxAuth(signer), follow_redirects=True, transport=httpx.MockTransport(handle)) as client:
        return client.post(url, data=BODIES["form"]["data"]).status_code
