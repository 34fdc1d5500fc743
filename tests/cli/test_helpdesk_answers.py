"""`kayako-sign helpdesk` answers as the stand-in helpdesk in PHP, which was written independently of it.

Both get the requests of the shared tables, the seeds of the fuzz targets, and random requests.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest

from cli_helpdesk import Answer, CliHelpdesk, exchange, running
from command import ROOT, SECRET_KEY, signature_of
from helpdesk import Helpdesk
from test_tables import DIAGNOSES, REQUESTS, Request

#: The methods that PHP's web server takes. For any other it closes the connection or answers 501.
METHODS = {b"GET", b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"HEAD"}
URL = "https://help.example.com/api/index.php?/Base/User"


@pytest.fixture(scope="module", params=["plain", "rewrite"])
def web(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def cli(web: str) -> Iterator[CliHelpdesk]:
    with running("--web", web) as server:
        yield server


class Comparison:
    """Sends requests to both stand-in helpdesks and collects the differences between their answers."""

    def __init__(self, cli: CliHelpdesk, php: Helpdesk, web: str) -> None:
        self.cli, self.php, self.web = cli, php, web
        #: The number of requests that ended at each stage.
        self.count: Counter[str] = Counter()
        self.unsent: list[str] = []
        self.differences: list[str] = []

    def send(self, request: Request) -> None:
        """Sends a request to both, if PHP's web server can take it."""
        if request.method not in METHODS or not is_sent(request):
            self.unsent.append(str(request))
            return
        raw = as_sent(request, self.web)
        theirs, ours = exchange(self.php.port, raw), exchange(self.cli.port, raw)
        report = self.cli.report()
        self.count[theirs.headers.get("x-stand-in-stage", "none")] += 1
        for part, (one, other) in self.parts(theirs, ours, report).items():
            if one != other:
                self.differences.append(f"{request}: {part}: PHP {one!r:.80}, the command {other!r:.80}")

    def parts(self, theirs: Answer, ours: Answer, report: dict[str, object]) -> dict[str, tuple[object, object]]:
        """Returns each part of the answers, as PHP has it and as the command has it."""
        stage = theirs.headers["x-stand-in-stage"]
        accepted = stage == "fields"
        parts: dict[str, tuple[object, object]] = {
            "status": (theirs.status, ours.status),
            "reported status": (theirs.status, report["status"]),
            "accepted": (accepted, report["accepted"]),
        }
        container = theirs.headers.get("x-stand-in-container")
        # The server falls back on the raw body. It has read the raw body only if it found something there.
        if container is not None and (container, theirs.body) != ("raw", "NO SALT PROVIDED!"):
            parts["container"] = (container, report["container"])
        if accepted:
            document = json.loads(theirs.body)
            route = "/" + "/".join([document["app"], document["controller"], *document["arguments"]])
            parts["route"] = (shown(route, str(report["route"])), report["route"])
            parts["fields"] = (sorted(map(cut, document["fields"])), self.as_php_names(list_of(report["fields"])))
        elif not theirs.headers["content-type"].startswith("text/html"):
            parts["text"] = (theirs.body.replace("stdClass given", "array given"), ours.body)
        else:
            parts["page"] = (True, ours.headers["content-type"].startswith("text/html"))
        return parts

    def as_php_names(self, names: list[str]) -> list[str]:
        """Returns what PHP makes of names of parameters."""
        if not names:
            return []
        query = "&".join(quote_from_bytes(name.encode(), safe="") + "=" for name in names)
        answer = exchange(self.php.port, f"GET /echo?{query} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        return sorted(json.loads(answer.body)["get"])

    def check(self) -> None:
        """Fails if there was a difference, and shows the first of them."""
        print(f"\n{self.web}: " + ", ".join(f"{count} {stage}" for stage, count in sorted(self.count.items())))
        shown = "\n".join(self.differences[:20])
        assert not self.differences, f"{len(self.differences)} differences:\n{shown}"


@pytest.fixture
def comparison(cli: CliHelpdesk, helpdesk: Helpdesk, web: str) -> Iterator[Comparison]:
    compared = Comparison(cli, helpdesk, web)
    yield compared
    compared.check()
    assert compared.count["fields"] > 0, "no request was accepted"


def list_of(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(item) for item in value]


def cut(name: str) -> str:
    """Cuts a name as a report does, before anything that may be a value."""
    return re.sub(r"[^\w\-.\[\] ].*", "…", name, flags=re.DOTALL)


def shown(route: str, report: str) -> str:
    """Cuts the route as this report does, which leaves out anything that may be a value."""
    return report if "…" in report and route.startswith(report.split("…")[0]) else route


def is_sent(request: Request) -> bool:
    """Returns whether PHP's web server takes the URL and the headers."""
    target = target_of(request.url)
    return re.fullmatch(rb"[!-~]+", target) is not None and len(target) < 65_000 and request.has_plain_header


def target_of(url: bytes) -> bytes:
    """Returns the part of a URL that is in the first line of a request."""
    url = url.split(b"#")[0]
    if b"://" not in url:
        return url
    rest = re.sub(rb"\A[^/?]*", b"", url.split(b"://", 1)[1])
    return rest if rest.startswith(b"/") else b"/" + rest


def as_sent(request: Request, web: str) -> bytes:
    """Writes a request for both stand-in helpdesks."""
    head = [request.method + b" " + target_of(request.url) + b" HTTP/1.1", b"Host: localhost", b"Connection: close"]
    head += [b"Stand-In-Web: " + web.encode(), b"Content-Length: %d" % len(request.body)]
    head += [b"Content-Type: " + request.content_type] if request.content_type else []
    return b"\r\n".join([*head, b"", request.body])


def credentials(salt: bytes = b"1234567890") -> bytes:
    """Returns valid credentials for a query or a form."""
    signature = quote_from_bytes(signature_of(SECRET_KEY.encode(), salt), safe="")
    return b"apikey=apikey&salt=" + quote_from_bytes(salt).encode() + b"&signature=" + signature.encode()


def signed(request: Request, target: str, offset: int) -> Request:
    """Inserts credentials at the place in the table."""
    is_url = target == "url"
    text = request.url if is_url else request.body
    before, after = text[:offset], text[offset:]
    if is_url:
        head = before.split(b"#")[0]
        inserted = b"&" * (b"?" in head and not head.endswith((b"?", b"&"))) or b"?" * (b"?" not in head)
        text = before + inserted + credentials() + (b"&" if after and after[:1] not in b"&#" else b"") + after
        return Request(request.name, request.method, text, request.content_type, request.body)
    boundary = re.search(rb"multipart/form-data.*boundary=\"?([^\";,]*)", request.content_type, re.IGNORECASE)
    if boundary is not None and b"application/json" not in request.content_type:
        part = b"--" + boundary[1] + b'\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        values = {b"apikey": b"apikey", b"salt": b"1", b"signature": signature_of(SECRET_KEY.encode(), b"1")}
        inserted = b"".join(part % pair for pair in values.items())
    elif b"json" in request.content_type:
        signature = signature_of(SECRET_KEY.encode(), b"1")
        inserted = b'"apikey":"apikey","salt":"1","signature":"' + signature + b'"'
        inserted += b"," * (after.strip()[:1] != b"}")
    else:
        inserted = credentials() + b"&" * bool(after)
    return Request(request.name, request.method, request.url, request.content_type, before + inserted + after)


def test_signed_requests_of_the_table_get_the_same_answer(comparison: Comparison) -> None:
    for request, status, target, offset in REQUESTS:
        if status == "KAYAKO_OK":
            comparison.send(signed(request, target, int(offset)))


def test_requests_of_the_table_of_diagnoses_get_the_same_answer(comparison: Comparison) -> None:
    for request, _ in DIAGNOSES:
        comparison.send(request)


def seeds() -> Iterator[Request]:
    """Reads the seeds of the fuzz targets as the targets read them."""
    form, multipart = b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=X"
    for file in sorted((ROOT / "fuzz/seeds").glob("*/*")):
        yield from read_seed(file, form, multipart)


def read_seed(file: Path, form: bytes, multipart: bytes) -> Iterable[Request]:
    text, name = file.read_bytes(), f"{file.parent.name}/{file.name}"
    types = {"form": form, "multipart": multipart, "json": b"application/json"}
    if file.parent.name in types:
        for method in (b"POST", b"PUT"):
            yield Request(name, method, URL.encode(), types[file.parent.name], text)
    elif file.parent.name == "url":
        yield Request(name, b"GET", text, b"", b"")
    elif file.parent.name == "raw":
        method, url, content_type, body = (text.split(b"\n", 3) + [b""] * 3)[:4]
        yield Request(name, method, url, content_type, body)


def test_seeds_of_the_fuzz_targets_get_the_same_answer(comparison: Comparison) -> None:
    for request in seeds():
        comparison.send(request)
    comparison.send(Request("signed", b"GET", URL.encode() + b"&" + credentials(), b"", b""))


def random_request(chance: random.Random, number: int) -> Request:
    """Returns a request made of random pieces, each of which matters to some stage."""

    def one(*pieces: bytes) -> bytes:
        return chance.choice(pieces)

    def parameters() -> bytes:
        pieces = [b"a=1", b"b[]=2", b"b%5Bx%5D=3", b"c.d+e=4", b"%20f=5", b"g", b"=6", b"", b"e=", b"e=/Base/User/2"]
        pieces += [b"e=%2FTickets%2FTicket%26h=7", b"salt[]=1", b"salt=0", b"signature=x", b"apikey[a]=1", b"i%00j=8"]
        chosen = chance.sample(pieces, chance.randint(0, 3))
        good = [credentials(b"%d" % number)] if chance.random() < 0.7 else []
        both = [*chosen, *good]
        chance.shuffle(both)
        return b"&".join(both)

    route = one(b"/Base/User", b"/Base/User/1", b"/Tickets/Ticket/7/1", b"Base/User", b"//base//Department/", b"/Base",
                b"/Base/Users", b"%2FBase%2FUser", b"/Base/User?7", b"/Base?/User", b"/Base/User/a@b", b"/Base/%20User",
                b"/Base%252FUser", b"/Nix/Nada", b"/News/NewsItem/a,b~c", b"", b"/Core/TestAPI/x%20y")  # fmt: skip
    in_path = one(
        b"/Base/User/1", b"/Base/User", b"/Tickets/Ticket/%37", b"/Base%2FUser", b"/Base/User/1&" + parameters()
    )
    url = one(
        b"/api/index.php?" + route + one(b"&", b"?", b"") + parameters(),
        b"/api/index.php?" + parameters() + b"&e=" + route,
        b"/api/index.php?" + parameters(),
        b"/api/?" + route + b"&" + parameters(),
        b"/api/index.php" + in_path + b"?" + parameters(),
        b"/help/api" + in_path + one(b"", b"?" + parameters()),
        one(b"/staffapi/index.php?", b"/api/v1/cases?", b"/api/index.php&", b"/?") + route + b"&" + parameters(),
    )
    pairs = parameters()
    multipart = b"".join(
        b'--X\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (
            piece.split(b"=")[0],
            piece.partition(b"=")[2].replace(b"%2B", b"+").replace(b"%2F", b"/").replace(b"%3D", b"="),
        )
        for piece in pairs.split(b"&")
        if piece
    )
    salt = b"%d" % number
    json_text = b'{"a":1,"apikey":"apikey","salt":%s,"signature":"%s"}' % (
        one(b'"' + salt + b'"', salt, b"[]", b'{"a":1}', b"null", b"0", b'""'),
        signature_of(SECRET_KEY.encode(), salt),
    )
    body = one(b"", pairs, multipart + b"--X--\r\n", json_text, b"{", b"[1]")
    content_type = one(
        b"", b"application/x-www-form-urlencoded", b"application/x-www-form-urlencoded; charset=UTF-8",
        b"multipart/form-data; boundary=X", b"application/json", b"application/json; charset=utf-8",
        b"Application/JSON",
        b"APPLICATION/x-www-form-urlencoded", b"text/plain", b"multipart/form-data",
    )  # fmt: skip
    method = one(b"GET", b"GET", b"POST", b"POST", b"POST", b"PUT", b"PUT", b"DELETE", b"PATCH", b"HEAD", b"OPTIONS")
    return Request(f"random {number}", method, url, content_type, body)


def test_random_requests_get_the_same_answer(comparison: Comparison) -> None:
    chance = random.Random(17)
    for number in range(1, 5_001):
        comparison.send(random_request(chance, number))
    assert comparison.unsent == []
