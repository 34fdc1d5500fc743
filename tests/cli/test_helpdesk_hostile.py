"""`kayako-sign helpdesk` answers a client that misbehaves, or closes the connection, and serves the others."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_helpdesk import CliHelpdesk, exchange, running
from command import BINARY, DONE, FAILED, KEYS, SALT, SECRET_KEY, failure, run, signature_of
from test_helpdesk_answers import as_sent, credentials, is_sent
from test_tables import DIAGNOSES

GET = b"GET /api/index.php?/Base/User/1&%s HTTP/1.1\r\nHost: a\r\n" % credentials()
POST = b"POST /api/index.php?/Base/User HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
CLOSE = b"Connection: close\r\n\r\n"
#: The limit for the memory of the server in bytes, with a large body in it.
MEMORY_MAX = 400 * 1024 * 1024


@pytest.fixture(scope="module")
def server() -> Iterator[CliHelpdesk]:
    with running() as running_server:
        yield running_server


@pytest.fixture(autouse=True)
def still_serves(server: CliHelpdesk) -> Iterator[None]:
    """Checks after each test that the server still answers and stays below MEMORY_MAX."""
    yield
    assert exchange(server.port, GET + CLOSE).status == 200
    assert memory(server, "VmHWM") < MEMORY_MAX


def memory(server: CliHelpdesk, kind: str) -> int:
    """Returns the memory of the server in bytes: VmHWM is its peak, VmRSS what it uses now."""
    text = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(rf"{kind}:\s+(\d+) kB", text)
    assert found is not None
    return int(found[1]) * 1024


def connect(server: CliHelpdesk) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def test_pipelined_requests_are_answered_in_their_order(server: CliHelpdesk) -> None:
    quoted = GET.replace(b" HTTP", b'&q="<>" HTTP')
    body = credentials() + b'&a="<>"\n"'
    form = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    head = b"HEAD /api/index.php?/Base/User HTTP/1.1\r\nHost: a\r\n\r\n"
    answers = exchange(server.port, quoted + b"\r\n" + form + head + quoted + b"\r\n" + form + GET + CLOSE)
    assert (answers.status, answers.body.count("HTTP/1.1 200 OK")) == (200, 5)
    assert answers.body.count("<fullname>") == 5


def test_client_that_closes_its_sending_side_first_gets_the_answer(server: CliHelpdesk) -> None:
    with connect(server) as connection:
        connection.sendall(GET + b"\r\n")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (GET + b"A: " + b"a" * 100_000 + b"\r\n" + CLOSE, 431),
        (GET + b"A: a\r\n" * 200 + CLOSE, 431),
        (GET.replace(b" HTTP", b"&a=" + b"a" * 70_000 + b" HTTP") + CLOSE, 414),
        (GET + b"A: \0\r\n" + CLOSE, 400),
        (GET + b"A b: c\r\n" + CLOSE, 400),
        (GET + b"Content-Length: x\r\n" + CLOSE, 400),
        (GET.replace(b"HTTP/1.1", b"HTTP/9.9") + CLOSE, 400),
        (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03 a hello of TLS\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n" + CLOSE + b"zz\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n" + CLOSE + b"5\r\nsalt=1\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n" + CLOSE + b"fffffffffffffffff\r\n", 400),
        (POST + b"Content-Length: 67108865\r\n" + CLOSE, 413),
        (b"CONNECT help.example.com:443 HTTP/1.1\r\nHost: a\r\n" + CLOSE, 405),
        (b"GET http://help.example.com/api/index.php?/Base/User/1 HTTP/1.0\r\n\r\n", 401),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n" + CLOSE, 200),
    ],
    ids=lambda value: value[:0].decode() if isinstance(value, bytes) else str(value),
)
def test_malformed_or_unusual_request_gets_its_status(server: CliHelpdesk, request_: bytes, status: int) -> None:
    assert exchange(server.port, request_).status == status


def test_body_of_64_mebibytes_is_read_and_a_longer_one_refused(server: CliHelpdesk) -> None:
    fields = credentials() + b"&a="
    body = fields + b"x" * (64 * 1024 * 1024 - len(fields))
    head = POST + b"Content-Length: %d\r\n" % len(body) + CLOSE
    assert exchange(server.port, head + body).status == 200
    chunked = POST + b"Transfer-Encoding: chunked\r\n" + CLOSE
    assert exchange(server.port, chunked + b"%x\r\n" % (len(body) + 1) + body + b"x").status == 413


def test_nine_hundred_connections_are_served_at_once(server: CliHelpdesk) -> None:
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(connect(server)) for _ in range(900)]
        for connection in connections:
            connection.sendall(GET + b"\r\n")
        answers = [connection.recv(65536) for connection in connections]
        assert [answer for answer in answers if not answer.startswith(b"HTTP/1.1 200 OK")] == []


def test_client_that_stalls_is_disconnected(server: CliHelpdesk) -> None:
    starts = [
        b"",
        b"GET /api",
        GET,
        POST + b"Content-Length: 99\r\n\r\na",
        POST + b"Transfer-Encoding: chunked\r\n\r\n1",
    ]
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(connect(server)) for _ in starts]
        for connection, start in zip(connections, starts):
            connection.sendall(start)
        begun, closed = time.monotonic(), 0
        while closed < len(starts):
            assert time.monotonic() - begun < 30, f"{closed} of {len(starts)} are closed"
            time.sleep(1)
            closed = 0
            for connection in connections:
                try:
                    connection.send(b"a")
                except OSError:
                    closed += 1


def test_thousands_of_requests_all_succeed_and_leak_no_memory(server: CliHelpdesk) -> None:
    url = f"{server.api}?/Base/User/1&{credentials().decode()}"
    command = ["ab", "-q", "-k", "-n", "4000", "-c", "64", "-s", "60", url]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    before = memory(server, "VmRSS")
    done = subprocess.run(command, capture_output=True, check=True, timeout=120, text=True)
    assert re.search(r"Complete requests: +4000\nFailed requests: +0\n", done.stdout)
    assert "Non-2xx" not in done.stdout
    assert memory(server, "VmRSS") - before < 4 * 1024 * 1024


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_it_within_a_second_with_connections_open(sign: signal.Signals) -> None:
    with running() as stopped, contextlib.ExitStack() as stack:
        for start in (b"", b"GET /api", GET + b"\r\n", POST + b"Content-Length: 9\r\n\r\na"):
            stack.enter_context(connect(stopped)).sendall(start)
        stopped.report()
        begun = time.monotonic()
        stopped.process.send_signal(sign)
        assert stopped.process.wait(timeout=10) == DONE
        assert time.monotonic() - begun < 1


def test_port_in_use_gives_a_message(server: CliHelpdesk) -> None:
    result = run("helpdesk", "--listen", f"127.0.0.1:{server.port}")
    assert (result.code, result.out) == (FAILED, b"")
    # C libraries word this cause differently.
    assert re.match(rf"kayako-sign: cannot listen on 127\.0\.0\.1:{server.port}: Address .*in use", result.err)


def test_without_keys_it_does_not_start() -> None:
    result = run("helpdesk", environment={})
    assert result.err == failure("no API key. Set KAYAKO_API_KEY, or name a file with --api-key-file.")


def start_without_json(*arguments: str) -> tuple[subprocess.Popen[str], list[str], int]:
    """Starts it without --json. Returns the process, the two lines that it prints at its start, and its port."""
    command = [str(BINARY), "helpdesk", *arguments]
    process = subprocess.Popen(command, env=KEYS, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    lines = [process.stderr.readline() for _ in range(2)]
    return process, lines, int(lines[0].split("/api/")[0].rsplit(":", 1)[1])


def stop(process: subprocess.Popen[str]) -> str:
    """Stops it, and returns the rest of its standard error."""
    process.terminate()
    _, text = process.communicate(timeout=10)
    return text


def test_it_warns_if_other_machines_can_reach_it_and_says_if_it_has_the_sample_keys() -> None:
    process, lines, _ = start_without_json("--listen", "0.0.0.0:0")
    stop(process)
    assert lines[1].startswith("kayako-sign: other machines can reach it. It speaks plain HTTP")
    process, lines, _ = start_without_json("--listen", "127.0.0.1:0", "--sample-keys")
    stop(process)
    assert lines[1] == failure("its keys are the vendor's sample keys, apikey and secretkey")


def test_its_reports_contain_no_value_and_no_key() -> None:
    process, _, port = start_without_json("--listen", "127.0.0.1:0", "--sample-keys", "--web", "rewrite")
    sent = [request for request, _ in DIAGNOSES if is_sent(request) and re.fullmatch(rb"[A-Z]+", request.method)]
    for request in sent:
        exchange(port, as_sent(request, "rewrite"))
    signature = signature_of(SECRET_KEY.encode(), SALT.encode()).decode()
    # In a path, and in the arguments of a route.
    for place in (
        f"?/Base/User/{signature}",
        f"/{signature}",
        f"?/Base/User/{SECRET_KEY}/1",
        f"?/Base/User/salt={SALT}",
    ):
        exchange(port, f"GET /api/index.php{place} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    text = stop(process)
    assert text.count("\n20") + 1 == len(sent) + 4
    for value in (SECRET_KEY, SALT, signature[:20], signature[-20:], "VKjt8M54"):
        assert value not in text, "a report contains a value"
