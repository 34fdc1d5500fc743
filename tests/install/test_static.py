"""The command is linked statically if the machine can do that, and then needs no shared library."""

from __future__ import annotations

import os
from pathlib import Path

from installation import ROOT, output, run

SCRIPT = ROOT / "packaging/static.sh"

#: A compiler on a machine without libc.a.
WITHOUT_LIBC = """#!/bin/sh
for argument do
    case $argument in -static*) echo "cannot find -lc" >&2; exit 1 ;; esac
done
exec "{cc}" "$@"
"""


def test_the_command_needs_no_library_and_no_loader(prefix: Path) -> None:
    command = prefix / "bin/kayako-sign"
    assert "NEEDED" not in output("readelf", "--dynamic", command)
    assert "INTERP" not in output("readelf", "--program-headers", command)


def test_the_script_prints_a_message_and_no_flag_without_a_static_libc(tmp_path: Path) -> None:
    compiler = tmp_path / "cc"
    compiler.write_text(WITHOUT_LIBC.format(cc=output("which", "cc").strip()))
    compiler.chmod(0o755)
    done = run(SCRIPT, environment={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("The command is linked dynamically, because static linking is impossible here")


def test_control_the_script_prints_the_flag_on_this_machine() -> None:
    done = run(SCRIPT)
    assert (done.stdout, done.stderr) == ("-C target-feature=+crt-static\n", "")
