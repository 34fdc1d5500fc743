"""Times the Python binding and the lines that a user would write without it.

Prints a line for each thing measured: its name, and the nanoseconds that one takes in each round. A round measures
everything in turn, so that a ratio compares times of the same moment. pyperf measures one thing after the other, in
separate processes; if other programs share the machine, that compares two moments.
"""

import platform
import subprocess
import sys
import time
from timeit import Timer

SETUP = """
import base64, hmac, secrets
from urllib.parse import urlencode
from kayako_sign import Signer

apikey = "f0e1d2c3-a5b4-4697-8879-6a5b4c3d2e1f"
k = b"YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU2Nzg5QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo3ODkwYWJjZGVm"
s = b"1234567890"
signer = Signer(apikey, k)

def credentials():
    salt = secrets.token_hex(16)
    signature = base64.b64encode(hmac.new(k, salt.encode(), "sha256").digest()).decode()
    return urlencode({"apikey": apikey, "salt": salt, "signature": signature})

assert signer.sign(s) == base64.b64encode(hmac.new(k, s, "sha256").digest()).decode()
"""
# Name, statement, and calls in each round.
STATEMENTS = [
    ("python_sign", "signer.sign(s)", 3000),
    ("python_line", "base64.b64encode(hmac.new(k, s, 'sha256').digest()).decode()", 3000),
    ("python_batch", "signer.credentials_batch(1000)", 1),
    ("python_batch_line", "[credentials() for _ in range(1000)]", 1),
]
PROGRAMS = [
    ("python_import", "import kayako_sign; kayako_sign.Signer('apikey', 'secretkey').sign('1234567890')"),
    (
        "python_import_line",
        "import hmac, hashlib, base64\n"
        + "base64.b64encode(hmac.new(b'secretkey', b'1234567890', hashlib.sha256).digest()).decode()",
    ),
]


def wall(program: str) -> float:
    """Returns the nanoseconds that a program takes in a new Python."""
    start = time.perf_counter_ns()
    subprocess.run([sys.executable, "-c", program], check=True)
    return float(time.perf_counter_ns() - start)


def main() -> None:
    timers = [(name, Timer(statement, SETUP), calls) for name, statement, calls in STATEMENTS]
    names = [name for name, _, _ in STATEMENTS] + [name for name, _ in PROGRAMS]
    times: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(40):
        for name, timer, calls in timers:
            times[name].append(timer.timeit(calls) * 1e9 / calls)
    for _ in range(25):
        for name, program in PROGRAMS:
            times[name].append(wall(program))
    print(f"peer\tPython {platform.python_version()}")
    for name, measured in times.items():
        print(name, " ".join(f"{value:.1f}" for value in measured), sep="\t")


if __name__ == "__main__":
    main()
