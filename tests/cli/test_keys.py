"""The command takes its keys from the environment or from files, and refuses unsafe ones."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Union
from urllib.parse import quote

import pytest

from command import (
    BINARY,
    DONE,
    FAILED,
    KEYS,
    SALT,
    SECRET_KEY,
    SIGNATURE,
    Argument,
    Result,
    check,
    failure,
    run,
    signature_of,
)

Environment = Mapping[str, Union[str, bytes]]

ONLY_API_KEY = {"KAYAKO_API_KEY": "apikey"}
ONLY_SECRET_KEY = {"KAYAKO_SECRET_KEY": SECRET_KEY}


def sign(*options: Argument, environment: Environment = ONLY_API_KEY, stdin: bytes | int | None = None) -> Result:
    return run("sign", "--salt", SALT, "--format", "base64", *options, environment=environment, stdin=stdin)


def check_signed(result: Result, secret_key: str = SECRET_KEY) -> None:
    assert (result.code, result.err) == (DONE, "")
    check(
        result.out.rstrip() == signature_of(secret_key.encode(), SALT.encode()),
        "the signature was made with another key",
    )


def check_refused(result: Result, message: str) -> None:
    assert (result.code, result.out, result.err) == (FAILED, b"", failure(message))


def widest_mode(file: Path) -> str:
    """Returns the widest mode that the command allows for a file of this owner."""
    return "640" if file.stat().st_uid == 0 else "600"


# Accepted


def test_keys_are_read_from_the_environment() -> None:
    check_signed(sign(environment=KEYS))


def test_files_take_precedence_over_the_environment(secret_file: Path, tmp_path: Path) -> None:
    api_file = tmp_path / "api.key"
    api_file.write_text("from a file")
    elsewhere = {"KAYAKO_API_KEY": "elsewhere", "KAYAKO_SECRET_KEY": "elsewhere"}
    check_signed(sign("--secret-key-file", secret_file, environment=elsewhere))
    out = run("sign", "--salt", SALT, "--api-key-file", api_file).out
    check(out.startswith(b"apikey=from%20a%20file&"), "another API key")


one_newline = pytest.mark.parametrize(
    ("content", "key"),
    [
        ("key", "key"),
        ("key\n", "key"),
        ("key\r\n", "key"),
        ("key\n\n", "key\n"),
        ("key\r\n\r\n", "key\r\n"),
        ("key\r", "key\r"),
        ("key \n", "key "),
        ("\nkey", "\nkey"),
        ("two\nlines", "two\nlines"),
    ],
)


@one_newline
def test_one_newline_at_the_end_of_a_file_is_dropped(secret_file: Path, content: str, key: str) -> None:
    secret_file.write_bytes(content.encode())
    check_signed(sign("--secret-key-file", secret_file), key)


@one_newline
def test_one_newline_at_the_end_of_a_variable_is_dropped(content: str, key: str) -> None:
    check_signed(sign(environment={**ONLY_API_KEY, "KAYAKO_SECRET_KEY": content}), key)
    out = run("sign", "--salt", SALT, environment={**ONLY_SECRET_KEY, "KAYAKO_API_KEY": content}).out
    check(out.startswith(f"apikey={quote(key, safe='')}&".encode()), "another API key")


def test_either_key_may_come_from_standard_input(tmp_path: Path) -> None:
    check_signed(sign("--secret-key-file", "-", stdin=SECRET_KEY.encode() + b"\n"))
    check_signed(sign("--api-key-file", "-", environment=ONLY_SECRET_KEY, stdin=b"apikey\n"))
    with (tmp_path / "redirected").open("w+b") as file:
        file.write(b"secretkey\n")
        file.seek(0)
        check_signed(sign("--secret-key-file", "-", stdin=file.fileno()))


def test_key_may_come_from_the_pipe_of_a_shell() -> None:
    script = '"$0" sign --salt "$1" --format base64 --secret-key-file <(echo secretkey)'
    done = subprocess.run(["bash", "-c", script, BINARY, SALT], env=ONLY_API_KEY, capture_output=True, timeout=60)
    check_signed(Result(done.returncode, done.stdout, done.stderr.decode()))


def test_newline_does_not_count_towards_the_longest_key(secret_file: Path, tmp_path: Path) -> None:
    api_file = tmp_path / "api.key"
    api_file.write_bytes(b"a" * 1024 + b"\r\n")
    secret_file.write_bytes(b"k" * 65536 + b"\r\n")
    check_signed(sign("--api-key-file", api_file, "--secret-key-file", secret_file, environment={}), "k" * 65536)


# Missing


def test_message_about_a_missing_key_says_where_to_put_it() -> None:
    check_refused(
        sign(environment=ONLY_API_KEY),
        "no secret key. Set KAYAKO_SECRET_KEY, or name a file with --secret-key-file.",
    )
    check_refused(
        sign(environment=ONLY_SECRET_KEY), "no API key. Set KAYAKO_API_KEY, or name a file with --api-key-file."
    )


def test_verify_needs_both_keys_too() -> None:
    result = run("verify", "--salt", SALT, SIGNATURE, environment=ONLY_API_KEY)
    check_refused(result, "no secret key. Set KAYAKO_SECRET_KEY, or name a file with --secret-key-file.")


# Encodings

MARK = "begins with a byte order mark, which is no part of it. Save it as UTF-8 without one."
UTF_16 = (
    "is UTF-16, as PowerShell writes it with >. Save it as UTF-8 without a byte order mark; in PowerShell: "
    "Set-Content -Encoding ascii"
)


@pytest.mark.parametrize(
    ("encoding", "rule"), [("utf-8-sig", MARK), ("utf-16", UTF_16), ("utf-16-be", UTF_16)], ids=["UTF-8", "LE", "BE"]
)
def test_key_with_a_byte_order_mark_is_refused_from_every_source(secret_file: Path, encoding: str, rule: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    content = f"{mark}{SECRET_KEY}\r\n".encode(encoding)
    secret_file.write_bytes(content)
    for option, name in [("--secret-key-file", "secret key"), ("--api-key-file", "API key")]:
        check_refused(sign(option, secret_file, environment=KEYS), f"the {name} in '{secret_file}' {rule}")
        check_refused(sign(option, "-", environment=KEYS, stdin=content), f"the {name} in standard input {rule}")
    if b"\0" not in content:
        for variable, name in [("KAYAKO_SECRET_KEY", "secret key"), ("KAYAKO_API_KEY", "API key")]:
            check_refused(sign(environment={**KEYS, variable: content}), f"the {name} in {variable} {rule}")


def test_byte_order_mark_that_is_not_at_the_start_is_part_of_the_key(secret_file: Path) -> None:
    secret_file.write_text("key\ufeff\n", encoding="utf-8")
    check_signed(sign("--secret-key-file", secret_file), "key\ufeff")


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n"])
def test_empty_file_is_refused(secret_file: Path, content: bytes) -> None:
    secret_file.write_bytes(content)
    place = f"(it was read from '{secret_file}')"
    check_refused(sign("--secret-key-file", secret_file), f"secret key: must not be empty {place}")
    check_refused(sign("--api-key-file", secret_file, environment=KEYS), f"API key: must not be empty {place}")


def test_empty_standard_input_is_refused() -> None:
    check_refused(
        sign("--secret-key-file", "-", stdin=b""), "secret key: must not be empty (it was read from standard input)"
    )


def test_file_longer_than_a_key_is_refused_before_all_of_it_is_read(secret_file: Path) -> None:
    os.truncate(secret_file, 1 << 40)
    check_refused(
        sign("--secret-key-file", secret_file),
        f"secret key: must not be longer than 65536 bytes (it was read from '{secret_file}')",
    )
    check_refused(
        sign("--api-key-file", secret_file, environment=KEYS),
        f"API key: must not be longer than 1024 bytes (it was read from '{secret_file}')",
    )


def test_directory_is_refused(tmp_path: Path) -> None:
    check_refused(
        sign("--secret-key-file", tmp_path), f"cannot read the secret key from '{tmp_path}': it is a directory"
    )


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_device_is_refused(device: str) -> None:
    rule = "it is a terminal or another device. Use a file or a pipe."
    check_refused(sign("--secret-key-file", device), f"cannot read the secret key from '{device}': {rule}")
    check_refused(sign("--api-key-file", device, environment=KEYS), f"cannot read the API key from '{device}': {rule}")


def test_terminal_is_refused_because_it_would_show_the_key() -> None:
    ours, theirs = pty.openpty()
    try:
        check_refused(
            sign("--secret-key-file", "-", stdin=theirs),
            "cannot read the secret key from standard input: it is a terminal or another device. Use a file or a pipe.",
        )
    finally:
        os.close(ours)
        os.close(theirs)


def test_missing_file_is_named_with_its_control_characters_escaped() -> None:
    check_refused(
        sign("--secret-key-file", "no\x1b[31m\n\u202e\xe9'\"\\file"),
        r"""cannot read the secret key from 'no\u{1b}[31m\n\u{202e}é'\''"\file': """
        "No such file or directory (os error 2)",
    )


# Permissions


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o601, 0o620, 0o610, 0o777])
def test_secret_key_that_others_may_access_is_refused(secret_file: Path, mode: int) -> None:
    secret_file.chmod(mode)
    check_refused(
        sign("--secret-key-file", secret_file),
        f"the secret key in '{secret_file}' is open to others (mode {mode:o}). "
        f"Run: chmod {widest_mode(secret_file)} '{secret_file}'",
    )


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_secret_key_that_only_its_owner_may_access_is_accepted(secret_file: Path, mode: int) -> None:
    secret_file.chmod(mode)
    check_signed(sign("--secret-key-file", secret_file))


def test_group_may_read_the_secret_key_only_if_root_owns_the_file(secret_file: Path) -> None:
    secret_file.chmod(0o640)
    assert sign("--secret-key-file", secret_file).code == (DONE if widest_mode(secret_file) == "640" else FAILED)
    if os.geteuid() == 0:
        os.chown(secret_file, 65534, 65534)
        assert sign("--secret-key-file", secret_file).code == FAILED


def test_command_in_the_message_corrects_the_permissions(tmp_path: Path) -> None:
    secret_file = tmp_path / 'it\'s $(touch spoiled) `touch spoiled` "a" \\ key'
    secret_file.write_text(SECRET_KEY)
    secret_file.chmod(0o644)
    command = sign("--secret-key-file", secret_file).err.rstrip("\n").split("Run: ")[1]
    assert shlex.split(command)[2] == str(secret_file)
    subprocess.run(["sh", "-c", command], check=True, cwd=tmp_path)
    assert os.listdir(tmp_path) == [secret_file.name]
    check_signed(sign("--secret-key-file", secret_file))


def test_permissions_of_a_link_are_those_of_its_target(secret_file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(secret_file)
    check_signed(sign("--secret-key-file", link))
    secret_file.chmod(0o644)
    assert sign("--secret-key-file", link).code == FAILED


def test_api_key_may_be_readable_by_others(tmp_path: Path) -> None:
    api_file = tmp_path / "api.key"
    api_file.write_text("apikey")
    api_file.chmod(0o644)
    check_signed(sign("--api-key-file", api_file, environment=ONLY_SECRET_KEY))


def test_no_key_is_in_the_list_of_processes() -> None:
    command = [str(BINARY), "sign", "--secret-key-file", "-"]
    with subprocess.Popen(command, env=KEYS, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as waiting:
        assert waiting.stdin is not None
        waiting.stdin.write(SECRET_KEY.encode())
        waiting.stdin.flush()
        # It is empty for a moment, while the command replaces the forked process.
        while not (shown := Path(f"/proc/{waiting.pid}/cmdline").read_bytes()):
            time.sleep(0.001)
    assert waiting.returncode == DONE
    assert shown == b"".join(word.encode() + b"\0" for word in command)
