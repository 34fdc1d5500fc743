"""Runs the benches of all languages, and prints one table of ratios; with --plot FILE, draws how time grows.

A ratio compares two things that were measured in the same rounds. `best` compares the best round of each, because other
programs on the machine disturb it least, and it decides. `median` is over all rounds.
"""

from __future__ import annotations

import argparse
import datetime
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from plot import plot

ROOT = Path(__file__).resolve().parent.parent
Times = dict[str, list[float]]


class Row(NamedTuple):
    title: str
    bench: str
    ours: str
    peer: str
    # The ratio to reach.
    reach: float
    peer_title: str
    # The name of a measurement to subtract from ours, with credentials_with_salt, before the ratio.
    subtract: str = ""
    # Whether more is better.
    speedup: bool = False


ROWS = [
    Row("Rust: sign + base64 + URL encoding", "rust", "rust_sign_url", "L", 1.8, "L of sha2 0.11"),
    Row("C: sign_urlencoded", "c", "sign_urlencoded", "L", 2.2, "L of {c}"),
    Row("C: sign_urlencoded", "c", "sign_urlencoded", "EVP_MAC", 0.6, "a kept EVP_MAC, {c}"),
    Row("C: new + sign + free", "c", "new_sign_free", "L", 6.0, "L of {c}"),
    Row("C: new + sign + free", "c", "new_sign_free", "HMAC", 1.0, "HMAC(), {c}"),
    Row("C: credentials_batch(1000), each", "c", "batch", "L", 2.6, "L of {c}"),
    Row("C: credentials, above sign_urlencoded + getrandom", "c", "credentials", "L", 0.5, "L of {c}", "getrandom"),
    Row("Python: sign", "python", "python_sign", "python_line", 0.35, "hmac and base64, {python}"),
    Row("Python: credentials_batch(1000)", "python", "python_batch", "python_batch_line", 0.15, "the line, {python}"),
    Row("Python: import + first signature", "python", "python_import", "python_import_line", 1.5, "the line, {python}"),
    Row("PHP: sign", "php", "php_sign", "php_line", 0.5, "hash_hmac and base64_encode, {php}"),
    Row("PHP: credentialsBatch(1000)", "php", "php_batch", "php_batch_line", 0.2, "the line, {php}"),
    Row("PHP: page under FPM with preload", "page", "php_page", "php_page_line", 1.1, "the page with the line, {page}"),
    Row("JavaScript: sign", "js", "js_sign", "js_line", 0.6, "createHmac, {js}"),
    Row("JavaScript: credentialsBatch(1000)", "js", "js_batch", "js_batch_line", 0.3, "the line, {js}"),
    Row("command: sign, user + system", "command", "command_cpu", "true_cpu", 1.3, "/bin/true"),
    Row("command: sign, wall", "command", "command_wall", "true_wall", 1.3, "/bin/true"),
    Row("sign_request, form of 1 KB", "rust", "request_form", "decode_form", 3.0, "percent-encoding 2.3, decoding it"),
    Row("sign_request, URL of 1 KB", "rust", "request_url", "decode_url", 3.0, "percent-encoding 2.3, decoding it"),
    Row("sign_request, JSON of 1 KB", "rust", "request_json", "decode_json", 3.0, "percent-encoding 2.3, decoding it"),
    Row("form of 10 MB against 1 MB, each byte", "rust", "body 10000000", "body 1000000", 1.2, "itself"),
    Row("form of 100 MB against 1 MB, each byte", "rust", "body 100000000", "body 1000000", 1.2, "itself"),
    Row("two threads on one signer, signatures", "rust", "threads 1", "threads 2", 1.9, "one thread", speedup=True),
]


def read(output: str) -> tuple[str, Times]:
    """Returns what a bench printed: the peer's name and version, and the times of each round."""
    lines = [line.split("\t") for line in output.splitlines()]
    peers = [value for name, value in lines if name == "peer"]
    return "".join(peers), {name: [float(time) for time in value.split()] for name, value in lines if name != "peer"}


def spent(command: list[str]) -> tuple[float, float]:
    """Returns the nanoseconds of user and system time, and of wall time, that a command takes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter_ns()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter_ns() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e9, float(wall)


def command_times() -> tuple[str, Times]:
    """Times the command and /bin/true. A round is ten runs, because a single run is too short to time."""
    os.environ.update(KAYAKO_API_KEY="apikey", KAYAKO_SECRET_KEY="secretkey")
    sign = [os.environ["KAYAKO_SIGN_COMMAND"], "sign", "--salt", "1234567890"]
    times: Times = {name: [] for name in ("command_cpu", "command_wall", "true_cpu", "true_wall")}
    for _ in range(60):
        for name, command in (("command", sign), ("true", ["/bin/true"])):
            runs = [spent(command) for _ in range(10)]
            times[f"{name}_cpu"].append(sum(cpu for cpu, _ in runs) / 10)
            times[f"{name}_wall"].append(min(wall for _, wall in runs))
    return "", times


def program(*command: str) -> Callable[[], tuple[str, Times]]:
    return lambda: read(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def ratios(row: Row, times: Times) -> tuple[float, float]:
    """Returns two ratios of a row: the median over all rounds, and that of the best rounds."""
    ours, peer = times[row.ours], times[row.peer]
    if row.ours.startswith("body "):
        # Times per byte.
        ours = [time / int(row.ours.split()[1]) for time in ours]
        peer = [time / int(row.peer.split()[1]) for time in peer]
    if row.subtract:
        rest = [a + b for a, b in zip(times[row.subtract], times["credentials_with_salt"])]
        return (
            median((time - other) / unit for time, other, unit in zip(ours, rest, peer)),
            (min(ours) - min(times[row.subtract]) - min(times["credentials_with_salt"])) / min(peer),
        )
    return median(a / b for a, b in zip(ours, peer)), min(ours) / min(peer)


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "an unknown processor"


def table(benches: dict[str, tuple[str, Times]]) -> list[str]:
    peers = {name: peer for name, (peer, _) in benches.items()}
    lines = ["| what | median | best | reach | met | of |", "|---|---|---|---|---|---|"]
    for row in ROWS:
        middle, best = ratios(row, benches[row.bench][1])
        met = best >= row.reach if row.speedup else best <= row.reach
        sign = "≥" if row.speedup else "≤"
        peer = row.peer_title.format(**peers)
        answer = "yes" if met else "no"
        lines.append(f"| {row.title} | {middle:.2f} | {best:.2f} | {sign} {row.reach:g} | {answer} | {peer} |")
    return lines


def sections(library: str) -> list[str]:
    """Returns a line with the size of the library and of its largest sections."""
    done = subprocess.run(["size", "-A", library], check=True, capture_output=True, text=True)
    sizes = [line.split()[:2] for line in done.stdout.splitlines() if line.startswith(".")]
    largest = sorted(((int(size), name) for name, size in sizes), reverse=True)[:6]
    parts = ", ".join(f"{name} {size // 1000}" for size, name in largest)
    return [f"libkayako_sign.so: {Path(library).stat().st_size // 1000} KB, of it {parts} KB"]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--c", required=True, help="the C bench")
    parser.add_argument("--rust", required=True, help="the Rust bench")
    parser.add_argument("--plot", help="a file to draw into")
    given = parser.parse_args()
    benches = {
        "c": program(given.c),
        "rust": program(given.rust),
        "python": program(sys.executable, str(ROOT / "benches/python/signing.py")),
        "php": program("php", str(ROOT / "benches/php/signing.php")),
        "page": program("php", str(ROOT / "benches/php/page.php")),
        "js": program("node", str(ROOT / "benches/js/signing.mjs")),
        "command": command_times,
    }
    made = {name: run() for name, run in benches.items()}
    print(f"{datetime.date.today()}, {processor()}, {os.cpu_count()} processors\n")
    print("\n".join([*table(made), "", *sections(os.environ["KAYAKO_SIGN_LIBRARY"])]))
    if given.plot:
        Path(given.plot).write_text(plot(made["rust"][1]), encoding="utf-8")


if __name__ == "__main__":
    main()
