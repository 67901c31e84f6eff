"""How to speak to whoever runs the command. Imports nothing slow."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from patternlint.cli import TROUBLE


def use_color(options: Namespace, *, terminal: bool) -> bool:
    """Return whether to colour: as asked for, else by NO_COLOR and FORCE_COLOR (https://no-color.org), else on terminals."""
    if options.color != "auto":
        return bool(options.color == "always")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def complain(message: str) -> int:
    """Print one sentence about what is wrong, and return the exit code for it."""
    from patternlint.report.harmless import shown  # noqa: PLC0415 - for trouble only

    sys.stderr.write(f"patternlint: {shown(message)}\n")
    return TROUBLE
