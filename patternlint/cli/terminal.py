"""Properties of the terminal. Imports nothing slow."""

from __future__ import annotations

import os


def use_color(setting: str, *, is_terminal: bool) -> bool:
    """Return whether to color the output: by `--color`, NO_COLOR and FORCE_COLOR (https://no-color.org), else on terminals."""
    if setting != "auto":
        return setting == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal and os.environ.get("TERM") != "dumb"
