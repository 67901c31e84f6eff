"""Run a command, and turn every error into a message and an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from patternlint.cli.arguments import COMMANDS
from patternlint.cli.cleanup import exit_stack
from patternlint.cli.errors import print_error, report_os_error
from patternlint.cli.exit_codes import INTERRUPTED
from patternlint.errors import UserError


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code."""
    gc.disable()  # the values of a run form no cycles; without the collector it takes a fifth less time
    _use_utf8()
    has_command = bool(arguments) and arguments[0] in COMMANDS
    name = arguments[0] if has_command else "check"
    try:
        with exit_stack:
            command = import_module(f"patternlint.cli.commands.{name}")
            code: int = command.run(command.parser().parse(arguments[1:] if has_command else arguments))
            sys.stdout.flush()
    except UserError as error:
        return print_error(str(error))
    except KeyboardInterrupt:
        sys.stderr.write("\npatternlint: interrupted\n")
        return INTERRUPTED
    except OSError as error:
        return report_os_error(error)
    return code


def _use_utf8() -> None:
    """Write UTF-8 in every locale: patterns contain letters that a C locale lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
