"""`patternlint check`: look for findings and report them."""

from __future__ import annotations

import sys
from argparse import Namespace

from patternlint.cli.commands.config import settings_text
from patternlint.cli.config import load_settings
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import Parser, UsageError, check_parser
from patternlint.cli.reporting import report
from patternlint.cli.requests import run_each
from patternlint.cli.session import progress, run_checks
from patternlint.project.paths import existing_path
from patternlint.run.combined import JoinedRun
from patternlint.run.request import RunRequest
from patternlint.run.run import Run


def parser() -> Parser:
    """Return the parser of `patternlint check`."""
    return check_parser()


def run(options: Namespace) -> int:
    """Run the command with the options that `parser` read, and return the exit code.

    Raises:
        UsageError: when the flags contradict each other.
    """
    if options.show_settings:
        loaded = load_settings(options, existing_path(options.paths[0] if options.paths else "."))
        sys.stdout.write(settings_text(loaded))
        return OK
    if options.reason and not options.add_suppressions:
        message = "--reason is the text of the comments of --add-suppressions: write `--add-suppressions --reason TEXT`"
        raise UsageError(message)
    if options.add_suppressions:
        from patternlint.cli.commands import add_suppressions  # noqa: PLC0415 - for this flag only

        return add_suppressions.run(options)
    if options.stdin_filename or options.fix or options.fix_only or options.diff or options.unsafe_fixes:
        from patternlint.cli.commands import fix  # noqa: PLC0415 - for these flags only

        return fix.run(options)
    if options.timing:
        from patternlint.cli.commands import timing  # noqa: PLC0415 - for this flag only

        return timing.run(options)
    notes: list[str] = []

    def look(request: RunRequest) -> Run:
        with progress(quiet=options.quiet) as advance:
            found, more = run_checks(options, request, advance)
        notes.extend(more)
        return found

    return report(options, JoinedRun(run_each(options, look)), tuple(notes))
