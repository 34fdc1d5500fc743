"""The completions work in an interactive bash, and the files for zsh and fish name the command."""

from __future__ import annotations

import os
import pty
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

CTRL_G = "\a"
SETUP = r"""
. /usr/share/bash-completion/bash_completion
bind 'set show-all-if-ambiguous on'
bind -x '"\C-g": printf "<%s>\n" "$READLINE_LINE"'
echo READY$((1))
"""


class Shell:
    """An interactive bash in a terminal, with the completions of an installed tree. Ctrl-G prints the current line."""

    def __init__(self, tree: Path) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            environment = {
                "PATH": f"{tree}/bin:/usr/bin:/bin",
                "XDG_DATA_DIRS": f"{tree}/share",
                "TERM": "dumb",
                "PS1": "",
            }
            os.execve("/bin/bash", ["bash", "--norc", "--noprofile", "-i"], environment)
        self.type(SETUP)
        self.read_until("READY1")

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def read_until(self, end: str) -> str:
        read = ""
        deadline = time.monotonic() + 20
        while end not in read:
            ready, _, _ = select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"bash did not print {end!r}, but this: {read!r}"
            read += os.read(self.terminal, 65536).decode()
        return read.replace("\r\n", "\n")

    def tab(self, typed: str) -> tuple[list[str], str]:
        """Returns the words that the tab key lists after the typed text, and the completed line."""
        self.type(f"{typed}\t{CTRL_G}")
        before, line = self.read_until(">\r\n").partition(">\n")[0].rsplit("<", 1)
        # The list is between the typed line and the line that bash prints after it.
        return "\n".join(before.splitlines()[1:-1]).split(), line

    def close(self) -> None:
        os.close(self.terminal)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


@pytest.fixture
def shell(tree: Path) -> Iterator[Shell]:
    shell = Shell(tree)
    yield shell
    shell.close()


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("kayako-sign si", "kayako-sign sign "),
        ("kayako-sign sign --for", "kayako-sign sign --format "),
        ("kayako-sign sign --format j", "kayako-sign sign --format json "),
        ("kayako-sign completions z", "kayako-sign completions zsh "),
    ],
)
def test_bash_completes_the_only_word(shell: Shell, typed: str, line: str) -> None:
    assert shell.tab(typed)[1] == line


def test_bash_lists_all_possible_words(shell: Shell) -> None:
    listed, line = shell.tab("kayako-sign sign --format ")
    assert (listed, line) == (["query", "urlencoded", "base64", "json"], "kayako-sign sign --format ")


def test_zsh_and_fish_files_name_the_command(prefix: Path) -> None:
    zsh = (prefix / "share/zsh/site-functions/_kayako-sign").read_text()
    fish = (prefix / "share/fish/vendor_completions.d/kayako-sign.fish").read_text()
    assert zsh.startswith("#compdef kayako-sign\n")
    assert "complete -c kayako-sign " in fish
