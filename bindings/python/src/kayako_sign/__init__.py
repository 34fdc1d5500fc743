"""Signatures for the REST API of Kayako Classic, the self-hosted helpdesk.

    from kayako_sign import Signer

    with Signer("apikey", "secretkey") as signer:
        signer.credentials()  # {'apikey': …, 'salt': …, 'signature': …}, for params= and data=

Each request needs credentials of its own. The signature covers the salt alone, so whoever sees a request can repeat it:
HTTPS is what protects it.
"""

from ._error import KayakoSignError
from ._library import library
from ._signer import Signer, generate_salt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._status import Status

__all__ = ["KayakoSignError", "Signer", "Status", "__version__", "generate_salt"]

__version__: str = library.kayako_version().decode()


def __getattr__(name: str) -> object:
    if name == "Status":
        from ._status import Status

        globals()["Status"] = Status
        return Status
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
