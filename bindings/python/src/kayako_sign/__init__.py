"""Signatures for the REST API of Kayako Classic, the self-hosted helpdesk.

    from kayako_sign import Signer

    with Signer("apikey", "secretkey") as signer:
        signer.credentials()  # {'apikey': …, 'salt': …, 'signature': …}, for params= and data=
        signer.sign_url("https://help.example.com/api/index.php?/Base/User/1")

Each request needs its own credentials. The signature covers only the salt, so anyone who sees a request can repeat it.
Only HTTPS protects it.
"""

from ._diagnosis import Diagnosis
from ._error import KayakoSignError
from ._library import VERSION
from ._signer import Signer, generate_salt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._diagnosis_code import DiagnosisCode
    from ._status import Status

__all__ = ["Diagnosis", "DiagnosisCode", "KayakoSignError", "Signer", "Status", "__version__", "generate_salt"]

__version__ = VERSION


def __getattr__(name: str) -> object:
    if name == "Status":
        from ._status import Status

        globals()[name] = Status
        return Status
    if name == "DiagnosisCode":
        from ._diagnosis_code import DiagnosisCode

        globals()[name] = DiagnosisCode
        return DiagnosisCode
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
