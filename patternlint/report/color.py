"""Terminal colors by the role of a text. Imports nothing slow."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

_STYLES: Mapping[str, str] = {
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold cyan",
    "message": "bold",
    "plain": "none",
    "off": "dim",
    "gutter": "blue",
    "label": "cyan",
    "dim": "dim",
    "good": "green",
}

Paint = Callable[[str, str], str]
"""Takes a role and a text, and returns the text in the color of the role."""


def use_color(setting: str, *, is_terminal: bool) -> bool:
    """Return whether to color the output: by `--color`, NO_COLOR and FORCE_COLOR (https://no-color.org), else on terminals."""
    if setting != "auto":
        return setting == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal and os.environ.get("TERM") != "dumb"


def painter(*, color: bool) -> Paint:
    """Return a function that colors text by its role, or returns it unchanged when `color` is false."""
    if not color:
        return lambda _, text: text
    from rich.color import ColorSystem  # noqa: PLC0415 - 30 ms that only a colored terminal pays
    from rich.style import Style  # noqa: PLC0415

    around: dict[str, tuple[str, str]] = {}
    for role, definition in _STYLES.items():
        before, _, after = Style.parse(definition).render("\0", color_system=ColorSystem.STANDARD).partition("\0")
        around[role] = before, after

    def paint(role: str, text: str) -> str:
        if not text:
            return text
        before, after = around[role]
        return f"{before}{text}{after}"

    return paint
