"""pip installs the package from a clone, with the library in it and without any other set-up."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import kayako_sign
from environment import Environment, signs


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path / "environment")


@pytest.fixture
def package(repository: Path) -> Path:
    return repository / "bindings/python"


def test_pip_install_builds_the_library_into_the_package(environment: Environment, package: Path) -> None:
    done = environment.install(str(package))
    assert done.returncode == 0, done.stdout + done.stderr
    folder = signs(environment)
    assert environment.folder in folder.parents
    assert (folder / "py.typed").is_file()
    assert len([file for file in folder.iterdir() if file.suffix in (".so", ".dylib", ".dll")]) == 1


def test_an_editable_install_finds_its_library(environment: Environment, package: Path) -> None:
    source = package / "src/kayako_sign"
    before = set(source.iterdir())
    try:
        done = environment.install("--editable", str(package))
        assert done.returncode == 0, done.stdout + done.stderr
        assert signs(environment) == source
    finally:
        for file in set(source.iterdir()) - before - {source / "__pycache__"}:
            file.unlink()


def test_the_wheel_runs_on_any_python_of_its_platform(package: Path, tmp_path: Path) -> None:
    command = ["-m", "pip", "wheel", "--no-index", "--no-build-isolation", "--no-deps", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, *command, str(package)], capture_output=True, timeout=600, check=True)
    (wheel,) = tmp_path.iterdir()
    platform = re.escape(sysconfig.get_platform().partition("-")[0])
    assert re.fullmatch(rf"kayako_sign-{re.escape(kayako_sign.__version__)}-py3-none-{platform}_\w+\.whl", wheel.name)


def test_the_error_of_a_build_without_rust_names_cargo(environment: Environment, package: Path) -> None:
    done = environment.install(str(package), PATH="/nowhere")
    assert done.returncode != 0
    assert (
        "kayako-sign cannot be built: it is written in Rust, and there is no cargo on PATH."
        in done.stdout + done.stderr
    )
    assert "Traceback" not in done.stdout + done.stderr


def test_the_error_of_a_build_outside_a_clone_names_the_missing_source(
    environment: Environment, package: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "alone/bindings/python"
    shutil.copytree(package, copy)
    done = environment.install(str(copy))
    assert done.returncode != 0
    assert f"its Rust source is not in {tmp_path / 'alone'}." in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_program_made_by_pyinstaller_contains_the_library(
    environment: Environment, package: Path, tmp_path: Path
) -> None:
    done = environment.install(str(package))
    assert done.returncode == 0, done.stdout + done.stderr
    program = tmp_path / "program.py"
    program.write_text("from kayako_sign import Signer\nprint(Signer('apikey', 'secretkey').sign('1234567890'))\n")
    folders = ("--distpath", str(tmp_path / "dist"), "--workpath", str(tmp_path / "work"), "--specpath", str(tmp_path))
    done = environment.run(
        "-m", "PyInstaller", "--log-level", "WARN", *folders, str(program), PYTHONPATH=sysconfig.get_path("purelib")
    )
    assert done.returncode == 0, done.stdout + done.stderr
    kept = {name: value for name, value in os.environ.items() if name != "KAYAKO_SIGN_LIBRARY"}
    made = subprocess.run(
        [str(tmp_path / "dist/program/program")], env=kept, capture_output=True, text=True, check=True
    )
    assert made.stdout == "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=\n"
