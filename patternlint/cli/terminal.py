"""How to speak to whoever runs the command. Imports nothing slow."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from contextlib import suppress

from patternlint.cli.exit_codes import ERROR


def use_color(options: Namespace, *, terminal: bool) -> bool:
    """Return whether to colour: as asked for, else by NO_COLOR and FORCE_COLOR (https://no-color.org), else on terminals."""
    if options.color != "auto":
        return bool(options.color == "always")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def print_error(message: str) -> int:
    """Print one sentence about what is wrong, and return the exit code for it."""
    import re  # noqa: PLC0415 - for trouble only

    from patternlint.report.escape import escape_line  # noqa: PLC0415 - for trouble only

    # A path may hold bytes that are no UTF-8: Python has each as half of a character.
    message = re.sub("[\udc80-\udcff]", lambda half: f"\\x{ord(half[0]) & 0xFF:02x}", message)
    with suppress(OSError):  # nobody to tell it; the exit code still does
        sys.stderr.write(f"patternlint: {escape_line(message)}\n")
        sys.stderr.flush()
    return ERROR
