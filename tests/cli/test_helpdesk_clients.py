"""`kayako-sign helpdesk` serves ordinary HTTP clients."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Union

import aiohttp
import httpx
import pytest
import requests
from yarl import URL

from cli_helpdesk import CliHelpdesk, running
from command import KEYS, run

FORM = "application/x-www-form-urlencoded"
#: Sends a POST with a body, or a GET without one, and returns the status and the text of the answer.
Client = Callable[[str, Union[str, None]], "tuple[int, str]"]


@pytest.fixture(scope="module")
def server() -> Iterator[CliHelpdesk]:
    with running() as running_server:
        yield running_server


def by_curl(url: str, body: str | None) -> tuple[int, str]:
    command = ["curl", "--disable", "-s", "--globoff", "-w", "\n%{http_code}", url]
    return status_and_text(command + ([] if body is None else ["-H", "Expect: 100-continue", "-d", body]))


def by_curl_in_chunks(url: str, body: str | None) -> tuple[int, str]:
    command = ["curl", "--disable", "-s", "--globoff", "-w", "\n%{http_code}", url]
    return status_and_text(command + ([] if body is None else ["-H", "Transfer-Encoding: chunked", "-d", body]))


def by_wget(url: str, body: str | None) -> tuple[int, str]:
    command = ["wget", "-q", "-S", "-O", "-", "--content-on-error", "--tries=1", url]
    done = subprocess.run(
        command + ([] if body is None else ["--post-data", body]), capture_output=True, timeout=60, text=True
    )
    status = re.search(r"HTTP/1.1 (\d+)", done.stderr)
    assert status is not None
    return int(status[1]), done.stdout


def by_requests(url: str, body: str | None) -> tuple[int, str]:
    headers = {} if body is None else {"Content-Type": FORM}
    answer = requests.request("GET" if body is None else "POST", url, data=body, headers=headers, timeout=60)
    return answer.status_code, answer.text


def by_httpx(url: str, body: str | None) -> tuple[int, str]:
    headers = {} if body is None else {"Content-Type": FORM}
    answer = httpx.request("GET" if body is None else "POST", url, content=body, headers=headers, timeout=60)
    return answer.status_code, answer.text


def by_aiohttp(url: str, body: str | None) -> tuple[int, str]:
    async def send() -> tuple[int, str]:
        headers = {} if body is None else {"Content-Type": FORM}
        method = "GET" if body is None else "POST"
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, URL(url, encoded=True), data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.text()

    return asyncio.run(send())


GUZZLE = """
    require 'GuzzleHttp/autoload.php';
    [, $url, $body] = $argv + [2 => null];
    $form = ['headers' => ['Content-Type' => 'application/x-www-form-urlencoded'], 'body' => $body];
    $options = ['http_errors' => false] + ($body === null ? [] : $form);
    $answer = (new GuzzleHttp\\Client())->request($body === null ? 'GET' : 'POST', $url, $options);
    echo $answer->getBody(), "\\n", $answer->getStatusCode();
"""

NODE = """
    const [url, body] = process.argv.slice(1);
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const answer = await fetch(url, body === undefined ? {} : { method: "POST", body, headers });
    console.log(`${await answer.text()}\\n${answer.status}`);
"""


def by_guzzle(url: str, body: str | None) -> tuple[int, str]:
    return status_and_text(["php", "-r", GUZZLE, "--", url, *([] if body is None else [body])])


def by_node(url: str, body: str | None) -> tuple[int, str]:
    command = ["node", "--input-type=module", "-e", NODE, "--", url]
    return status_and_text(command + ([] if body is None else [body]))


def status_and_text(command: list[str]) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, timeout=60, text=True)
    assert done.returncode == 0, done.stderr.splitlines()[:3]
    text, _, status = done.stdout.rstrip("\n").rpartition("\n")
    return int(status), text


CLIENTS: dict[str, Client] = {
    "curl": by_curl,
    "curl in chunks": by_curl_in_chunks,
    "wget": by_wget,
    "requests": by_requests,
    "httpx": by_httpx,
    "aiohttp": by_aiohttp,
    "Guzzle": by_guzzle,
    "fetch of Node": by_node,
}


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Client:
    return CLIENTS[request.param]


def signed(*arguments: str) -> str:
    return run("request", *arguments, environment=KEYS).out.decode().rstrip("\n")


def test_signed_get_gets_the_document_of_its_controller(server: CliHelpdesk, client: Client) -> None:
    status, text = client(signed("--format", "url", f"{server.api}?/Base/User/1"), None)
    assert (status, "<fullname>Ada Lovelace</fullname>" in text) == (200, True)
    report = server.report()
    assert (report["method"], report["route"], report["container"]) == ("GET", "/Base/User/1", "query")
    assert (report["accepted"], report["diagnosis"], report["fields"]) == (True, 0, [])


def test_signed_form_gets_the_names_of_the_fields_that_were_read(server: CliHelpdesk, client: Client) -> None:
    url = f"{server.api}?/Tickets/Ticket"
    body = signed("--format", "body", "-d", "subject=Help&contents=Now&file[]=x", url)
    status, text = client(url, body)
    assert (status, "<!-- fields read: subject, contents, file[] -->" in text) == (200, True)
    report = server.report()
    assert (report["container"], report["fields"]) == ("form", ["subject", "contents", "file[]"])
    assert report["names"] == ["apikey", "salt", "signature", "subject", "contents", "file[]"]


def test_refused_request_gets_the_reason(server: CliHelpdesk, client: Client) -> None:
    status, text = client(f"{server.api}?/Base/User/1", None)
    # wget does not print the body of a 401.
    assert (status, text) == (401, "" if client is by_wget else "NO SALT PROVIDED!")
    report = server.report()
    assert (report["accepted"], report["diagnosis"], report["status"]) == (False, 30, 401)
    assert report["message"] == "credentials: the request has none; it needs apikey, salt and signature"


@pytest.mark.parametrize("client", [by_curl, by_wget])
def test_quotes_and_brackets_in_a_url_are_accepted(server: CliHelpdesk, client: Client) -> None:
    status, _ = client(signed("--format", "url", f'{server.api}?/Base/User/1&q="<>^`|{{}}'), None)
    assert (status, server.report()["names"]) == (200, ["apikey", "salt", "signature", "q"])
