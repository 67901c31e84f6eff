"""`patternlint check --add-suppressions`."""

from __future__ import annotations

import sys
from itertools import islice

from patternlint.cli.errors import UsageError, print_note
from patternlint.cli.exit_codes import ERROR, OK
from patternlint.cli.options import CheckOptions
from patternlint.cli.requests import run_each
from patternlint.cli.session import run_checks
from patternlint.edits.suppression_comments import reason_problems
from patternlint.project.atomic_write import WriteError
from patternlint.report.summary import number
from patternlint.run.request import RunRequest
from patternlint.run.run import Run
from patternlint.run.suppress import suppress, write

_MAX_ERRORS = 10


def run(options: CheckOptions) -> int:
    """Write a suppression comment for every finding, and return the exit code.

    Raises:
        UsageError: when the reason cannot be written into a comment, or the flags exclude each other.
    """
    for message in reason_problems(options.reason):
        raise UsageError(message)
    if options.staged or options.at or options.stdin_filename:
        message = "--add-suppressions cannot be used with --staged, --at or --stdin-filename"
        raise UsageError(message)
    failures: dict[str, WriteError] = {}
    suppressed: dict[str, int] = {}
    left = 0

    def run_request(request: RunRequest) -> Run:
        nonlocal left
        run, _ = run_checks(options, request)
        result = suppress(run, options.reason.strip())
        failures.update(write(run, result))
        suppressed.update(result.silenced)
        left += result.left
        return run

    run_each(options, run_request)
    for error in islice(failures.values(), _MAX_ERRORS):
        print_note(str(error))
    if len(failures) > _MAX_ERRORS:
        print_note(f"{len(failures) - _MAX_ERRORS:,} more files were not written")
    if not options.quiet:
        counts = [count for path, count in suppressed.items() if path not in failures]
        rest = f"; {left:,} cannot be suppressed by a comment" if left else ""
        sys.stdout.write(f"{number(sum(counts), 'finding')} suppressed in {number(len(counts), 'file')}{rest}\n")
    return ERROR if failures else OK
