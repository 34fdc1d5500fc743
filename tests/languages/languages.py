"""The languages that have an example, with the commands that build and run it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "bindings/examples"
DRIVERS = Path(__file__).parent
KEYS = {"KAYAKO_API_KEY": "apikey", "KAYAKO_SECRET_KEY": "secretkey"}
JNA = "/usr/share/java/jna.jar"


@dataclass(frozen=True)
class Language:
    """A language. Its commands run in a folder with all examples and drivers; `{lib}` is the folder of the library."""

    name: str
    example: str
    driver: str
    run: str
    run_driver: str
    build: str = "true"
    build_driver: str = "true"

    def __str__(self) -> str:
        return self.name


LANGUAGES = [
    Language(
        "Ruby", "kayako_sign.rb", "driver.rb", "ruby -w kayako_sign.rb", "EXAMPLE=./kayako_sign.rb ruby driver.rb"
    ),
    Language("Perl", "kayako_sign.pl", "driver.pl", "perl kayako_sign.pl", "EXAMPLE=./kayako_sign.pl perl driver.pl"),
    Language(
        "Java",
        "KayakoSign.java",
        "Driver.java",
        f"java -Djna.library.path={{lib}} -cp .:{JNA} KayakoSign",
        f"java -Djna.library.path={{lib}} -cp .:{JNA} Driver",
        f"javac -Xlint:all,-serial -Werror -cp {JNA} KayakoSign.java",
        f"javac -Xlint:all,-serial -Werror -cp {JNA} KayakoSign.java Driver.java",
    ),
    Language(
        "C#",
        "KayakoSign.cs",
        "Driver.cs",
        "mono KayakoSign.exe",
        "mono Driver.exe",
        "mcs -warn:4 -warnaserror KayakoSign.cs",
        "mcs -warn:4 -warnaserror -r:System.Core -main:Driver -out:Driver.exe Driver.cs KayakoSign.cs",
    ),
    Language(
        "Go",
        "kayako_sign.go",
        "driver_test.go",
        "./kayako_sign",
        "./driver",
        "go vet kayako_sign.go && go build kayako_sign.go",
        "go test -c -o driver kayako_sign.go driver_test.go",
    ),
    Language("Lua", "kayako_sign.lua", "driver.lua", "luajit kayako_sign.lua", "luajit driver.lua"),
]


class User:
    """A user who has installed the library below `prefix`, and works in `folder`."""

    def __init__(self, folder: Path, prefix: Path) -> None:
        self.folder = folder
        self.prefix = prefix
        for language in LANGUAGES:
            shutil.copy(EXAMPLES / language.example, folder)
            shutil.copy(DRIVERS / language.driver, folder)
        self.environment = {
            **os.environ,
            **KEYS,
            "LD_LIBRARY_PATH": f"{prefix}/lib",
            "PKG_CONFIG_PATH": f"{prefix}/lib/pkgconfig",
            "GOCACHE": str(prefix / "go"),
            "GO111MODULE": "off",
        }

    def run(self, command: str, given: str = "") -> str:
        """Returns the output of a command, which must succeed and print no message."""
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", command.replace("{lib}", f"{self.prefix}/lib")],
            cwd=self.folder,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert (done.returncode, done.stderr) == (0, ""), f"{command}\n{done.stderr}"
        return done.stdout

    def call(self, language: Language, calls: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, str]]:
        """Makes calls of the example. Yields for each its status, and the text or the message of the status."""
        lines = ["\t".join(call) for call in calls]
        answers = self.run(language.run_driver, "".join(f"{line}\n" for line in lines)).splitlines()
        assert len(answers) == len(calls), f"{len(calls)} calls have {len(answers)} answers"
        for answer in answers:
            status, _, text = answer.partition("\t")
            yield int(status), bytes.fromhex(text).decode()
