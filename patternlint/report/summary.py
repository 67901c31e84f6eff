"""The summary of a run in sentences."""

from __future__ import annotations

from patternlint.diagnostics.fix import Safety
from patternlint.diagnostics.severity import Severity
from patternlint.diagnostics.statistics import RunStatistics
from patternlint.report.color import Paint
from patternlint.report.escape import escape_line
from patternlint.report.model import Report

PLURALS = {"error": "errors", "warning": "warnings", "info": "info"}

UNKNOWN = "unknown"
"""The version of patterns that follow no known spec."""


def number(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: "1 file", "3,616 files"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def level_counts(summary: RunStatistics, paint: Paint = lambda _, text: text) -> str:
    """Return the number of findings by level, the most severe first: "3 errors, 1 warning"; or an empty string."""
    return ", ".join(
        paint(level.label, number(count, level.label, PLURALS[level.label]))
        for level in sorted(Severity, reverse=True)
        if (count := summary.findings.get(level, 0))
    )


def summary_text(report: Report, paint: Paint) -> str:
    """Return the lines of the summary and the notes; `paint` colors the levels."""
    summary = report.summary
    lines = [
        files_line(report),
        _findings_line(summary, paint),
        f"fixed {number(summary.fixed, 'finding')}" if summary.fixed else "",
        fixable_line(summary),
    ]
    return "".join(f"{line}\n" for line in (*filter(None, lines), *map(escape_line, report.notes)))


def files_line(report: Report) -> str:
    """Return the line about files: "14 files: 13 patterns (11 of spec 7.1, 2 of spec 8.2), 1 skipped"."""
    summary = report.summary
    found = {_spec(version): count for version, count in summary.patterns.items() if count}
    patterns = number(sum(found.values()), *report.noun)
    if len(found) == 1:
        patterns += f" of {next(iter(found))}"
    elif found:
        patterns += f" ({', '.join(f'{count:,} of {spec}' for spec, count in found.items())})"
    parts = [patterns]
    if summary.skipped:
        parts.append(f"{summary.skipped:,} skipped")
    return f"{number(summary.files, 'file')}: {', '.join(parts)}"


def _spec(version: str) -> str:
    return "no known spec" if version == UNKNOWN else f"spec {escape_line(version)}"


def _findings_line(summary: RunStatistics, paint: Paint) -> str:
    aside = [
        f"{count:,} {what}"
        for count, what in ((summary.silenced, "silenced"), (summary.known, "known before"))
        if count
    ]
    rest = f" ({', '.join(aside)})" if aside else ""
    if not summary.total:
        return paint("good", "no findings") + rest
    return f"{number(summary.total, 'finding')}: {level_counts(summary, paint)}{rest}"


def fixable_line(summary: RunStatistics, quote: str = "") -> str:
    """Return the line about fixes, with flags between `quote`s, or an empty string."""
    safe, unsafe = (summary.fixable.get(safety, 0) for safety in Safety)
    fix, unsafe_fixes = f"{quote}--fix{quote}", f"{quote}--fix --unsafe-fixes{quote}"
    if safe and unsafe:
        return f"{safe:,} fixable with {fix}, {unsafe:,} more with {unsafe_fixes}"
    if safe:
        return f"{safe:,} fixable with {fix}"
    return f"{unsafe:,} fixable with {unsafe_fixes}" if unsafe else ""
