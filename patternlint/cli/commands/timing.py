"""`patternlint check --timing`."""

from __future__ import annotations

import sys

from msgspec.structs import replace

from patternlint.cli.options import CheckOptions
from patternlint.cli.reporting import report
from patternlint.cli.requests import run_each
from patternlint.cli.session import run_checks
from patternlint.run.combined import JoinedRun
from patternlint.run.profile import Profiler
from patternlint.run.request import RunRequest
from patternlint.run.run import Run


def run(options: CheckOptions) -> int:
    """Check files in one process, print the time of each stage on standard error and return the exit code."""
    profiler = Profiler()
    notes: list[str] = []

    def run_request(request: RunRequest) -> Run:
        run, more = run_checks(options, replace(request, jobs=1, make_linter=profiler.linter), profiler.progress)
        notes.extend(more)
        return run

    runs = run_each(options, run_request)
    profiler.finish_checks()
    code = report(options, JoinedRun(runs), tuple(notes))
    sys.stdout.flush()
    profiler.finish_report()
    sys.stderr.write(f"\n{profiler.table()}")
    return code
