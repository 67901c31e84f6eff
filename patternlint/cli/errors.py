"""Errors of the command line. Imports nothing slow."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from errno import EBADF
from typing import TYPE_CHECKING

from patternlint.cli.exit_codes import ERROR
from patternlint.errors import UserError
from patternlint.messages.did_you_mean import did_you_mean

if TYPE_CHECKING:  # pathlib is not needed for `--help`
    from pathlib import Path


class UsageError(UserError):
    """Invalid arguments."""


def require_choice(kind: str, value: str, choices: Iterable[str]) -> None:
    """Raise UsageError unless `value` is one of `choices`; the message names the closest one, or else all of them."""
    names = tuple(choices)
    if value not in names:
        hint = f"; expected one of {', '.join(names)}"
        message = f"unknown {kind} `{value}`{did_you_mean(value, names) or hint}"
        raise UsageError(message)


def require_work_tree(top: Path | None, flags: str) -> Path:
    """Return the top of the git work tree.

    Args:
        top: the top that was found; None outside of a work tree.
        flags: the subject of the error message, such as "--since requires".

    Raises:
        UsageError: outside of a work tree.
    """
    if top is None:
        message = f"{flags} a git work tree"
        raise UsageError(message)
    return top


def print_note(message: str) -> None:
    """Print a line on standard error."""
    from patternlint.report.escape import escape_line  # noqa: PLC0415 - most commands print no note

    sys.stderr.write(f"patternlint: {escape_line(message)}\n")


def print_error(message: str) -> int:
    """Print an error message and return the exit code for it."""
    import re  # noqa: PLC0415 - for errors only

    with suppress(OSError):  # standard error is closed; the exit code still reports the failure
        # Python decodes path bytes that are not UTF-8 to lone surrogates.
        print_note(re.sub("[\udc80-\udcff]", lambda half: f"\\x{ord(half[0]) & 0xFF:02x}", message))
        sys.stderr.flush()
    return ERROR


def report_os_error(error: OSError) -> int:
    """Print an error of the operating system, except a closed pipe, and return the exit code for it."""
    if isinstance(error, BrokenPipeError):
        return ERROR
    if isinstance(error, FileNotFoundError) and not error.filename:  # raised by `os.getcwd`
        return print_error("the current folder no longer exists")
    if error.errno == EBADF and not error.filename:
        return print_error("standard output is closed")
    location = f"{error.filename}: " if error.filename else ""
    return print_error(f"{location}{error.strerror or error}")
