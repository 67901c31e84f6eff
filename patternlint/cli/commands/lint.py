"""`patternlint check` without fixes."""

from __future__ import annotations

import sys

from patternlint.cli.options import CheckOptions
from patternlint.cli.reporting import report
from patternlint.cli.requests import run_each
from patternlint.cli.session import run_checks
from patternlint.run.combined import JoinedRun
from patternlint.run.request import RunRequest
from patternlint.run.run import Run


def run(options: CheckOptions) -> int:
    """Check files, report the findings and return the exit code. With `--timing`, print a profile on standard error."""
    profiler = None
    if options.timing:
        from patternlint.run.profile import Profiler  # noqa: PLC0415 - for this flag only

        profiler = Profiler()
    notes: list[str] = []

    def run_request(request: RunRequest) -> Run:
        run, more = run_checks(options, request, profiler)
        notes.extend(more)
        return run

    runs = run_each(options, run_request)
    if profiler is None:
        return report(options, JoinedRun(runs), tuple(notes))
    profiler.finish_checks()
    code = report(options, JoinedRun(runs), tuple(notes))
    sys.stdout.flush()
    profiler.finish_report()
    sys.stderr.write(f"\n{profiler.table()}")
    return code
