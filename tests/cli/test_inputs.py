"""No input is used both for a key and for something else, because the secret key would then be sent as data."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from command import BINARY, DONE, FAILED, KEYS, SECRET_KEY, Argument, check, failure, run

URL = "https://help.example.com/api/index.php?/Base/User/1"
NO_SECRET_KEY = {"KAYAKO_API_KEY": "apikey"}

#: Every option of `request` that names a file, except those of the keys.
BODIES: dict[str, Callable[[str], list[str]]] = {
    "-d": lambda name: ["-d", f"@{name}"],
    "-d, second": lambda name: ["-d", "a=1", "-d", f"@{name}"],
    "--data-urlencode": lambda name: ["--data-urlencode", f"@{name}"],
    "--data-urlencode, with a name": lambda name: ["--data-urlencode", f"n@{name}"],
    "--json": lambda name: ["--json", f"@{name}"],
    "-F, as a file": lambda name: ["-F", f"f=@{name}"],
    "-F, as a value": lambda name: ["-F", f"f=<{name}"],
}
every_body = pytest.mark.parametrize("body", BODIES)

#: The names of standard input.
STDIN = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", "/proc/thread-self/fd/0"]


def shown(name: str | Path) -> str:
    return "standard input" if name == "-" else f"'{name}'"


def refusal(first: str | Path, second: str | Path, roles: Sequence[str]) -> str:
    """Returns the message for two names of one input. `roles` says what each would have given."""
    both = f"cannot give both the {roles[0]} and the {roles[1]}. Name another file for one of them."
    same = first == second
    return failure(
        f"{shown(first)} {both}" if same else f"{shown(first)} and {shown(second)} are the same input, which {both}"
    )


def check_refused(
    arguments: Sequence[Argument],
    message: str,
    environment: dict[str, str] = NO_SECRET_KEY,
    stdin: bytes | int | None = None,
    pass_fds: Sequence[int] = (),
) -> None:
    for extra in [[], ["--format", "body"]] if arguments[0] == "request" else [[]]:
        result = run(*arguments, *extra, environment=environment, stdin=stdin, pass_fds=pass_fds)
        check(SECRET_KEY.encode() not in result.out + result.err.encode(), "the secret key is printed")
        assert (result.code, result.out, result.err) == (FAILED, b"", message)
        if isinstance(stdin, int):
            os.lseek(stdin, 0, os.SEEK_SET)


@every_body
@pytest.mark.parametrize("key_name", STDIN)
@pytest.mark.parametrize("body_name", STDIN)
@pytest.mark.parametrize("option", ["--secret-key-file", "--api-key-file"])
def test_standard_input_cannot_give_both_a_key_and_the_body(
    body: str, key_name: str, body_name: str, option: str
) -> None:
    arguments: list[Argument] = ["request", option, key_name, *BODIES[body](body_name), URL]
    role = "secret key" if "secret" in option else "API key"
    message = refusal(key_name, body_name, [role, "body"])
    check_refused(arguments, message, environment=KEYS, stdin=SECRET_KEY.encode())


@every_body
def test_redirected_standard_input_cannot_give_both_a_key_and_the_body(body: str, secret_file: Path) -> None:
    with secret_file.open("rb") as redirected:
        for key_name, body_name in [("/dev/stdin", "-"), ("-", "/dev/stdin"), (str(secret_file), "-")]:
            arguments: list[Argument] = ["request", "--secret-key-file", key_name, *BODIES[body](body_name), URL]
            message = refusal(key_name, body_name, ["secret key", "body"])
            check_refused(arguments, message, stdin=redirected.fileno())


@every_body
def test_file_of_a_key_cannot_give_the_body_under_any_name(body: str, secret_file: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(secret_file)
    (tmp_path / "hard link").hardlink_to(secret_file)
    (tmp_path / "folder").symlink_to(tmp_path)
    with secret_file.open("rb") as inherited:
        descriptor = f"/dev/fd/{inherited.fileno()}"
        for name in ["secret.key", "link", "hard link", "./secret.key", "folder/secret.key", descriptor]:
            path = name if name == descriptor else f"{tmp_path}/{name}"
            arguments: list[Argument] = ["request", "--secret-key-file", secret_file, *BODIES[body](path), URL]
            message = refusal(str(secret_file), path, ["secret key", "body"])
            check_refused(arguments, message, pass_fds=[inherited.fileno()])


@pytest.mark.parametrize("api_name", STDIN)
@pytest.mark.parametrize("secret_name", STDIN)
def test_standard_input_cannot_give_both_keys(api_name: str, secret_name: str) -> None:
    keys: list[Argument] = ["--api-key-file", api_name, "--secret-key-file", secret_name]
    for command in [["sign"], ["verify", "--salt", "1", "x"], ["request", URL], ["check", os.devnull]]:
        check_refused(
            [*command, *keys], refusal(api_name, secret_name, ["API key", "secret key"]), stdin=b"secretkey\n"
        )


def test_file_cannot_give_both_keys(secret_file: Path, tmp_path: Path) -> None:
    (tmp_path / "api.key").hardlink_to(secret_file)
    for api_file in [secret_file, tmp_path / "api.key"]:
        keys: list[Argument] = ["--api-key-file", api_file, "--secret-key-file", secret_file]
        check_refused(["sign", *keys], refusal(api_file, secret_file, ["API key", "secret key"]))


@every_body
def test_pipe_of_a_shell_cannot_give_both_a_key_and_the_body(body: str) -> None:
    script = 'exec 5< <(echo secretkey) 6<&5; exec "$0" "$@"'
    arguments: list[Argument] = ["request", "--secret-key-file", "/dev/fd/5", *BODIES[body]("/dev/fd/6"), URL]
    done = subprocess.run(
        ["bash", "-c", script, BINARY, *arguments], env=NO_SECRET_KEY, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (FAILED, b"")
    assert done.stderr.decode() == refusal("/dev/fd/5", "/dev/fd/6", ["secret key", "body"])


def test_input_that_gives_no_key_may_be_named_twice(tmp_path: Path, secret_file: Path) -> None:
    (tmp_path / "form").write_text("a=1")
    form = f"@{tmp_path / 'form'}"
    assert run("request", "-d", form, "-d", form, "-d", "@-", "-d", "@-", URL, stdin=b"b=2").code == DONE
    # Two files with the same content are two inputs.
    (tmp_path / "copy").write_text(SECRET_KEY)
    both: list[Argument] = ["--api-key-file", tmp_path / "copy", "--secret-key-file", secret_file]
    assert run("sign", *both, environment={}).code == DONE


def test_key_from_one_pipe_and_body_from_others_are_accepted() -> None:
    script = '"$0" request --secret-key-file <(echo secretkey) -d @<(echo a=1) -d @- "$1"'
    done = subprocess.run(
        ["bash", "-c", script, BINARY, URL], env=NO_SECRET_KEY, input=b"b=2", capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (DONE, b"")
    assert done.stdout.decode().splitlines()[-2:] == ['data-raw = "a=1"', 'data-raw = "b=2"']
