"""The command line: argv → config → run → report → exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from patternlint.cli.exit_codes import OK
from patternlint.cli.streams import lossless_streams


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    Args:
        argv: the arguments; those of the process when None.

    Returns:
        0 when nothing was found at or above `--fail-on`, 1 when something was, 2 for wrong usage, a wrong config or
        trouble of the tool itself.
    """
    with lossless_streams():
        return _answer(list(sys.argv[1:] if argv is None else argv))


def _answer(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        from patternlint import __version__  # noqa: PLC0415 - answered before anything slow is imported

        try:
            sys.stdout.write(f"patternlint {__version__}\n")
            sys.stdout.flush()
        except OSError as error:
            from patternlint.cli.main import report_os_error  # noqa: PLC0415 - for trouble only

            return report_os_error(error)
        return OK
    from patternlint.cli.main import run  # noqa: PLC0415 - see above

    return run(arguments)
