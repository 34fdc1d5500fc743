"""Help, completions, and the messages for a wrong command line."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from command import DONE, FAILED, KEYS, SALT, URL, run

COMMANDS = ["sign", "request", "verify", "check", "helpdesk", "salt", "completions"]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example_and_its_exit_codes(command: str) -> None:
    result = run(command, "--help", environment={})
    assert (result.code, result.err) == (DONE, "")
    text = result.out.decode()
    assert f"\nUsage: kayako-sign {command}" in text
    assert "\nExample:\n  $ " in text
    assert f"kayako-sign {command}" in text.split("\nExample:\n")[1]
    assert "\nExit codes:\n  0  " in text
    assert run("help", command).out.splitlines()[:3] == result.out.splitlines()[:3]


@pytest.mark.parametrize("command", ["sign", "request", "verify", "check", "helpdesk"])
def test_help_of_a_command_names_the_variables_that_it_reads(command: str) -> None:
    text = run(command, "--help").out.decode()
    assert all(variable in text for variable in KEYS)


def test_lines_of_the_help_have_at_most_100_characters() -> None:
    lines = [line for name in COMMANDS for line in run(name, "--help").lines]
    assert [line for line in lines if len(line) > 100] == []


def test_example_in_the_help_of_verify_prints_what_it_says() -> None:
    example = run("verify", "--help").out.decode().split("\nExample:\n")[1]
    arguments = example.split("--salt ")[1].split()
    assert run("verify", "--salt", *arguments[:2]).out.decode() == arguments[2] + "\n"


def test_without_a_command_the_usage_is_on_standard_error() -> None:
    result = run()
    assert (result.code, result.out) == (FAILED, b"")
    assert "\nUsage: kayako-sign <COMMAND>\n" in result.err


def test_version_is_one_line() -> None:
    (line,) = run("--version").lines
    assert line.startswith("kayako-sign ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("hunter2",),
        ("help", "hunter2"),
        ("sign", "hunter2"),
        ("sign", "--secret-key", "hunter2"),
        ("sign", "--secret-key=hunter2"),
        ("sign", "--secret-key-hunter2"),
        ("sign", "--secret=hunter2"),
        ("sign", "-khunter2"),
        ("sign", b"-\xffhunter2"),
        ("sign", b"--\xffhunter2"),
        ("sign", "--\x1b[31mhunter2"),
        ("sign", "--format", "hunter2"),
        ("sign", "--format", b"\xffhunter2"),
        ("sign", "--count", "hunter2"),
        ("request",),
        ("request", URL, "hunter2"),
        ("request", "--request-method=hunter2"),
        ("request", "--format=hunter2", URL),
        ("request", "-X", "hunter2", URL),
        ("request", "-H", "hunter2", URL),
        ("request", "-F", "hunter2", URL),
        ("request", "-F", "hunter2=a;hunter2", URL),
        ("request", "--json", "hunter2", URL),
        ("request", "-d", "hunter2", "-F", "hunter2", URL),
        ("request", "hunter2"),
        ("check", "file", "hunter2"),
        ("check", "--hunter2"),
        ("helpdesk", "--listen", "hunter2"),
        ("helpdesk", "--web=hunter2"),
        ("verify", "--salt", SALT, "signature", "hunter2"),
        ("verify", "--salt", SALT, "--", "signature", "--hunter2"),
        ("salt", "--ten-digits=hunter2"),
        ("completions", "hunter2"),
        ("--help=hunter2",),
    ],
    ids=repr,
)
def test_message_about_a_wrong_command_line_repeats_no_value(arguments: tuple[str | bytes, ...]) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (FAILED, b"")
    assert result.err.startswith("kayako-sign: ")
    assert "unter" not in result.err
    assert "\x1b" not in result.err


def test_unknown_option_is_named_with_a_similar_one() -> None:
    result = run("sign", "--secret-key", "hunter2")
    assert "unexpected argument '--secret-key' found" in result.err
    assert "'--secret-key-file'" in result.err


def test_mistyped_command_is_named_with_a_similar_one() -> None:
    assert "a similar subcommand exists: 'verify'" in run("verfy").err


@pytest.mark.parametrize("shell", ["bash", "elvish", "fish", "powershell", "zsh"])
def test_completions_contain_every_command_and_option(shell: str) -> None:
    result = run("completions", shell, environment={})
    assert (result.code, result.err) == (DONE, "")
    script = result.out.decode()
    options = ["salt", "format", "count", "api-key-file", "secret-key-file", "ten-digits"]
    options += ["request", "header", "data", "data-urlencode", "form", "json"]
    assert [name for name in [*COMMANDS, *options] if name not in script] == []


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        (["ver"], ["verify"]),
        (["sign", "--f"], ["--format"]),
        (["sign", "--format", "j"], ["json"]),
        (["request", "--da"], ["--data", "--data-urlencode"]),
        (["request", "--format", ""], ["curl", "url", "body"]),
        (["helpdesk", "--web", ""], ["plain", "rewrite"]),
        (["check", "--a"], ["--api-key-file"]),
        (["verify", "--"], ["--salt", "--api-key-file", "--secret-key-file", "--help"]),
        (["salt", "--"], ["--ten-digits", "--count", "--help"]),
        (["completions", "z"], ["zsh"]),
    ],
    ids=str,
)
def test_bash_completes_the_typed_words(typed: list[str], completed: list[str], tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_bytes(run("completions", "bash").out)
    subprocess.run(["bash", "-n", script], check=True)
    # Bash gives a completion function the words of the line, and as arguments the command, the last word and the one
    # before it.
    line = ["kayako-sign", *typed]
    press_tab = f"""
        source "$0"; registered=($(complete -p kayako-sign))
        COMP_WORDS=({shlex.join(line)}) COMP_CWORD={len(typed)}
        "${{registered[-2]}}" {shlex.join([line[0], line[-1], line[-2]])}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", press_tab, script], capture_output=True, check=True)
    assert done.stdout.decode().split() == completed
