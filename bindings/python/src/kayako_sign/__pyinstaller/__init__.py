"""Shows PyInstaller the folder of the hook that adds the library."""

from __future__ import annotations

import os


def hook_folders() -> list[str]:
    return [os.path.dirname(os.path.abspath(__file__))]
