"""`patternlint --timing`: where the time goes."""

from __future__ import annotations

import sys
from argparse import Namespace

from msgspec.structs import replace

from patternlint.cli.reporting import report
from patternlint.cli.requests import run_each
from patternlint.cli.session import progress, run_checks
from patternlint.run.combined import JoinedRun
from patternlint.run.profile import Profiler
from patternlint.run.request import RunRequest
from patternlint.run.run import Run


def run(options: Namespace) -> int:
    """Run the command in one process, show on standard error how long it took, and return the exit code."""
    timing = Profiler()
    notes: list[str] = []

    def look(request: RunRequest) -> Run:
        request = replace(request, jobs=1, make_linter=timing.linter)
        with progress(quiet=options.quiet) as advance:
            found, more = run_checks(options, request, timing.progress(advance))
        notes.extend(more)
        return found

    runs = run_each(options, look)
    timing.finish_checks()
    code = report(options, JoinedRun(runs), tuple(notes))
    sys.stdout.flush()
    timing.finish_report()
    sys.stderr.write(f"\n{timing.table()}")
    return code
