# noqa: N999 the name is PyInstaller's
"""Adds the library, which PyInstaller does not find by itself, because the package loads it by name."""

from PyInstaller.utils.hooks import collect_dynamic_libs  # type: ignore[import-untyped]

binaries = collect_dynamic_libs("kayako_sign")
