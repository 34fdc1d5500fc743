"""With the plug-in a large upload takes at most a tenth and 8 MiB more memory than without it."""

import json
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conftest import Script

SIZE = 200 * 2**20
# The limit: the memory without the plug-in times FACTOR, plus MORE bytes for its code and the library.
FACTOR, MORE = 1.10, 8 * 2**20

PROGRAM = """
import asyncio, json, re, sys
import aiohttp, httpx, requests
from kayako_sign import Signer
from kayako_sign.aiohttp import KayakoMiddleware
from kayako_sign.httpx import AsyncKayakoTransport, KayakoTransport
from kayako_sign.requests import KayakoAdapter

client, signed, origin, path = json.loads(sys.argv[1])
url = origin + "/api/index.php?/Tickets/TicketAttachment"
signer = Signer("apikey", "secretkey")
boundary = "0123456789abcdef"

def by_requests(body):
    with requests.Session() as session:
        if signed:
            session.mount(origin + "/", KayakoAdapter(signer, origin))
        return session.post(url, **body).status_code

def in_pieces(file):
    yield f'--{boundary}\\r\\nContent-Disposition: form-data; name="f"; filename="f"\\r\\n\\r\\n'.encode()
    while piece := file.read(65536):
        yield piece
    yield f"\\r\\n--{boundary}--\\r\\n".encode()

def by_httpx(file):
    with httpx.Client(mounts={origin: KayakoTransport(signer, origin)} if signed else {}) as session:
        return session.post(url, files={"f": file}).status_code

async def by_async_httpx(file):
    async with httpx.AsyncClient(mounts={origin: AsyncKayakoTransport(signer, origin)} if signed else {}) as session:
        return (await session.post(url, files={"f": file})).status_code

async def by_aiohttp(file):
    async with aiohttp.ClientSession(middlewares=[KayakoMiddleware(signer, origin)] if signed else []) as session:
        async with session.post(url, data={"f": file}) as response:
            return response.status

headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
clients = {
    "requests": lambda file: by_requests({"files": {"f": file}}),
    "requests, in pieces": lambda file: by_requests({"data": in_pieces(file), "headers": headers}),
    "httpx": by_httpx,
    "async httpx": lambda file: asyncio.run(by_async_httpx(file)),
    "aiohttp": lambda file: asyncio.run(by_aiohttp(file)),
}
with open(path, "rb") as file:
    status = clients[client](file)
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]
print(json.dumps([status, int(peak) * 1024]))
"""


class Sink(BaseHTTPRequestHandler):
    """Reads a body without keeping it. Answers 400 if it is not complete, 401 if it has no credentials, else 200."""

    def do_POST(self) -> None:
        length, begin, end = 0, b"", b""
        for piece in self.pieces():
            length += len(piece)
            begin, end = (begin + piece)[:1000] if len(begin) < 1000 else begin, (end + piece)[-100:]
        whole = length > SIZE and end.endswith(b"--\r\n")
        self.send_response((200 if b'name="signature"' in begin else 401) if whole else 400)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def pieces(self) -> Iterator[bytes]:
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return
        left = int(self.headers["Content-Length"])
        while left:
            piece = self.rfile.read(min(left, 2**20))
            left -= len(piece)
            yield piece

    def log_request(self, code: object = "-", size: object = "-") -> None:
        pass


@pytest.fixture(scope="module")
def sink() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Sink) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("upload") / "file"
    piece = random.Random(1).randbytes(2**20)
    with path.open("wb") as file:
        for _ in range(SIZE // len(piece)):
            file.write(piece)
    return path


@pytest.mark.parametrize("client", ["requests", "requests, in pieces", "httpx", "async httpx", "aiohttp"])
def test_an_upload_takes_hardly_more_memory_than_without_the_plug_in(
    client: str, sink: str, large_file: Path, script: Script, memory: list[str]
) -> None:
    def peak(signed: bool) -> int:
        done = script(PROGRAM, arguments=[json.dumps([client, signed, sink, str(large_file)])])
        assert done.returncode == 0, done.stderr
        status, taken = json.loads(done.stdout)
        assert status == (200 if signed else 401)
        return int(taken)

    plain, signed = peak(False), peak(True)
    memory.append(f"{client:20} {plain / 2**20:6.0f} MB without  {signed / 2**20:6.0f} MB with")
    assert signed <= FACTOR * plain + MORE, memory[-1]
