"""Signer, and generate_salt() for fresh salts."""

from __future__ import annotations

import os
from ctypes import Structure, byref, c_char, c_int32, c_size_t, c_void_p
from types import TracebackType

from ._diagnosis import Diagnosis
from ._error import KayakoSignError, failure
from ._form import Fields, encoded
from ._library import (
    BATCH_TOO_LARGE,
    BUFFER_TOO_SMALL,
    NULL_SIGNER,
    OK,
    REFUSED,
    SALT_TOO_LONG,
    TARGET_URL,
    library,
    quick_sign,
)

TYPE_CHECKING = False
if not TYPE_CHECKING:

    def overload(function):
        return function
else:
    from typing import Any, ClassVar, overload

    from ._upload import Upload

_SIGNATURE_LEN: int = library.kayako_signature_len()
# Each with one byte for the NUL that follows a text.
_URLENCODED_ROOM: int = library.kayako_signature_urlencoded_max() + 1
_SALT_ROOM: int = library.kayako_salt_len() + 1

# Prepared arguments of sign(), because making them takes longer than signing: the lengths of usual salts, and buffers.
# Each buffer is a signature and its length, with a view of the signature. A call takes one off the list, so that no
# other thread, signal handler or finalizer writes there meanwhile.
_LENGTHS = [c_size_t.from_param(length) for length in range(129)]
_ROOM_FOR_SIGNATURE = c_size_t.from_param(_SIGNATURE_LEN + 1)
_buffers: list[tuple[Any, Any, memoryview]] = []


def _new_buffer() -> tuple[Any, Any, memoryview]:
    text, length = (c_char * (_SIGNATURE_LEN + 1))(), c_size_t()
    return byref(text), byref(length), memoryview(text).cast("B")[:_SIGNATURE_LEN]


class _FreshSalt:
    """The default for a salt that is not given. With None, a salt that a caller lost by mistake would go unnoticed."""

    def __repr__(self) -> str:
        return "a fresh one"


_FRESH = _FreshSalt()


class _Uncopyable:
    """Refuses to be copied and pickled, because a copy would free the same signer again."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: object) -> str:
        raise TypeError("a Signer cannot be copied or pickled: make another one from its keys")


class _NativeSigner(_Uncopyable, Structure):
    """The library's signer, which is freed with the last reference to it.

    Each running call holds a reference. So a signer can be closed while other threads use it, and the last call frees
    it.
    """

    __slots__ = ()
    # Compared by identity.
    __hash__ = object.__hash__

    # The function is bound here, because the module may be gone when the interpreter ends.
    def __del__(self, free: Any = library.kayako_signer_free) -> None:
        free(byref(self))


class Signer(_Uncopyable):
    """Signs requests with an API key and a secret key, which the helpdesk shows under REST API, API Information.

    Give the secret key exactly as it is shown there: it looks like base64, but must not be decoded. A str is used as
    UTF-8. A salt is a str, bytes, or an int, of which the decimal digits are used.

    Any number of threads may share a signer. After close(), or at the end of a with block, it can no longer be used,
    and its keys are wiped as soon as the last running call returns. Python's str and bytes cannot be wiped: those that
    you pass stay in memory until Python uses it for something else.
    """

    __module__ = "kayako_sign"

    if TYPE_CHECKING:
        # Not at run time, where typing.get_type_hints() would look for these names in the package.
        _open: ClassVar[set[_NativeSigner]]
        _native: _NativeSigner | None
        _handle: Any
        _api_key: str
        _room: int
    else:
        # All open signers of the library. They are in here so that the cycle collector frees none while a finalizer of
        # the same cycle can still sign.
        _open = set()
        # A signer whose __init__() has not run is a closed one.
        _native = None
        # A pointer to it, made once because each call needs it. It is also a reference to it.
        _handle = None
        _api_key = ""
        _room = 1

    def __init__(self, api_key: str | bytes, secret_key: str | bytes) -> None:
        """Makes a signer of the two keys.

        Raises KayakoSignError if a key is empty or too long (API key: 1,024 bytes, secret key: 65,536), or the API
        key is not UTF-8 text.
        """
        api_key = _bytes("api_key", api_key)
        secret_key = _bytes("secret_key", secret_key)
        signer = c_void_p()
        # The library reads the bytes where they are: there is no copy of the secret key here to wipe.
        status = library.kayako_signer_new(api_key, len(api_key), secret_key, len(secret_key), byref(signer))
        if status != OK or signer.value is None:
            raise failure(status)
        self.close()
        self._native = _NativeSigner.from_address(signer.value)
        self._open.add(self._native)
        self._handle = byref(self._native)
        self._api_key = api_key.decode()
        self._room = library.kayako_signer_insertion_max(self._handle) + 1

    @classmethod
    def from_env(cls) -> Signer:
        """Makes a signer of the keys in the environment variables KAYAKO_API_KEY and KAYAKO_SECRET_KEY.

        One newline at the end of a key is dropped.
        Raises KayakoSignError if a variable is not set, is empty or too long, or begins with a byte order mark.
        """
        from ._keys import from_environment

        return cls(*from_environment())

    @classmethod
    def from_files(cls, api_key_file: str | os.PathLike[str], secret_key_file: str | os.PathLike[str]) -> Signer:
        """Makes a signer of the keys in two files. One newline at the end of a file is dropped.

        Raises KayakoSignError if a file is empty, too long or a device, or begins with a byte order mark, and if
        others may read the secret key's file (not checked on Windows); OSError if a file cannot be read.
        """
        from ._keys import from_files

        return cls(*from_files(api_key_file, secret_key_file))

    def sign(self, salt: str | bytes | int) -> str:
        """Returns the signature of a salt as base64, for code that encodes parameters itself: data=, JSON.

        Raises KayakoSignError if the salt is empty, 0 or longer than 65,536 bytes.
        """
        salt = salt if type(salt) is bytes else _salt_bytes(salt)
        try:
            length = _LENGTHS[len(salt)]
        except IndexError:
            length = c_size_t(len(salt))
        try:
            buffer = _buffers.pop()
        except IndexError:
            buffer = _new_buffer()
        try:
            text, written, signature = buffer
            if status := quick_sign(self._handle, salt, length, text, _ROOM_FOR_SIGNATURE, written):
                raise failure(status)
            return signature.tobytes().decode()
        finally:
            _buffers.append(buffer)

    def sign_urlencoded(self, salt: str | bytes | int) -> str:
        """Returns the signature of a salt, escaped for a URL or an encoded form that is sent as it is.

        Raises what sign() raises.
        """
        salt = _salt_bytes(salt)
        return _text(library.kayako_signer_sign_urlencoded, self._handle, salt, len(salt), room=_URLENCODED_ROOM)

    @overload
    def credentials(self, salt: str | int = ...) -> dict[str, str]: ...
    @overload
    def credentials(self, salt: bytes) -> dict[str, str | bytes]: ...
    def credentials(self, salt: str | bytes | int | _FreshSalt = _FRESH) -> dict[str, str] | dict[str, str | bytes]:
        """Returns the parameters apikey, salt and signature of one request, for data= or JSON.

        Without a salt they get a fresh one, which each request needs. The salt comes back as text; only bytes that are
        not UTF-8 come back as bytes. Raises what sign() raises.
        """
        if isinstance(salt, _FreshSalt):
            return self._parameters(self.query())
        salt = _salt_bytes(salt)
        parameters: dict[str, str | bytes] = {"apikey": self._api_key, "salt": salt, "signature": self.sign(salt)}
        try:
            parameters["salt"] = salt.decode()
        except UnicodeDecodeError:
            pass
        return parameters

    def query(self, salt: str | bytes | int | _FreshSalt = _FRESH) -> str:
        """Returns what credentials() gives as a query string, escaped: apikey=…&salt=…&signature=…

        Raises what sign() raises.
        """
        if isinstance(salt, _FreshSalt):
            return _text(library.kayako_signer_credentials, self._handle, room=self._room)
        salt = _salt_bytes(salt)
        return _text(library.kayako_signer_credentials_with_salt, self._handle, salt, len(salt), room=self._room)

    def credentials_batch(self, count: int) -> list[dict[str, str]]:
        """Returns as many credentials as count says, each with a fresh salt. This is the fastest way to get many.

        Raises KayakoSignError if the count is negative or above 1,000,000.
        """
        if not isinstance(count, int) or isinstance(count, bool):
            raise TypeError(f"count: must be int, not {type(count).__name__}")
        if count < 0:
            raise KayakoSignError(BATCH_TOO_LARGE, "count: must not be negative")
        # A size_t would lose the high bits of a count that is far too large.
        count = min(count, library.kayako_batch_max() + 1)
        # The first call has a tiny buffer, so that a count that is too large is refused before memory is taken for it.
        lines = _text(library.kayako_signer_credentials_batch, self._handle, count, room=1)
        return [self._parameters(line) for line in lines.splitlines()]

    def sign_url(self, url: str) -> str:
        """Returns the URL of a GET or DELETE request with credentials in it. Everything else stays as it is.

        Raises KayakoSignError if the URL is not absolute, has a character that must be escaped, has no route that the
        server would find, has a parameter that would replace a credential or the route, or is longer than 1 MiB.
        """
        octets = _text_bytes("url", url)
        return _text(library.kayako_signer_sign_url, self._handle, octets, len(octets), room=len(octets) + self._room)

    def sign_form(self, fields: Fields) -> str:
        """Returns the body of a POST or PUT request with Content-Type: application/x-www-form-urlencoded, signed.

        The fields are a mapping, pairs, or a form that is encoded already. A list of values repeats its name, of which
        PHP keeps the last, so call it name[]. None and bool are a TypeError: leave the field out, or give the text that
        the helpdesk expects, for example 1. Raises KayakoSignError if a field would replace a credential or the route.
        """
        form = _utf8("fields", encoded(fields))
        return _text(library.kayako_signer_sign_form, self._handle, form, len(form), room=len(form) + self._room)

    def sign_request(
        self, method: str, url: str, content_type: str | None = None, body: str | bytes | bytearray | memoryview = b""
    ) -> tuple[str, bytes]:
        """Returns the URL and the body of a request, with credentials in the one where the server reads them.

        If it is the body, Content-Length changes. A body given as str is sent as UTF-8. Raises KayakoSignError if the
        server would find no route or read no credentials, and if a parameter of the request would replace them.
        """
        body = _body_bytes(body)
        in_url, offset, text = self._insertion(method, url, content_type, body)
        if in_url:
            return f"{url[:offset]}{text.decode()}{url[offset:]}", body
        # A view, because a slice of bytes would be one more copy of the body.
        whole = memoryview(body)
        return url, b"".join((whole[:offset], text, whole[offset:]))

    def verify(self, salt: str | bytes | int, signature: str | bytes) -> bool:
        """Returns whether this is the base64 signature of a salt, in constant time.

        Strict: padded, canonical and not URL-encoded. A wrong value is never an error, only a wrong type is.
        """
        if isinstance(signature, str):
            # A signature is ASCII, and has no question mark.
            signature = str.encode(signature, "ascii", "replace")
        signature = _bytes("signature", signature)
        try:
            salt = _salt_bytes(salt)
        except ValueError:
            # A text without UTF-8 bytes has no signature, like the empty salt.
            salt = b""
        status = library.kayako_signer_verify(self._handle, salt, len(salt), signature, len(signature))
        if status not in (OK, REFUSED, SALT_TOO_LONG):
            raise failure(status)
        return bool(status == OK)

    def diagnose(self, salt: str | bytes | int, signature: str | bytes) -> Diagnosis:
        """Returns the diagnosis of a signature of a salt: whether the server accepts it, and why not.

        Give both as they arrive at the server: decoded once, as it decodes a parameter. Raises KayakoSignError only if
        the signer is closed, the salt is too long, or a text cannot be written as UTF-8.
        """
        salt = _salt_bytes(salt)
        signature = _bytes("signature", signature)
        return self._diagnosis(library.kayako_signer_diagnose, salt, len(salt), signature, len(signature))

    def diagnose_request(
        self, method: str, url: str, content_type: str | None = None, body: str | bytes | bytearray | memoryview = b""
    ) -> Diagnosis:
        """Returns what the server would answer to a request as it was sent, and why. The URL may begin with its path.

        Raises KayakoSignError only if the signer is closed, or a part is too long or cannot be written as UTF-8.
        """
        request = _request(method, url, content_type, _body_bytes(body))
        return self._diagnosis(library.kayako_signer_diagnose_request, *request)

    def close(self) -> None:
        """Closes the signer. Running calls of other threads still finish; later calls raise KayakoSignError."""
        native, self._native, self._handle = self._native, None, None
        if native is not None:
            self._open.discard(native)

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> Signer:
        if self._handle is None:
            raise failure(NULL_SIGNER)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        closed = " closed" if self._handle is None else ""
        return f"<kayako_sign.Signer api_key={self._api_key!r}{closed}>"

    def _insertion(self, method: str, url: str, content_type: str | None, body: bytes) -> tuple[bool, int, bytes]:
        """Returns the insertion of a request: whether it goes into the URL (else the body), its offset and its text."""
        target, offset = c_int32(), c_size_t()
        request = _request(method, url, content_type, body)
        insertion_point = (byref(target), byref(offset))
        text = _written(library.kayako_signer_sign_request, self._handle, *request, *insertion_point, room=self._room)
        return target.value == TARGET_URL, offset.value, text

    def _upload(self, method: str, url: str, content_type: str | None) -> tuple[bytes, Upload]:
        """Returns the credentials that go before a body, and the Upload that checks the body as it is sent."""
        from ._upload import Upload

        upload = c_void_p()
        head = _request(method, url, content_type)
        text = _written(library.kayako_upload_new, self._handle, *head, room=self._room, then=(byref(upload),))
        return text, Upload(upload)

    def _diagnosis(self, function: Any, *inputs: Any) -> Diagnosis:
        code = c_int32()
        status = function(self._handle, *inputs, byref(code))
        if status != OK:
            raise failure(status)
        return Diagnosis(code.value)

    def _parameters(self, query: str) -> dict[str, str]:
        # A fresh salt has 32 digits, and only three characters of a signature need an escape.
        before, _, signature = query.rpartition("&signature=")
        signature = signature.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
        return {"apikey": self._api_key, "salt": before[-32:], "signature": signature}


def generate_salt() -> str:
    """Returns a fresh salt: 32 hexadecimal digits straight from the operating system.

    Raises KayakoSignError if the operating system has no randomness to give.
    """
    return _text(library.kayako_salt_generate, room=_SALT_ROOM)


def _text(function: Any, *inputs: Any, room: int) -> str:
    return _written(function, *inputs, room=room).decode()


def _written(function: Any, *inputs: Any, room: int, then: tuple[Any, ...] = ()) -> bytes:
    """Returns the text that a function writes. Calls it again if it needs more room, in bytes, than it was given.

    The function's outputs besides the text come last, in `then`.
    """
    length = c_size_t()
    while True:
        out = (c_char * room)()
        status = function(*inputs, out, room, byref(length), *then)
        if status != BUFFER_TOO_SMALL:
            break
        room = length.value + 1
    if status != OK:
        raise failure(status)
    # Not only up to the first NUL, which a form may contain.
    return memoryview(out)[: length.value].tobytes()


def goes_into_url(method: str, url: str, content_type: str | None) -> bool:
    """Returns whether the credentials of a request with a body go into its URL."""
    target = c_int32()
    status = library.kayako_request_target(*_request(method, url, content_type), 1, byref(target))
    if status != OK:
        raise failure(status)
    return target.value == TARGET_URL


def _request(method: str, url: str, content_type: str | None, *body: bytes) -> tuple[bytes | int, ...]:
    """Returns a request as arguments for the library: each part, followed by its length."""
    parts = (
        _text_bytes("method", method),
        b"" if content_type is None else _text_bytes("content_type", content_type),
        _text_bytes("url", url),
        *body,
    )
    return tuple(value for part in parts for value in (part, len(part)))


def _body_bytes(body: str | bytes | bytearray | memoryview) -> bytes:
    if isinstance(body, (str, bytes)):
        return _bytes("body", body)
    if isinstance(body, (bytearray, memoryview)):
        # A copy, because other threads may change the original while the library reads it.
        return bytes(body)
    raise TypeError(f"body: must be str, bytes, bytearray or memoryview, not {type(body).__name__}")


def _text_bytes(name: str, value: str) -> bytes:
    if isinstance(value, str):
        # The library refuses a lone surrogate with the right message.
        return str.encode(value, "utf-8", "surrogatepass")
    raise TypeError(f"{name}: must be str, not {type(value).__name__}")


def _bytes(name: str, value: str | bytes) -> bytes:
    if isinstance(value, str):
        return _utf8(name, value)
    if isinstance(value, bytes):
        # A subclass may lie about its length.
        return value if type(value) is bytes else bytes(memoryview(value))
    raise TypeError(f"{name}: must be str or bytes, not {type(value).__name__}")


def _salt_bytes(salt: str | bytes | int) -> bytes:
    if type(salt) is str:
        return _utf8("salt", salt)
    if isinstance(salt, (str, bytes)):
        return _bytes("salt", salt)
    if isinstance(salt, int) and not isinstance(salt, bool):
        try:
            # The digits, even of an int whose str() is a name, as of an enum.
            return int.__repr__(salt).encode()
        except ValueError:
            raise KayakoSignError(None, "salt: has more digits than Python writes of an int; give it as str") from None
    raise TypeError(f"salt: must be str, bytes or int, not {type(salt).__name__}")


def _utf8(name: str, text: str) -> bytes:
    try:
        return str.encode(text)
    except UnicodeEncodeError:
        pass
    # Raised outside the except block, because that error holds the text, which may be a secret key.
    raise KayakoSignError(None, f"{name}: must not have lone surrogates, which UTF-8 cannot write")
