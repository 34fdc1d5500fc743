"""Keys from the environment and from files, by the rules of the command."""

import os
from pathlib import Path

import pytest

from kayako_sign import KayakoSignError, Signer, Status

RIGHT = "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0="


def written(folder: Path, name: str, key: bytes, mode: int = 0o600) -> Path:
    path = folder / name
    path.write_bytes(key)
    path.chmod(mode)
    return path


def refusal(api_key: Path, secret_key: Path) -> KayakoSignError:
    with pytest.raises(KayakoSignError) as refused:
        Signer.from_files(api_key, secret_key)
    assert "secretkey" not in str(refused.value)
    return refused.value


@pytest.mark.parametrize("newline", ["", "\n", "\r\n"])
def test_both_keys_are_read_from_the_environment(newline: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAYAKO_API_KEY", f"apikey{newline}")
    monkeypatch.setenv("KAYAKO_SECRET_KEY", f"secretkey{newline}")
    with Signer.from_env() as signer:
        assert signer.verify("1234567890", RIGHT)
        assert signer.credentials()["apikey"] == "apikey"


def test_the_error_names_a_missing_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAYAKO_API_KEY", "apikey")
    monkeypatch.delenv("KAYAKO_SECRET_KEY", raising=False)
    with pytest.raises(KayakoSignError, match="^secret key: KAYAKO_SECRET_KEY is not set$") as refused:
        Signer.from_env()
    assert refused.value.status is None
    monkeypatch.setenv("KAYAKO_SECRET_KEY", "")
    with pytest.raises(KayakoSignError, match="^secret key: ") as refused:
        Signer.from_env()
    assert refused.value.status == Status.EMPTY_SECRET_KEY
    monkeypatch.delenv("KAYAKO_API_KEY")
    with pytest.raises(KayakoSignError, match="^API key: KAYAKO_API_KEY is not set$"):
        Signer.from_env()


@pytest.mark.parametrize("newline", [b"", b"\n", b"\r\n"])
def test_one_newline_at_the_end_of_a_file_is_dropped(newline: bytes, tmp_path: Path) -> None:
    files = written(tmp_path, "api", b"apikey" + newline, 0o644), written(tmp_path, "secret", b"secretkey" + newline)
    for paths in (files, tuple(map(str, files))):
        with Signer.from_files(*paths) as signer:
            assert signer.verify("1234567890", RIGHT)
            assert signer.credentials()["apikey"] == "apikey"


@pytest.mark.parametrize("more", [b"\n\n", b"\r", b" \n", b"\n "])
def test_everything_else_in_a_file_is_part_of_the_key(more: bytes, tmp_path: Path) -> None:
    files = written(tmp_path, "api", b"apikey"), written(tmp_path, "secret", b"secretkey" + more)
    with Signer.from_files(*files) as signer:
        assert not signer.verify("1234567890", RIGHT)


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o666, 0o610])
def test_a_secret_key_that_others_may_access_is_refused(mode: int, tmp_path: Path) -> None:
    files = written(tmp_path, "api", b"apikey", 0o666), written(tmp_path, "secret", b"secretkey", mode)
    error = refusal(*files)
    assert error.status is None
    assert f"is open to others (mode {mode:03o}); run chmod " in str(error)


def test_a_group_may_read_the_secret_key_only_if_root_owns_the_file(tmp_path: Path) -> None:
    files = written(tmp_path, "api", b"apikey"), written(tmp_path, "secret", b"secretkey", 0o640)
    if os.getuid() == 0:
        Signer.from_files(*files).close()
        os.chown(files[1], 12345, 12345)
    assert "run chmod 600 " in str(refusal(*files))


@pytest.mark.parametrize(
    "key", ["\ufeffsecretkey".encode(), "secretkey".encode("utf-16"), "\ufeffs".encode("utf-16-be")]
)
def test_a_byte_order_mark_is_refused(key: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, marked = written(tmp_path, "plain", b"apikey"), written(tmp_path, "marked", key)
    assert str(refusal(plain, marked)).startswith("secret key: ")
    assert str(refusal(marked, plain)).startswith("API key: ")
    assert "byte order mark" in str(refusal(plain, marked))


def test_a_byte_order_mark_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAYAKO_API_KEY", "apikey")
    monkeypatch.setenv("KAYAKO_SECRET_KEY", "\ufeffsecretkey")
    with pytest.raises(KayakoSignError, match="^secret key: KAYAKO_SECRET_KEY begins with a byte order mark"):
        Signer.from_env()


def test_a_file_that_holds_no_valid_key_is_refused(tmp_path: Path) -> None:
    good = written(tmp_path, "good", b"apikey")
    assert refusal(good, written(tmp_path, "empty", b"\n")).status == Status.EMPTY_SECRET_KEY
    assert refusal(good, written(tmp_path, "long", b"k" * 70_000)).status == Status.SECRET_KEY_TOO_LONG
    assert refusal(written(tmp_path, "binary", b"\xff"), good).status == Status.API_KEY_NOT_UTF8
    assert "is a terminal or another device; use a file or a pipe" in str(refusal(good, Path("/dev/zero")))
    for missing in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(OSError, match=str(missing)):
            Signer.from_files(good, missing)
