"""The command line: arguments → options → run → report → exit code."""

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
        0 for no findings at or above `--fail-on`, 1 for such findings, 2 for invalid arguments, an invalid
        configuration or an internal error.
    """
    with lossless_streams():
        return _run(list(sys.argv[1:] if argv is None else argv))


def _run(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        from patternlint import __version__  # noqa: PLC0415 - answered before anything slow is imported

        try:
            sys.stdout.write(f"patternlint {__version__}\n")
            sys.stdout.flush()
        except OSError as error:
            from patternlint.cli.errors import report_os_error  # noqa: PLC0415 - for errors only

            return report_os_error(error)
        return OK
    from patternlint.cli.main import run  # noqa: PLC0415 - see above

    return run(arguments)
