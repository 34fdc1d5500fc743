"""Loads a library for macOS into the memory of an emulated processor, and answers its calls of the system."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any, Callable

import lief

# unicorn has no types.
unicorn: Any = import_module("unicorn")
arm64: Any = import_module("unicorn.arm64_const")
x86: Any = import_module("unicorn.x86_const")

DIST = Path(__file__).resolve().parents[2] / "target/dist"
SLIDE, STUBS, HEAP, STACK, STOP = 0x1_0000_0000, 0x2_0000_0000, 0x3_0000_0000, 0x7_0000_0000, 0x8_0000_0000
SIZE = 0x100_0000
OK = 0
#: A word of SHA-256's table of constants, which the controls change.
CONSTANT = (0x428A2F98).to_bytes(4, "little")


class Processor:
    """Sets up one kind of processor, and calls functions on it."""

    def __init__(self, target: str) -> None:
        if target.startswith("aarch64"):
            self.emulator = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
            # This model has SHA-256 instructions. The code uses them without a check, because every Mac has them.
            self.emulator.ctl_set_cpu_model(arm64.UC_CPU_ARM64_MAX)
            self.arguments = [getattr(arm64, f"UC_ARM64_REG_X{n}") for n in range(8)]
            self.result, self.stack, self.to_return = arm64.UC_ARM64_REG_X0, arm64.UC_ARM64_REG_SP, b"\xc0\x03\x5f\xd6"
            self.link: int | None = arm64.UC_ARM64_REG_LR
        else:
            self.emulator = unicorn.Uc(unicorn.UC_ARCH_X86, unicorn.UC_MODE_64)
            names = ("RDI", "RSI", "RDX", "RCX", "R8", "R9")
            self.arguments = [getattr(x86, f"UC_X86_REG_{name}") for name in names]
            self.result, self.stack, self.to_return = x86.UC_X86_REG_RAX, x86.UC_X86_REG_RSP, b"\xc3"
            self.link = None

    def call(self, address: int, *arguments: int) -> int:
        for register, value in zip(self.arguments, arguments):
            self.emulator.reg_write(register, value)
        top = STACK + SIZE - 0x1000
        if self.link is None:
            top -= 8
            self.emulator.mem_write(top, STOP.to_bytes(8, "little"))
        else:
            self.emulator.reg_write(self.link, STOP)
        self.emulator.reg_write(self.stack, top)
        self.emulator.emu_start(address, STOP)
        return int(self.emulator.reg_read(self.result)) & 0xFFFF_FFFF


class Library:
    """A library in the memory of a processor."""

    def __init__(self, target: str, changed: bool = False) -> None:
        self.processor = Processor(target)
        self.emulator = self.processor.emulator
        # lief frees the parts together with the whole.
        self.whole = lief.MachO.parse(str(DIST / target / "libkayako_sign.0.dylib"))
        assert self.whole is not None
        binary = self.whole.at(0)
        assert binary is not None
        for start in (STUBS, HEAP, STACK):
            self.emulator.mem_map(start, SIZE)
        self.emulator.mem_map(STOP, 0x1000)
        self.free = HEAP
        self.inputs: list[tuple[int, bytes]] = []
        self.threads_own: dict[int, int] = {}
        self.load(binary, changed)
        self.bind(binary)
        self.exports = {str(symbol.name).removeprefix("_"): SLIDE + symbol.value for symbol in binary.exported_symbols}

    def load(self, binary: lief.MachO.Binary, changed: bool) -> None:
        segments = list(binary.segments)
        end = max(segment.virtual_address + segment.virtual_size for segment in segments)
        self.size = (end + 0xFFFF) & ~0xFFFF
        self.emulator.mem_map(SLIDE, self.size)
        for segment in segments:
            content = bytes(segment.content)
            if changed and segment.name == "__TEXT":
                assert CONSTANT in content, "SHA-256's constants are in the code"
                content = content.replace(CONSTANT, bytes(4))
            self.emulator.mem_write(SLIDE + segment.virtual_address, content)
        for place in binary.relocations:
            value = int.from_bytes(self.emulator.mem_read(SLIDE + place.address, 8), "little")
            self.emulator.mem_write(SLIDE + place.address, (value + SLIDE).to_bytes(8, "little"))

    def bind(self, binary: lief.MachO.Binary) -> None:
        """Binds each function of the system to a stub that Python answers."""
        self.names: list[str] = []
        for binding in binary.bindings:
            symbol = binding.symbol
            assert symbol is not None
            stub = STUBS + 16 * len(self.names)
            self.names.append(str(symbol.name))
            self.emulator.mem_write(stub, self.processor.to_return)
            self.emulator.mem_write(SLIDE + binding.address, stub.to_bytes(8, "little"))
        self.emulator.hook_add(unicorn.UC_HOOK_CODE, self.answer, begin=STUBS, end=STUBS + SIZE - 1)

    def answer(self, _: object, address: int, *__: object) -> None:
        name = self.names[(address - STUBS) // 16]
        one, two, three = (self.emulator.reg_read(register) for register in self.processor.arguments[:3])
        answers: dict[str, Callable[[], int]] = {
            "_malloc": lambda: self.allocate(one),
            "_free": lambda: 0,
            "_memcpy": lambda: self.put(one, self.read(two, three)),
            "_memmove": lambda: self.put(one, self.read(two, three)),
            "_memset": lambda: self.put(one, bytes([two & 0xFF]) * three),
            "_bzero": lambda: self.put(one, bytes(two)),
            "___bzero": lambda: self.put(one, bytes(two)),
            "_memcmp": lambda: int(self.read(one, three) != self.read(two, three)),
            "_getentropy": lambda: 0 * self.put(one, os.urandom(two)),
            "__tlv_bootstrap": lambda: self.threads_own.setdefault(one, self.allocate(64)),
        }
        assert name in answers, f"the library asks the system for {name}"
        self.emulator.reg_write(self.processor.result, answers[name]())

    def allocate(self, size: int) -> int:
        start = self.free
        self.free += (size + 31) & ~15
        return start

    def read(self, start: int, size: int) -> bytes:
        return bytes(self.emulator.mem_read(start, size)) if size else b""

    def put(self, start: int, octets: bytes) -> int:
        self.emulator.mem_write(start, octets)
        return start

    def text(self, octets: bytes) -> tuple[int, int]:
        start = self.put(self.allocate(len(octets)), octets)
        self.inputs.append((start, bytes(len(octets))))
        return start, len(octets)

    def call(self, function: str, *arguments: int) -> int:
        return self.processor.call(self.exports[function], *arguments)

    def signer(self, secret_key: bytes) -> int:
        handle = self.allocate(8)
        assert self.call("kayako_signer_new", *self.text(b"apikey"), *self.text(secret_key), handle) == OK
        return int.from_bytes(self.read(handle, 8), "little")

    def written(self, function: str, *inputs: int) -> bytes:
        """Returns the text that a function writes."""
        out, length = self.allocate(512), self.allocate(8)
        assert self.call(function, *inputs, out, 512, length) == OK
        return self.read(out, int.from_bytes(self.read(length, 8), "little"))
