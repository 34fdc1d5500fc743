# noqa: N999 the name is PyInstaller's
"""Brings the library along, which PyInstaller does not see, because it is loaded by name."""

from PyInstaller.utils.hooks import collect_dynamic_libs  # type: ignore[import-untyped]

binaries = collect_dynamic_libs("kayako_sign")
