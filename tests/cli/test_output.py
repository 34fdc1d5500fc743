"""The command fails if it cannot write its output."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from command import BINARY, DONE, FAILED, KEYS, REFUSED, SALT, SIGNATURE, URL, failure, write_to

WRITERS = [
    ("sign",),
    ("sign", "--count", "100000"),
    ("request", URL),
    ("request", URL, "--format", "url"),
    ("request", URL, "-d", "a=" + "1" * 90_000),
    ("request", URL, "-d", "a=" + "1" * 90_000, "--format", "body"),
    ("verify", "--salt", SALT, SIGNATURE),
    ("verify", "--salt", SALT, "wrong"),
    ("check",),
    ("salt", "--count", "100000"),
    ("completions", "zsh"),
    ("--help",),
    ("--version",),
]
every_writer = pytest.mark.parametrize("arguments", WRITERS, ids=lambda arguments: " ".join(arguments)[:90])


@every_writer
def test_full_disk_is_an_error(arguments: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        result = write_to(full, *arguments)
    assert result.code == FAILED
    assert result.err == failure("cannot write to standard output: No space left on device (os error 28)")


@every_writer
def test_closed_pipe_ends_the_command_without_a_message(arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = write_to(writer, *arguments)
    finally:
        os.close(writer)
    assert (result.code, result.err) == (FAILED, "")


@pytest.mark.parametrize("descriptor", [0, 2])
def test_sign_works_with_standard_input_or_standard_error_closed(descriptor: int) -> None:
    script = f'exec "$0" sign --count 1000 {descriptor}>&-'
    done = subprocess.run(["sh", "-c", script, BINARY], env=KEYS, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (DONE, b"")


@every_writer
@pytest.mark.parametrize("closed", ["1>&-", "0<&- 1>&-"])
def test_closed_standard_output_is_an_error(arguments: tuple[str, ...], closed: str) -> None:
    script = f'exec "$0" "$@" {closed}'
    done = subprocess.run(["sh", "-c", script, BINARY, *arguments], env=KEYS, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (FAILED, b"")
    assert done.stderr.decode() == failure("cannot write to standard output: it is closed")


@every_writer
@pytest.mark.parametrize("place", ["/dev/null", "file", "pipe"])
def test_standard_output_that_is_open_for_reading_only_is_an_error(
    arguments: tuple[str, ...], place: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    reader, writer = os.pipe()
    other = os.open(tmp_path / place, os.O_RDONLY) if place != "pipe" else os.dup(reader)
    result = write_to(other, *arguments)
    for descriptor in (reader, writer, other):
        os.close(descriptor)
    assert result.code == FAILED
    assert result.err == failure("cannot write to standard output: it is open for reading only")


@every_writer
@pytest.mark.parametrize("flags", [os.O_WRONLY, os.O_RDWR], ids=["for writing", "for reading and writing"])
def test_output_to_dev_null_succeeds(arguments: tuple[str, ...], flags: int) -> None:
    null = os.open("/dev/null", flags)
    result = write_to(null, *arguments)
    os.close(null)
    assert result.code == (REFUSED if "wrong" in arguments else DONE)
    assert "standard output" not in result.err


def test_exit_code_is_kept_if_the_message_cannot_be_written() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([BINARY, "sign", "--salt", "0"], env=KEYS, stderr=full, timeout=60)
    assert done.returncode == FAILED
