"""The command line: argv → config → run → report → exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

OK = 0
FINDINGS = 1
TROUBLE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    Args:
        argv: the arguments; those of the process when None.

    Returns:
        0 when nothing was found at or above `--fail-on`, 1 when something was, 2 for wrong usage, a wrong config or
        trouble of the tool itself.
    """
    _open_what_is_closed()
    try:
        return _answer(list(sys.argv[1:] if argv is None else argv))
    finally:
        _let_go_of_what_is_full()


def _answer(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        from patternlint import __version__  # noqa: PLC0415 - answered before anything slow is imported

        try:
            sys.stdout.write(f"patternlint {__version__}\n")
            sys.stdout.flush()
        except OSError as error:
            from patternlint.cli.app import failed  # noqa: PLC0415 - for trouble only

            return failed(error)
        return OK
    from patternlint.cli.app import run  # noqa: PLC0415 - see above

    return run(arguments)


def _open_what_is_closed() -> None:
    """Give a standard stream that is closed (`>&-`) the null device: Python has None there.

    In their order, so that each takes its own number, which else the next file that is opened would take.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end


def _let_go_of_what_is_full() -> None:
    """Point a stream that can no longer be written (a full disk, nobody who reads) at the null device.

    Python flushes both once more at its end, and would complain then, and end with an exit code of its own.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
