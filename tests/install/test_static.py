"""The command brings the C library along, where a machine can link it so, and needs that of no machine."""

from __future__ import annotations

import os
from pathlib import Path

from installation import ROOT, output, run

SCRIPT = ROOT / "packaging/static.sh"

#: A compiler where libc.a is missing.
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


def test_without_a_static_libc_there_is_no_flag_and_a_message(tmp_path: Path) -> None:
    compiler = tmp_path / "cc"
    compiler.write_text(WITHOUT_LIBC.format(cc=output("which", "cc").strip()))
    compiler.chmod(0o755)
    done = run(SCRIPT, environment={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("The command is linked dynamically, because static linking is impossible here")


def test_control_here_the_flag_is_given() -> None:
    done = run(SCRIPT)
    assert (done.stdout, done.stderr) == ("-C target-feature=+crt-static\n", "")
