"""The history file: one line a run, as JSON, so that a report shows how findings change over time."""

from __future__ import annotations

from pathlib import Path

import msgspec

from patternlint.diagnostics.severity import Severity
from patternlint.diagnostics.statistics import RunStatistics
from patternlint.errors import UserError
from patternlint.library_report.model import HistoryPoint
from patternlint.library_report.stats import LibraryStats

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(HistoryPoint).decode


class HistoryError(UserError):
    """A history file that is invalid."""


def history_point(summary: RunStatistics, stats: LibraryStats, commit: str) -> HistoryPoint:
    """Return the line of a run."""
    rules: dict[str, int] = {}
    for one in summary.rules:
        rules[one.rule] = rules.get(one.rule, 0) + one.count
    levels = {level.label: summary.findings.get(level, 0) for level in sorted(Severity, reverse=True) if level}
    return HistoryPoint(
        stats.date, commit, sum(summary.patterns.values()), levels, rules, stats.statuses, stats.without_links
    )


def read_history(path: Path) -> tuple[HistoryPoint, ...]:
    """Return the lines of a history file; nothing if it does not exist.

    Raises:
        HistoryError: when a line is invalid.
        OSError: when it cannot be read.
    """
    if not path.exists():
        return ()
    points: list[HistoryPoint] = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if line.strip():
            try:
                points.append(_decode(line))
            except msgspec.DecodeError as error:
                message = f"{path}:{number}: invalid line of a history file: {error}"
                raise HistoryError(message) from error
    return tuple(points)


def with_point(points: tuple[HistoryPoint, ...], point: HistoryPoint) -> tuple[HistoryPoint, ...]:
    """Return a history with a line for this run, which replaces one for the same date and commit."""
    if points and (points[-1].date, points[-1].commit) == (point.date, point.commit):
        points = points[:-1]
    return (*points, point)


def history_text(points: tuple[HistoryPoint, ...]) -> bytes:
    """Return the text of a history file."""
    return b"".join(_encode(point) + b"\n" for point in points)
