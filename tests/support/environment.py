"""Makes a new virtual environment and installs the package in it."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
import venv
from pathlib import Path

import kayako_sign

SIGN = """
import importlib.metadata, json, kayako_sign
with kayako_sign.Signer("apikey", "secretkey") as signer:
    print(json.dumps({
        "signature": signer.sign("1234567890"),
        "version": kayako_sign.__version__,
        "installed": importlib.metadata.version("kayako-sign"),
        "file": kayako_sign.__file__,
    }))
"""


class Environment:
    """A new virtual environment. It uses the pip and the build tools of the tests, so nothing is downloaded."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        self.folder = folder
        venv.create(folder, symlinks=os.name != "nt")

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("KAYAKO_SIGN_LIBRARY", "PYTHONPATH")}
        return subprocess.run(
            [str(self.python), *arguments],
            cwd=self.folder,
            env={**kept, **variables},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def install(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        pip = ("-m", "pip", "install", "--no-index", "--no-build-isolation", "--no-deps")
        return self.run(*pip, *arguments, PYTHONPATH=sysconfig.get_path("purelib"), **variables)


def signs(environment: Environment) -> Path:
    """Checks that the installed package signs, and returns the folder that it was imported from."""
    done = environment.run("-c", SIGN)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["signature"] == "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0="
    assert answer["version"] == answer["installed"] == kayako_sign.__version__
    return Path(answer["file"]).parent
