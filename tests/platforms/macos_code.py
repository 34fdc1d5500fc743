"""Runs the machine code of the libraries for macOS without a Mac, and tests what is promised about signatures and
secrets. The emulator shows the memory, and each instruction and address. Nothing here tests that macOS loads a library.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import sys

from emulated import HEAP, OK, SIZE, SLIDE, STACK, Library, unicorn

REFUSED = 1


def signs_as_python_does(library: Library) -> bool:
    generator = random.Random(1)
    for _ in range(100):
        secret_key = generator.randbytes(generator.randint(1, 200))
        salt = generator.randbytes(generator.randint(2, 200))
        right = base64.b64encode(hmac.new(secret_key, salt, hashlib.sha256).digest())
        signer = library.signer(secret_key)
        if library.written("kayako_signer_sign", signer, *library.text(salt)) != right:
            return False
        if library.call("kayako_signer_verify", signer, *library.text(salt), *library.text(right)) != OK:
            return False
        if library.call("kayako_signer_verify", signer, *library.text(salt + b"1"), *library.text(right)) != REFUSED:
            return False
        library.call("kayako_signer_free", signer)
    return True


def trace(target: str, secret_key: bytes, of_base64: bool = False) -> str:
    """Returns a hash of each instruction, and of each address that is read or written, while a signer is made and
    verifies signatures. With `of_base64` it also signs, and base64 looks the signature up in a table."""
    library = Library(target)
    seen = hashlib.sha256()

    def note(_: object, access: int, address: int, size: int, *__: object) -> None:
        seen.update(f"{access} {address} {size}\n".encode())

    library.emulator.hook_add(unicorn.UC_HOOK_CODE, lambda _, address, size, __: note(_, 0, address, size))
    library.emulator.hook_add(unicorn.UC_HOOK_MEM_READ | unicorn.UC_HOOK_MEM_WRITE, note)
    signer = library.signer(secret_key)
    if of_base64:
        library.written("kayako_signer_sign", signer, *library.text(b"1234567890"))
    for text in (b"A" * 43 + b"=", b"/" * 42 + b"8="):
        library.call("kayako_signer_verify", signer, *library.text(b"1234567890"), *library.text(text))
    library.call("kayako_signer_free", signer)
    return seen.hexdigest()


def traces(target: str, **options: bool) -> int:
    """Returns how many different traces there are for secret keys of one length."""
    generator = random.Random(2)
    keys = [b"\x01" * 32, b"\xff" * 32, *(generator.randbytes(31) + b"k" for _ in range(6))]
    return len({trace(target, key, **options) for key in keys})


def roots(power: int, count: int) -> list[int]:
    """Returns the first 32 bits after the point of square or cube roots of the first primes: SHA-256's constants."""
    primes = [n for n in range(2, 312) if all(n % d for d in range(2, n))][:count]

    def root(number: int) -> int:
        low, high = 0, 1 << 40
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if middle**power <= number << (32 * power) else (low, middle)
        return low & 0xFFFF_FFFF

    return [root(prime) for prime in primes]


def compressed(block: bytes) -> list[int]:
    """Returns SHA-256's state after one block. A prepared HMAC keeps it of a key, and hashlib does not show it."""

    def turned(word: int, *by: int) -> int:
        return by_xor(*((word >> n | word << (32 - n)) & 0xFFFF_FFFF for n in by))

    def by_xor(*words: int) -> int:
        result = 0
        for word in words:
            result ^= word
        return result

    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for at in range(16, 64):
        one, two = words[at - 15], words[at - 2]
        words.append(
            (words[at - 16] + (turned(one, 7, 18) ^ one >> 3) + words[at - 7] + (turned(two, 17, 19) ^ two >> 10))
            & 0xFFFF_FFFF
        )
    first = roots(2, 8)
    a, b, c, d, e, f, g, h = first
    for constant, word in zip(roots(3, 64), words):
        one = h + turned(e, 6, 11, 25) + (e & f ^ ~e & g) + constant + word
        two = turned(a, 2, 13, 22) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (one + two) & 0xFFFF_FFFF, a, b, c, (d + one) & 0xFFFF_FFFF, e, f, g
    return [(old + new) & 0xFFFF_FFFF for old, new in zip(first, (a, b, c, d, e, f, g, h))]


def pieces_left(library: Library, secret_key: bytes) -> int:
    """Returns how many pieces of a key, its pads and its two states are in the library's heap, stack and data."""
    block = secret_key.ljust(64, b"\0")
    pads = [bytes(octet ^ mask for octet in block) for mask in (0x36, 0x5C)]
    words = {word.to_bytes(4, "little") for pad in pads for word in compressed(pad)}
    pieces = {text[at : at + 8] for text in (secret_key, *(pad[: len(secret_key)] for pad in pads)) for at in range(25)}
    memory = b"".join(library.read(start, SIZE) for start in (HEAP, STACK)) + library.read(SLIDE, library.size)
    found = {piece for piece in pieces if piece in memory}
    return len(found | {word for word in words if word in memory})


def pieces_before_and_after_free(target: str) -> tuple[int, int]:
    """Returns how many pieces of a secret key are found before a signer is freed, and after it."""
    library, secret_key, salt = Library(target), random.Random(3).randbytes(32), b"1234567890"
    signer = library.signer(secret_key)
    for at in library.inputs:
        # Wipes the caller's own copies.
        library.put(*at)
    library.written("kayako_signer_sign", signer, *library.text(salt))
    library.call("kayako_signer_verify", signer, *library.text(salt), *library.text(b"A" * 43 + b"="))
    before = pieces_left(library, secret_key)
    library.call("kayako_signer_free", signer)
    return before, pieces_left(library, secret_key)


def main() -> int:
    passed = failed = 0
    for target in ("aarch64-apple-darwin", "x86_64-apple-darwin"):
        library = Library(target)
        salts = {library.written("kayako_salt_generate") for _ in range(100)}
        alive, freed = pieces_before_and_after_free(target)
        results = {
            "it signs and verifies as Python does": signs_as_python_does(library),
            "salts are fresh": len(salts) == 100 and {len(salt) for salt in salts} == {32},
            "no instruction and no address depends on the secret key": traces(target) == 1,
            "control: the table lookups of base64 are seen": traces(target, of_base64=True) > 1,
            "nothing of a freed signer is left in memory": freed == 0,
            "control: before it is freed, the key and both states are found": alive >= 16 + 25,
            "control: with a changed constant it does not": not signs_as_python_does(Library(target, changed=True)),
        }
        for statement, holds in results.items():
            passed += holds
            failed += not holds
            if not holds:
                print(f"macos_code.py: {target}: {statement}", file=sys.stderr)
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


sys.exit(main())
