"""The line of a run in the history file of a library."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

from patternlint.cli.errors import UsageError
from patternlint.diagnostics.statistics import RunStatistics
from patternlint.library_report.history import history_point, read_history, with_point
from patternlint.library_report.model import HistoryPoint
from patternlint.library_report.stats import LibraryStats
from patternlint.project.git import GitError, commit_of, find_top


def extended_history(path: Path, summary: RunStatistics, stats: LibraryStats) -> tuple[HistoryPoint, ...]:
    """Return the lines of a history file, and one for this run.

    Raises:
        HistoryError: when a line of the file is invalid.
    """
    return with_point(read_history(path), history_point(summary, stats, _commit()))


def today() -> date:
    """Return today's date, or that of `SOURCE_DATE_EPOCH` (https://reproducible-builds.org/specs/source-date-epoch/)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError) as error:
        message = f"`SOURCE_DATE_EPOCH` is not a number of seconds since 1970: `{epoch}`"
        raise UsageError(message) from error
    return moment.date()


def _commit() -> str:
    """Return the id of the commit in the working directory; empty without one."""
    top = find_top(Path.cwd())
    try:
        return commit_of(top, "HEAD") if top is not None else ""
    except GitError:
        return ""
