"""`kayako-sign helpdesk` answers as PHP's stand-in does, which was written without it.

Both get the shared tables, the seeds of the fuzz targets, and random requests.
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

from cli_helpdesk import Answer, Own, exchange, running
from command import ROOT, SECRET_KEY, signature_of
from helpdesk import Helpdesk
from test_tables import DIAGNOSES, REQUESTS, Request

#: What PHP's web server itself cannot take: it closes the connection or answers 501.
METHODS = {b"GET", b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"HEAD"}
URL = "https://help.example.com/api/index.php?/Base/User"


@pytest.fixture(scope="module", params=["plain", "rewrite"])
def web(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def own(web: str) -> Iterator[Own]:
    with running("--web", web) as own:
        yield own


class Comparison:
    """Both stand-ins, and how often they agreed."""

    def __init__(self, own: Own, php: Helpdesk, web: str) -> None:
        self.own, self.php, self.web = own, php, web
        self.count: Counter[str] = Counter()
        self.unsent: list[str] = []
        self.broken: list[str] = []

    def send(self, request: Request) -> None:
        """Send a request to both."""
        if request.method not in METHODS or not is_sent(request):
            self.unsent.append(str(request))
            return
        raw = as_sent(request, self.web)
        theirs, ours = exchange(self.php.port, raw), exchange(self.own.port, raw)
        report = self.own.report()
        self.count[theirs.headers.get("x-stand-in-stage", "none")] += 1
        for part, (one, other) in self.parts(theirs, ours, report).items():
            if one != other:
                self.broken.append(f"{request}: {part}: PHP {one!r:.80}, own {other!r:.80}")

    def parts(self, theirs: Answer, ours: Answer, report: dict[str, object]) -> dict[str, tuple[object, object]]:
        """Take both answers apart."""
        stage = theirs.headers["x-stand-in-stage"]
        accepted = stage == "fields"
        parts: dict[str, tuple[object, object]] = {
            "status": (theirs.status, ours.status),
            "reported status": (theirs.status, report["status"]),
            "accepted": (accepted, report["accepted"]),
        }
        container = theirs.headers.get("x-stand-in-container")
        # The server falls back on the raw body. Only where it finds something there is that what it has read.
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
        """Ask PHP what becomes of names."""
        if not names:
            return []
        query = "&".join(quote_from_bytes(name.encode(), safe="") + "=" for name in names)
        answer = exchange(self.php.port, f"GET /echo?{query} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        return sorted(json.loads(answer.body)["get"])

    def check(self) -> None:
        """Tell all differences."""
        print(f"\n{self.web}: " + ", ".join(f"{count} {stage}" for stage, count in sorted(self.count.items())))
        assert not self.broken, f"{len(self.broken)} differences:\n" + "\n".join(self.broken[:20])


@pytest.fixture
def comparison(own: Own, helpdesk: Helpdesk, web: str) -> Iterator[Comparison]:
    compared = Comparison(own, helpdesk, web)
    yield compared
    compared.check()
    assert compared.count["fields"] > 0


def list_of(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(item) for item in value]


def cut(name: str) -> str:
    """Cut a name as a report does, where a value might follow."""
    return re.sub(r"[^\w\-.\[\] ].*", "…", name, flags=re.DOTALL)


def shown(route: str, report: str) -> str:
    """Cut the route as a report does, which leaves out what might be a value."""
    return report if "…" in report and route.startswith(report.split("…")[0]) else route


def is_sent(request: Request) -> bool:
    """Whether PHP's web server takes the URL and the headers."""
    target = target_of(request.url)
    return re.fullmatch(rb"[!-~]+", target) is not None and len(target) < 65_000 and request.has_plain_header


def target_of(url: bytes) -> bytes:
    """Return what the first line of a request holds for a URL."""
    url = url.split(b"#")[0]
    if b"://" not in url:
        return url
    rest = re.sub(rb"\A[^/?]*", b"", url.split(b"://", 1)[1])
    return rest if rest.startswith(b"/") else b"/" + rest


def as_sent(request: Request, web: str) -> bytes:
    """Write a request for both."""
    head = [request.method + b" " + target_of(request.url) + b" HTTP/1.1", b"Host: localhost", b"Connection: close"]
    head += [b"Stand-In-Web: " + web.encode(), b"Content-Length: %d" % len(request.body)]
    head += [b"Content-Type: " + request.content_type] if request.content_type else []
    return b"\r\n".join([*head, b"", request.body])


def credentials(salt: bytes = b"1234567890") -> bytes:
    """Write good ones for a query or a form."""
    signature = quote_from_bytes(signature_of(SECRET_KEY.encode(), salt), safe="")
    return b"apikey=apikey&salt=" + quote_from_bytes(salt).encode() + b"&signature=" + signature.encode()


def signed(request: Request, target: str, offset: int) -> Request:
    """Put credentials where the table says that they go."""
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


def test_every_shared_request_that_is_signed(comparison: Comparison) -> None:
    for request, status, target, offset in REQUESTS:
        if status == "KAYAKO_OK":
            comparison.send(signed(request, target, int(offset)))


def test_every_shared_diagnosis(comparison: Comparison) -> None:
    for request, _ in DIAGNOSES:
        comparison.send(request)


def seeds() -> Iterator[Request]:
    """Read the seeds of the fuzz targets as the targets do."""
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


def test_every_seed_of_the_fuzz_targets(comparison: Comparison) -> None:
    for request in seeds():
        comparison.send(request)
    comparison.send(Request("signed", b"GET", URL.encode() + b"&" + credentials(), b"", b""))


def random_request(chance: random.Random, number: int) -> Request:
    """Put a request together from pieces that matter to one stage or another."""

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


def test_random_requests(comparison: Comparison) -> None:
    chance = random.Random(17)
    for number in range(1, 5_001):
        comparison.send(random_request(chance, number))
    assert comparison.unsent == []
