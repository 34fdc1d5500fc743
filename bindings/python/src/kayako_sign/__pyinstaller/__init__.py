"""Tells PyInstaller where the hook is that brings the library along."""

from __future__ import annotations

import os


def hook_folders() -> list[str]:
    return [os.path.dirname(os.path.abspath(__file__))]
