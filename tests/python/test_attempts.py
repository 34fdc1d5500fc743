"""Each retry and redirect gets a fresh salt. The clients show no credentials, and send none to another origin."""

import copy
import logging
import pickle
import traceback
from typing import Callable, Optional
from urllib.parse import quote, urlsplit

import aiohttp
import httpx
import pytest
import requests

from clients import CLIENTS, Answer, Request
from kayako_sign import KayakoSignError, Signer
from servers import Answer as Reply
from servers import Received, Recorder

ROUTE = "/api/index.php?/Base/User/1&a=1"
REQUESTS = [
    ("GET", "none"),
    ("POST", "none"),
    ("POST", "form"),
    ("POST", "multipart"),
    ("POST", "JSON"),
    ("PUT", "form"),
    ("PUT", "multipart"),
    ("DELETE", "none"),
]
# The error that each plain client raises if the server resets the connection.
RESET = {
    "requests": requests.ConnectionError,
    "httpx": httpx.ReadError,
    "async httpx": httpx.ReadError,
    "aiohttp": aiohttp.ClientOSError,
}
CODES = [301, 302, 303, 307, 308]

every_client = pytest.mark.parametrize("client", CLIENTS)
every_request = pytest.mark.parametrize(("method", "body"), REQUESTS)
every_code = pytest.mark.parametrize("code", CODES)

Redirect = Callable[[Received], Optional[str]]


def at_helpdesk(
    signer: Signer, redirect: Redirect = lambda received: None, code: int = 302
) -> Callable[[Received], Reply]:
    """Returns an answer that redirects to the location from `redirect`, or else accepts or refuses the request."""

    def answer(received: Received) -> Reply:
        location = redirect(received)
        if location is not None:
            return code, {"Location": location}
        content_type = received.headers.get("Content-Type")
        diagnosis = signer.diagnose_request(received.method, received.target, content_type, received.body)
        return (200 if diagnosis else 401), {}

    return answer


def once(location: str) -> Redirect:
    """Redirects a request for User/1 and no other."""
    return lambda received: location if "/Base/User/1" in received.target else None


def shows_nothing(shown: str, *servers: Recorder) -> bool:
    """Returns whether no salt and no signature that the servers received is in the text that a client showed."""
    secrets = {secret.decode() for server in servers for received in server.received for secret in received.secrets}
    assert secrets
    return not any(secret in shown for secret in secrets)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Captures log records of all levels, except the wire traces of two libraries."""
    caplog.set_level(logging.DEBUG)
    for wire in ("httpcore", "asyncio"):
        caplog.set_level(logging.WARNING, wire)


@every_client
@every_code
@every_request
def test_a_redirect_within_the_helpdesk_is_signed_with_a_fresh_salt(
    client: str, code: int, method: str, body: str, signer: Signer, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    recorder.answer = at_helpdesk(signer, once("/api/index.php?/Base/User/2"), code)
    answer = CLIENTS[client](signer, recorder.origin, Request(method, recorder.origin + ROUTE, body))
    assert answer.status == 200
    salts = [received.salts for received in recorder.received]
    assert [len(found) for found in salts] == [1, 1]
    assert salts[0] != salts[1]
    last = recorder.received[-1]
    assert int(last.headers.get("Content-Length", "0")) == len(last.body)
    assert shows_nothing(answer.shown + caplog.text, recorder)


@every_client
@every_code
@every_request
def test_another_origin_gets_the_request_without_credentials(
    client: str,
    code: int,
    method: str,
    body: str,
    signer: Signer,
    recorder: Recorder,
    another_recorder: Recorder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for elsewhere in (
        another_recorder.origin,
        f"//localhost:{another_recorder.port}",
        f"http://localhost:{recorder.port}",
    ):
        recorder.answer = at_helpdesk(signer, once(f"{elsewhere}/new?b=1"), code)
        answer = CLIENTS[client](signer, recorder.origin, Request(method, recorder.origin + ROUTE, body))
        assert shows_nothing(answer.shown + caplog.text, recorder)
    away = [received for received in another_recorder.received + recorder.received if received.target == "/new?b=1"]
    assert len(away) == 3
    for received in away:
        assert not received.has_credentials
        assert int(received.headers.get("Content-Length", "0")) == len(received.body)
    assert [received.has_credentials for received in recorder.received] == [True, True, True, False]


@every_client
@every_code
@every_request
def test_a_location_that_repeats_the_query_loses_the_credentials(
    client: str,
    code: int,
    method: str,
    body: str,
    signer: Signer,
    recorder: Recorder,
    another_recorder: Recorder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def repeated(origin: str) -> Redirect:
        return lambda received: (
            origin + received.target.replace("User/1", "User/2") if "User/1" in received.target else None
        )

    for origin in (recorder.origin, another_recorder.origin):
        recorder.answer = at_helpdesk(signer, repeated(origin), code)
        answer = CLIENTS[client](signer, recorder.origin, Request(method, recorder.origin + ROUTE, body))
        assert answer.status == 200
        assert shows_nothing(answer.shown + caplog.text, recorder)
    within, away = recorder.received[1], another_recorder.received[-1]
    assert len(within.salts) == 1
    assert away.target == "/api/index.php?/Base/User/2&a=1"
    assert not away.has_credentials


@every_client
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_location_with_the_credentials_percent_encoded_is_an_error(
    client: str, times: int, signer: Signer, recorder: Recorder, another_recorder: Recorder
) -> None:
    def login(received: Received) -> str:
        hidden = received.target
        for _ in range(times):
            hidden = quote(hidden, safe="")
        return f"{another_recorder.origin}/login?return={hidden}"

    recorder.answer = at_helpdesk(signer, login)
    with pytest.raises(
        KayakoSignError, match="^redirect: the Location of the answer repeats the credentials"
    ) as refused:
        CLIENTS[client](signer, recorder.origin, Request("GET", recorder.origin + ROUTE))
    assert refused.value.status is None
    assert another_recorder.received == []
    assert shows_nothing(repr(refused.value), recorder)


@every_client
@every_request
def test_each_retry_has_a_fresh_salt(
    client: str, method: str, body: str, signer: Signer, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    recorder.answer = lambda received: (503 if len(recorder.received) < 3 else 200, {})
    request = Request(method, recorder.origin + ROUTE, body, retries=2)
    answer = CLIENTS[client](signer, recorder.origin, request)
    assert answer.status == 200
    assert len(recorder.received) == 3
    assert len({salt for received in recorder.received for salt in received.salts}) == 3
    for received in recorder.received:
        content_type = received.headers.get("Content-Type")
        assert signer.diagnose_request(method, received.target, content_type, received.body)
    assert shows_nothing(answer.shown + caplog.text, recorder)


@every_client
@every_request
def test_a_reset_connection_raises_the_clients_own_error(
    client: str, method: str, body: str, signer: Signer, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    def reset(received: Received) -> Reply:
        raise ConnectionResetError

    recorder.answer = reset
    request = Request(method, recorder.origin + ROUTE, body, retries=1)
    with pytest.raises(RESET[client]) as raised:
        CLIENTS[client](signer, recorder.origin, request)
    assert type(raised.value) is RESET[client]
    salts = [salt for received in recorder.received for salt in received.salts]
    assert len(set(salts)) == len(recorder.received)
    shown = (
        "".join(traceback.format_exception(type(raised.value), raised.value, raised.value.__traceback__))
        + repr(vars(raised.value))
        + caplog.text
    )
    if client != "aiohttp":  # its errors cannot be pickled or copied, even without the plug-in
        for again in (pickle.loads(pickle.dumps(raised.value)), copy.deepcopy(raised.value)):
            assert type(again) is RESET[client]
        shown += repr(pickle.dumps(raised.value, 0))
    assert shows_nothing(shown, recorder)


@every_client
def test_an_unreachable_helpdesk_raises_the_clients_own_error(
    client: str, signer: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    classes = (requests.ConnectionError, httpx.ConnectError, aiohttp.ClientConnectorError)
    request = Request("GET", "http://127.0.0.1:1" + ROUTE, retries=1)
    with pytest.raises(classes) as raised:
        CLIENTS[client](signer, "http://127.0.0.1:1", request)
    shown = (
        "".join(traceback.format_exception(type(raised.value), raised.value, raised.value.__traceback__))
        + repr(vars(raised.value))
        + caplog.text
    )
    assert "signature" not in shown
    assert "salt" not in shown


@every_client
@every_request
def test_a_signed_request_goes_through_a_proxy(
    client: str, method: str, body: str, signer: Signer, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    recorder.answer = at_helpdesk(signer)
    helpdesk = "http://help.example.com"
    answer = CLIENTS[client](signer, helpdesk, Request(method, helpdesk + ROUTE, body, proxy=recorder.origin))
    assert answer.status == 200
    (received,) = recorder.received
    assert urlsplit(received.target).netloc == "help.example.com"
    assert shows_nothing(answer.shown + caplog.text, recorder)


@every_client
def test_a_redirect_to_another_origin_and_back_is_signed_for_the_helpdesk_only(
    client: str, signer: Signer, recorder: Recorder, another_recorder: Recorder
) -> None:
    recorder.answer = at_helpdesk(signer, once(f"{another_recorder.origin}/away"), 307)
    another_recorder.answer = lambda received: (307, {"Location": f"{recorder.origin}/api/index.php?/Base/User/2"})
    answer = CLIENTS[client](signer, recorder.origin, Request("POST", recorder.origin + ROUTE, "form"))
    assert answer.status == 200
    assert [received.has_credentials for received in recorder.received] == [True, True]
    assert not another_recorder.received[0].has_credentials


@every_client
@pytest.mark.parametrize(
    "other",
    [
        "http://127.0.0.1.example.com:{port}",
        "http://localhost:{port}",
        "http://user:127.0.0.1@localhost:{port}",
        "http://127.0.0.1:{another}",
        "http://127.0.0.1:{port}@localhost:{another}",
    ],
)
def test_a_request_to_another_origin_is_not_signed(
    client: str, other: str, signer: Signer, recorder: Recorder, another_recorder: Recorder
) -> None:
    origin = other.format(port=recorder.port, another=another_recorder.port)
    request = Request("GET", origin + ROUTE, proxy=recorder.origin if "example" in other else None)
    answer: Answer = CLIENTS[client](signer, recorder.origin, request)
    assert answer.status == 200
    (received,) = recorder.received + another_recorder.received
    assert not received.has_credentials
