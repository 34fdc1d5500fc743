"""Finds libkayako_sign, loads it and declares its functions."""

from __future__ import annotations

import os
import sys
from ctypes import CDLL, POINTER, PyDLL, c_char_p, c_int, c_int32, c_size_t, c_void_p

# The version of this package. The library must have the same, because another one may have other functions.
VERSION = "0.1.0"

TYPE_CHECKING = False  # type checkers take it for true; typing itself would be slow to import
if TYPE_CHECKING:
    from typing import Any

_VARIABLE = "KAYAKO_SIGN_LIBRARY"

# The names of the library beside this file and in the system.
_NAMES = {
    "darwin": ("libkayako_sign.dylib", "libkayako_sign.dylib"),
    "win32": ("kayako_sign.dll", "kayako_sign.dll"),
}
_BUNDLED, _SYSTEM = _NAMES.get(sys.platform, ("libkayako_sign.so", "libkayako_sign.so.0"))

# The statuses that this package handles; every other one becomes an error.
OK = 0
REFUSED = 1
BUFFER_TOO_SMALL = 2
SALT_TOO_LONG = 17
BATCH_TOO_LARGE = 19
NULL_SIGNER = 100

# The target of an insertion that goes into the URL; the other one is the body.
TARGET_URL = 0

_STATUS = c_int
_SIGNER = c_void_p
# Also for void pointers, because c_void_p would pass a str as wide characters. A length follows each.
_BYTES = (c_char_p, c_size_t)
_OUT = (c_char_p, c_size_t, POINTER(c_size_t))
# Method, content type and URL; and with a body after them.
_HEAD = _BYTES * 3
_REQUEST = _BYTES * 4
_INSERTION_POINT = (POINTER(c_int32), POINTER(c_size_t))
_UPLOAD = c_void_p

# Each function of kayako_sign.h: the type of its result, then those of its arguments.
PROTOTYPES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "kayako_signer_new": (_STATUS, (*_BYTES, *_BYTES, POINTER(_SIGNER))),
    "kayako_signer_free": (None, (_SIGNER,)),
    "kayako_signer_sign": (_STATUS, (_SIGNER, *_BYTES, *_OUT)),
    "kayako_signer_sign_urlencoded": (_STATUS, (_SIGNER, *_BYTES, *_OUT)),
    "kayako_signer_credentials": (_STATUS, (_SIGNER, *_OUT)),
    "kayako_signer_credentials_with_salt": (_STATUS, (_SIGNER, *_BYTES, *_OUT)),
    "kayako_signer_credentials_batch": (_STATUS, (_SIGNER, c_size_t, *_OUT)),
    "kayako_signer_verify": (_STATUS, (_SIGNER, *_BYTES, *_BYTES)),
    "kayako_signer_sign_url": (_STATUS, (_SIGNER, *_BYTES, *_OUT)),
    "kayako_signer_sign_form": (_STATUS, (_SIGNER, *_BYTES, *_OUT)),
    "kayako_signer_sign_request": (_STATUS, (_SIGNER, *_REQUEST, *_INSERTION_POINT, *_OUT)),
    "kayako_signer_sign_url_with_salt": (_STATUS, (_SIGNER, *_BYTES, *_BYTES, *_OUT)),
    "kayako_signer_sign_form_with_salt": (_STATUS, (_SIGNER, *_BYTES, *_BYTES, *_OUT)),
    "kayako_signer_sign_request_with_salt": (_STATUS, (_SIGNER, *_REQUEST, *_BYTES, *_INSERTION_POINT, *_OUT)),
    "kayako_signer_insertion_max": (c_size_t, (_SIGNER,)),
    "kayako_signer_diagnose": (_STATUS, (_SIGNER, *_BYTES, *_BYTES, POINTER(c_int32))),
    "kayako_signer_diagnose_request": (_STATUS, (_SIGNER, *_REQUEST, POINTER(c_int32))),
    "kayako_request_target": (_STATUS, (*_HEAD, c_int, POINTER(c_int32))),
    "kayako_upload_new": (_STATUS, (_SIGNER, *_HEAD, *_OUT, POINTER(_UPLOAD))),
    "kayako_upload_check": (_STATUS, (_UPLOAD, *_BYTES)),
    "kayako_upload_end": (_STATUS, (_UPLOAD,)),
    "kayako_upload_free": (None, (_UPLOAD,)),
    "kayako_salt_generate": (_STATUS, _OUT),
    "kayako_status_message": (c_char_p, (c_int32,)),
    "kayako_diagnosis_message": (c_char_p, (c_int32,)),
    "kayako_diagnosis_is_accepted": (c_int, (c_int32,)),
    "kayako_diagnosis_answer_status": (c_int, (c_int32,)),
    "kayako_version": (c_char_p, ()),
    "kayako_signature_len": (c_size_t, ()),
    "kayako_signature_urlencoded_max": (c_size_t, ()),
    "kayako_salt_len": (c_size_t, ()),
    "kayako_salt_max": (c_size_t, ()),
    "kayako_api_key_max": (c_size_t, ()),
    "kayako_secret_key_max": (c_size_t, ()),
    "kayako_url_max": (c_size_t, ()),
    "kayako_batch_max": (c_size_t, ()),
}


def _with_prototypes(library: CDLL) -> CDLL:
    """Declares the functions of a library. Raises ImportError if it has another version than this package."""
    library.kayako_version.restype = c_char_p
    version = library.kayako_version().decode()
    if version != VERSION:
        raise ImportError(f"it is version {version}, and this package needs version {VERSION}")
    for name, (restype, argtypes) in PROTOTYPES.items():
        function = getattr(library, name)
        function.restype = restype
        function.argtypes = argtypes
    return library


def _load() -> CDLL:
    # If a library is named, no other one is tried.
    if named := os.environ.get(_VARIABLE):
        candidates = [named]
        remedy = f"Name another file in {_VARIABLE}, or unset it to use the library that pip installs."
    else:
        folder = os.path.dirname(os.path.abspath(__file__))
        candidates = [os.path.join(folder, _BUNDLED), _SYSTEM]
        remedy = f"Install kayako-sign with pip, which installs the library too, or name its file in {_VARIABLE}."
        if not os.path.isdir(folder):
            remedy = f"No library can be loaded out of a zip file. Unpack this one, or name the library in {_VARIABLE}."
    tried: list[str] = []
    for path in candidates:
        try:
            return _with_prototypes(CDLL(path))
        except (OSError, AttributeError, ImportError) as error:
            tried.append(f"  {error}" if path in str(error) else f"  {path}: {error}")
    raise ImportError("\n".join(["kayako_sign found no libkayako_sign that it can use. Tried:", *tried, remedy]))


library = _load()

# A call takes less time than releasing the GIL, acquiring it again and checking each argument's type. So this function
# keeps the GIL and checks nothing: its arguments must have the right C types.
quick_sign: Any = PyDLL(library._name, handle=library._handle).kayako_signer_sign
