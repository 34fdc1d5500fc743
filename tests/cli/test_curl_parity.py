"""With our configuration curl sends the same bytes as if it had our options itself, plus the credentials."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import pytest

from command import BINARY, DONE, FAILED, KEYS
from recording_server import Sent, Server, started

# The sources of a value


@dataclass(frozen=True)
class Origin:
    """The name under which a process can read a value, and the descriptors that it must be started with."""

    name: str
    stdin: int = subprocess.DEVNULL
    pass_fds: Sequence[int] = ()


Source = Callable[[Path, bytes], "contextlib.AbstractContextManager[Origin]"]

STDIN_NAMES = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", "link.txt", "link of a link"]


@contextlib.contextmanager
def pipe(content: bytes) -> Iterator[int]:
    ours, theirs = os.pipe()
    thread = threading.Thread(target=fill, args=(theirs, content))
    thread.start()
    try:
        yield ours
    finally:
        os.close(ours)
        thread.join()


def fill(place: int | Path, content: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), open(place, "wb") as opened:
        opened.write(content)


@contextlib.contextmanager
def regular(folder: Path, content: bytes) -> Iterator[int]:
    (folder / "opened").write_bytes(content)
    with (folder / "opened").open("rb") as opened:
        yield opened.fileno()


def name_of_stdin(name: str, folder: Path) -> str:
    if not name.startswith("link"):
        return name
    with contextlib.suppress(FileExistsError):
        (folder / "link.txt").symlink_to("/dev/stdin")
        (folder / "link of a link").symlink_to("link.txt")
    return str(folder / name)


def stdin(name: str, is_regular: bool) -> Source:
    @contextlib.contextmanager
    def source(folder: Path, content: bytes) -> Iterator[Origin]:
        with regular(folder, content) if is_regular else pipe(content) as descriptor:
            yield Origin(name_of_stdin(name, folder), stdin=descriptor)

    return source


@contextlib.contextmanager
def file(folder: Path, content: bytes) -> Iterator[Origin]:
    (folder / "file").write_bytes(content)
    yield Origin(str(folder / "file"))


@contextlib.contextmanager
def fifo(folder: Path, content: bytes) -> Iterator[Origin]:
    path = folder / "fifo.PDF"
    os.mkfifo(path)
    thread = threading.Thread(target=fill, args=(path, content))
    thread.start()
    try:
        yield Origin(str(path))
    finally:
        # If the FIFO was not read, its writer still waits for a reader.
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
        thread.join()
        path.unlink()


@contextlib.contextmanager
def inherited_pipe(_: Path, content: bytes) -> Iterator[Origin]:
    with pipe(content) as descriptor:
        yield Origin(f"/dev/fd/{descriptor}", pass_fds=[descriptor])


@contextlib.contextmanager
def inherited_file(folder: Path, content: bytes) -> Iterator[Origin]:
    with regular(folder, content) as descriptor:
        yield Origin(f"/proc/self/fd/{descriptor}", pass_fds=[descriptor])


@contextlib.contextmanager
def deleted_file(folder: Path, content: bytes) -> Iterator[Origin]:
    with regular(folder, content) as descriptor:
        (folder / "opened").unlink()
        yield Origin(f"/dev/fd/{descriptor}", pass_fds=[descriptor])


BY_NAME = "a file"
SOURCES: dict[str, Source] = {
    BY_NAME: file,
    **{f"a pipe as {name}": stdin(name, False) for name in STDIN_NAMES},
    **{f"a file as {name}": stdin(name, True) for name in STDIN_NAMES[:4]},
    "a FIFO": fifo,
    "an inherited pipe": inherited_pipe,
    "an inherited file": inherited_file,
    "an inherited file without a name": deleted_file,
}

# The values

TEXTS = {
    "nothing": b"",
    "a form": b"a=1&b=%26+2",
    "characters to escape": b' @<a b+c%&=;"\\\t\x0b"' + "é€\U0001f600".encode() + b"\xff\x1a ",
    "CRLF": b"\r\na=1\r\n&b=2\n\n",
    "48 KB": b'x " ' * 12_000,
}
CONTENTS = {**TEXTS, "every byte": bytes(range(256)), "200 KB": b"a=" + b"x" * 200_000}
JSON = {
    "empty": b"{}",
    "CRLF": b'{\r\n"a":\t"b \\" \\\\"\n}\n',
    "200 KB": b'{"a": "' + b"x" * 200_000 + b'"}',
}

# Sending


def launch(command: Sequence[str | bytes | Path], origin: Origin) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command,
        env={**KEYS, "PATH": os.environ["PATH"]},
        stdin=origin.stdin,
        pass_fds=origin.pass_fds,
        capture_output=True,
        timeout=20,
    )


def sent_by_curl(server: Server, options: Sequence[str | bytes], origin: Origin) -> Sent:
    server.raw = b""
    done = launch(["curl", "--disable", "--silent", *options, server.url], origin)
    assert done.returncode == 0, f"curl ended with {done.returncode}"
    return Sent.read(server.raw)


def sent_by_us(server: Server, options: Sequence[str | bytes], origin: Origin) -> Sent | str:
    """Returns what curl sends with our configuration, without the credentials, or the message of our refusal."""
    done = launch([BINARY, "request", *options, server.url], origin)
    if done.returncode == FAILED:
        assert done.stdout == b""
        return done.stderr.decode()
    assert (done.returncode, done.stderr) == (DONE, b"")
    server.raw = b""
    sent = subprocess.run(["curl", "--disable", "--silent", "-K", "-"], input=done.stdout, timeout=20)
    assert sent.returncode == 0, f"curl ended with {sent.returncode}"
    return Sent.read(server.raw).unsigned()


def check_same(ours: Sent | str, theirs: Sent) -> None:
    assert isinstance(ours, Sent), ours
    difference = ours.difference(theirs)
    assert difference == "", f"this differs: {difference}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with started() as running:
        yield running


# Each option with each source


def option_of(shape: str, origin: Origin) -> list[str]:
    option, _, value = shape.partition(" ")
    return [option, value.replace("FILE", origin.name)]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("shape", ["-d @FILE", "--data-urlencode @FILE", "--data-urlencode n@FILE"])
def test_piece_of_a_form_from_any_source_is_sent_as_curl_sends_it(
    shape: str, source: str, server: Server, tmp_path: Path
) -> None:
    for name, content in CONTENTS.items():
        with SOURCES[source](tmp_path, content) as origin:
            ours = sent_by_us(server, option_of(shape, origin), origin)
        if name == "200 KB" and source != BY_NAME:
            assert isinstance(ours, str)
            assert "curl takes no line above 100 KB" in ours
            continue
        with SOURCES[source](tmp_path, content) as origin:
            theirs = sent_by_curl(server, option_of(shape, origin), origin)
        if shape == "-d @FILE" and b"\0" in content:
            # Older versions of curl drop the rest of a line after a NUL, newer ones only the NUL.
            theirs = dataclasses.replace(theirs, body=content.translate(None, b"\0\r\n"))
        check_same(ours, theirs)


FIELDS = [
    "-F f=@FILE",
    "-F f=<FILE",
    "-F f=@FILE;filename=x.png",
    '-F f=@FILE;filename="a;b \\"c\\" .x"',
    "-F f=@FILE;type=a/b;x=y;filename=z",
    "-F f=<FILE;type=text/html;charset=utf-8",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("shape", FIELDS)
def test_field_from_any_source_is_sent_as_curl_sends_it(
    shape: str, source: str, server: Server, tmp_path: Path
) -> None:
    for name, content in CONTENTS.items():
        with SOURCES[source](tmp_path, content) as origin:
            ours = sent_by_us(server, option_of(shape, origin), origin)
        if name in {"200 KB", "every byte"} and source != BY_NAME:
            assert isinstance(ours, str)
            assert ("curl takes no line above 100 KB" if name == "200 KB" else "holds a NUL byte") in ours
            continue
        with SOURCES[source](tmp_path, content) as origin:
            check_same(ours, sent_by_curl(server, option_of(shape, origin), origin))


@pytest.mark.parametrize("source", SOURCES)
def test_json_from_any_source_is_sent_as_curl_sends_it(source: str, server: Server, tmp_path: Path) -> None:
    for name, content in JSON.items():
        with SOURCES[source](tmp_path, content) as origin:
            ours = sent_by_us(server, option_of("--json @FILE", origin), origin)
        if name == "200 KB":
            assert isinstance(ours, str)
            assert "curl takes no line above 100 KB" in ours
            continue
        with SOURCES[source](tmp_path, content) as origin:
            check_same(ours, sent_by_curl(server, option_of("--json @FILE", origin), origin))


@pytest.mark.parametrize("text", [text for text in TEXTS.values() if len(text) < 1000], ids=list(TEXTS)[:4])
def test_value_in_an_argument_is_sent_as_curl_sends_it(text: bytes, server: Server) -> None:
    quoted = text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    for options in [
        [b"-d", b"x" + text],
        [b"--data-urlencode", b"n=" + text],
        [b"--data-urlencode", b"=" + text],
        [b"--data-urlencode", text.replace(b"@", b"").replace(b"=", b"")],
        [b"-F", b'f="' + quoted + b'"'],
        [b"-F", b"f=x" + text.replace(b";", b"")],
        [b"-F", b'f="' + quoted + b'";filename=a.txt'],
    ]:
        origin = Origin("")
        check_same(sent_by_us(server, options, origin), sent_by_curl(server, options, origin))


OTHER_OPTIONS: list[list[str]] = [
    [],
    ["-H", 'X-Note: a "b" \\ c', "-H", "Accept;", "-H", "User-Agent:", "-H", "x-empty;"],
    ["-X", "DELETE"],
    ["-X", "PUT", "-d", "a=1"],
    ["-X", "PUT", "-F", "a=1"],
    ["-X", "PUT", "-F", "a=@/dev/null", "-F", "b=</dev/stdin"],
    ["-X", "PUT", "-d", "a=1", "-H", "Content-Type: text/plain"],
    ["-X", "PUT", "--json", "{}"],
    ["-X", "GET", "-d", "a=1"],
    ["-X", "DELETE", "--data-urlencode", "a=b c"],
    ["-d", "", "-d", "", "-d", "a=1"],
    ["-d", "a=1", "--data-urlencode", "b=2 3", "-d", "c=4"],
    ["--data-urlencode", "a b"],
    ["-F", "a=1", "-F", "a= 2 ", "-F", 'b="3;4"', "-F", "c=5;type=text/plain"],
    ["--json", '{"a":', "--json", "1}"],
    ["--json", "{}", "-H", "Content-Type: application/json; charset=utf-8", "-H", "Accept:"],
    ["-d", '{"a":1}', "-H", "content-type: application/json"],
]


@pytest.mark.parametrize("options", OTHER_OPTIONS, ids=" ".join)
def test_methods_headers_and_order_of_options_are_those_of_curl(options: list[str], server: Server) -> None:
    check_same(sent_by_us(server, options, Origin("")), sent_by_curl(server, options, Origin("")))


@pytest.mark.parametrize(
    "options", [["-d", "@-", "-d", "@-"], ["-d", "@-", "--data-urlencode", "a@/dev/stdin"]], ids=str
)
def test_input_that_is_named_twice_is_sent_as_curl_sends_it(options: list[str], server: Server, tmp_path: Path) -> None:
    for is_regular in (False, True):
        with stdin("-", is_regular)(tmp_path, b"a=1") as origin:
            ours = sent_by_us(server, options, origin)
        with stdin("-", is_regular)(tmp_path, b"a=1") as origin:
            check_same(ours, sent_by_curl(server, options, origin))


def test_configuration_names_a_file_and_holds_the_content_of_a_shells_pipe(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a=1")
    script = '"$0" request -d "@file" -d @<(echo b=2) "$1"'
    done = subprocess.run(
        ["bash", "-c", script, BINARY, server.url], env=KEYS, cwd=tmp_path, capture_output=True, check=True, timeout=60
    )
    assert done.stdout.decode().splitlines()[-2:] == ['data = "@file"', 'data-raw = "b=2"']


def test_file_in_proc_is_refused(server: Server) -> None:
    for path in ["/proc/self/environ", "/proc/thread-self/status"]:
        for shape in ["-d @FILE", "--data-urlencode n@FILE", "-F f=@FILE", "--json @FILE"]:
            ours = sent_by_us(server, option_of(shape, Origin(path)), Origin(path))
            assert ours == (
                f"kayako-sign: cannot read '{path}': a file in /proc differs for each process, so curl would "
                "send something else. Copy it to another place first.\n"
            )


def test_control_requests_that_differ_are_reported(server: Server) -> None:
    ours = sent_by_us(server, ["-d", "a=1"], Origin(""))
    assert isinstance(ours, Sent)
    for other in [["-d", "a=2"], ["-d", "a=1", "-H", "X: y"], ["-X", "PUT", "-d", "a=1"]]:
        assert ours.difference(sent_by_curl(server, other, Origin(""))) != ""
