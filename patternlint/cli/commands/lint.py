"""`patternlint check` without fixes."""

from __future__ import annotations

from patternlint.cli.options import CheckOptions
from patternlint.cli.reporting import report
from patternlint.cli.requests import run_each
from patternlint.cli.session import run_checks
from patternlint.run.combined import JoinedRun
from patternlint.run.request import RunRequest
from patternlint.run.run import Run


def run(options: CheckOptions) -> int:
    """Check files, report the findings and return the exit code."""
    notes: list[str] = []

    def run_request(request: RunRequest) -> Run:
        run, more = run_checks(options, request)
        notes.extend(more)
        return run

    return report(options, JoinedRun(run_each(options, run_request)), tuple(notes))
