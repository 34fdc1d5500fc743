"""While the command holds a secret, its memory is bounded, and no process list or core dump shows the secret."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("KAYAKO_SIGN_COMMAND", ROOT / "target/release/kayako-sign")).resolve()
SECRET_KEY = "a-secret-that-nobody-else-has"
KEYS = {"KAYAKO_API_KEY": "apikey", "KAYAKO_SECRET_KEY": SECRET_KEY}

GIBIBYTE = 1 << 30
ENOUGH = 64 << 20
NOBODY = 65534


def feed(process: subprocess.Popen[bytes], total: int) -> None:
    """Writes all of it, or until the reader closes the pipe."""
    piece = b"x" * (1 << 20)
    assert process.stdin is not None
    try:
        for _ in range(total // len(piece)):
            process.stdin.write(piece)
    except BrokenPipeError:
        pass
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()


def peak_of(command: list[str]) -> tuple[int, int]:
    """Feed a gibibyte to a command; return its exit status and the most memory it had, in bytes."""
    process = subprocess.Popen(
        command, env=KEYS, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    feed(process, GIBIBYTE)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss * 1024


@pytest.mark.parametrize(
    "arguments",
    [
        ["sign", "--secret-key-file", "-"],
        ["sign", "--api-key-file", "-"],
        ["verify", "--secret-key-file", "-", "--salt", "1", "x"],
        ["check", "-"],
    ],
    ids=" ".join,
)
def test_a_gibibyte_on_standard_input_is_refused_in_little_memory(arguments: list[str]) -> None:
    code, peak = peak_of([str(BINARY), *arguments])
    assert code == 2
    assert peak < ENOUGH


def test_control_a_program_that_reads_all_of_its_input_takes_more_memory() -> None:
    code, peak = peak_of([sys.executable, "-c", "import sys; sys.stdin.buffer.read(200 << 20)"])
    assert code == 0
    assert peak > ENOUGH


@contextmanager
def waiting(command: list[str], folder: Path) -> Iterator[int]:
    """Runs a command as the user nobody, and waits until it has read the secret and waits for more input."""
    as_root = os.geteuid() == 0
    environment = {"KAYAKO_API_KEY": "apikey", "PATH": os.environ["PATH"]}
    with subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=NOBODY if as_root else None,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (GIBIBYTE, GIBIBYTE)),
    ) as process:
        assert process.stdin is not None
        process.stdin.write(SECRET_KEY.encode())
        process.stdin.flush()
        # When it sleeps in the next read, it has read the secret.
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not is_reading(process.pid):
            time.sleep(0.005)
        assert is_reading(process.pid)
        try:
            yield process.pid
        finally:
            process.kill()


def is_reading(pid: int) -> bool:
    """Returns whether the process sleeps in a read from the empty pipe."""
    shown = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return shown[0] == "S" and "pipe" in Path(f"/proc/{pid}/wchan").read_text()


def can_be_dumped(pid: int) -> bool:
    """Returns whether the kernel would write a core of a process: if not, the process's files in /proc are root's."""
    return Path(f"/proc/{pid}/environ").stat().st_uid != 0


@pytest.fixture
def reachable() -> Iterator[Path]:
    """Gives a copy of the command that the user nobody can run."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(shutil.copy(BINARY, folder))


def test_no_core_is_written_while_it_holds_a_secret(reachable: Path) -> None:
    with waiting([str(reachable), "sign", "--secret-key-file", "-"], reachable.parent) as pid:
        assert not can_be_dumped(pid)


def test_control_a_core_of_another_command_is_written(reachable: Path) -> None:
    with waiting(["cat"], reachable.parent) as pid:
        assert can_be_dumped(pid)


def test_the_list_of_processes_does_not_show_the_secret(reachable: Path) -> None:
    with waiting([str(reachable), "sign", "--secret-key-file", "-"], reachable.parent) as pid:
        for file in ("cmdline", "comm", "stat", "environ", "maps"):
            assert SECRET_KEY.encode() not in Path(f"/proc/{pid}/{file}").read_bytes()
