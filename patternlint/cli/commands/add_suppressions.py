"""`patternlint --add-suppressions`: silence everything that is found today, by comments."""

from __future__ import annotations

import sys
from argparse import Namespace
from itertools import islice

from patternlint.cli.exit_codes import ERROR, OK
from patternlint.cli.options import UsageError
from patternlint.cli.requests import run_each
from patternlint.cli.session import progress, run_checks
from patternlint.edits.suppression_comments import reason_problems
from patternlint.project.atomic_write import WriteError
from patternlint.run.request import RunRequest
from patternlint.run.run import Run
from patternlint.run.suppress import suppress, write

SHOWN_FAILURES = 10


def run(options: Namespace) -> int:
    """Run the command and return the exit code.

    Raises:
        UsageError: when the reason cannot stand in a comment, or the flags contradict each other.
    """
    for message in reason_problems(options.reason):
        raise UsageError(message)
    if options.staged or options.at or options.stdin_filename:
        message = "suppressions are written into the work tree: leave out --staged, --at and --stdin-filename"
        raise UsageError(message)
    failures: dict[str, WriteError] = {}
    silenced: dict[str, int] = {}
    lefts: list[int] = []

    def look(request: RunRequest) -> Run:
        with progress(quiet=options.quiet) as advance:
            found, _ = run_checks(options, request, advance)
            made = suppress(found, options.reason.strip())
        failures.update(write(found, made))
        silenced.update(made.silenced)
        lefts.append(made.left)
        return found

    run_each(options, look)
    for error in islice(failures.values(), SHOWN_FAILURES):
        sys.stderr.write(f"patternlint: {error}\n")
    if len(failures) > SHOWN_FAILURES:
        sys.stderr.write(f"patternlint: and {len(failures) - SHOWN_FAILURES:,} more were not written\n")
    if not options.quiet:
        written = [count for path, count in silenced.items() if path not in failures]
        files = "file" if len(written) == 1 else "files"
        left = f"; {sum(lefts):,} cannot be silenced by a comment" if any(lefts) else ""
        sys.stdout.write(f"{sum(written):,} silenced in {len(written):,} {files}{left}\n")
    return ERROR if failures else OK
