"""The summary of a run in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.severity import Severity
from patternlint.report.color import Paint, painter
from patternlint.report.escape import escape_line, writer
from patternlint.report.model import RenderOptions, RuleCount, Summary

PLURALS = {"error": "errors", "warning": "warnings", "info": "info"}

UNKNOWN = "unknown"
"""The version of patterns that follow no known spec."""


class _Count(Struct):
    severity: Severity = Severity.OFF
    count: int = 0
    files: int = 0
    last: str = ""


def count_rules(findings: Iterable[Diagnostic]) -> list[RuleCount]:
    """Return the number of findings per rule, the most frequent first.

    Args:
        findings: sorted, so that those of a file stand together.
    """
    counts: dict[str, _Count] = {}
    for finding in findings:
        count = counts.get(finding.rule)
        if count is None:
            count = counts[finding.rule] = _Count()
        count.count += 1
        if finding.path != count.last or count.count == 1:
            count.files += 1
            count.last = finding.path
        count.severity = max(count.severity, finding.severity)
    return sort_counts(RuleCount(rule, one.severity, one.count, one.files) for rule, one in counts.items())


def sort_counts(counts: Iterable[RuleCount]) -> list[RuleCount]:
    """Sort counts, the greatest first, then by name."""
    return sorted(counts, key=lambda one: (-one.count, one.rule))


def number(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: "1 file", "3,616 files"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def level_counts(summary: Summary) -> str:
    """Return the number of findings by level, the most severe first: "3 errors, 1 warning"; or an empty string."""
    return ", ".join(
        number(count, name, PLURALS[name])
        for name in ("error", "warning", "info")
        if (count := summary.findings.get(name, 0))
    )


def summary_lines(summary: Summary, notes: Iterable[str] = (), paint: Paint | None = None) -> Iterator[str]:
    """Yield the lines of the summary.

    Args:
        summary: the numbers.
        notes: further lines, for the end.
        paint: colors the levels.
    """
    yield files_line(summary)
    yield _findings_line(summary, paint or painter(color=False))
    if summary.fixed:
        yield f"fixed {number(summary.fixed, 'finding')}"
    if fixable := fixable_line(summary):
        yield fixable
    yield from map(escape_line, notes)


def files_line(summary: Summary) -> str:
    """Return the line about files: "14 files: 13 patterns (11 of spec 7.1, 2 of spec 8.2), 1 other left alone"."""
    found = {_spec(version): count for version, count in summary.patterns.items() if count}
    patterns = number(sum(found.values()), "pattern")
    if len(found) == 1:
        patterns += f" of {next(iter(found))}"
    elif found:
        patterns += f" ({', '.join(f'{count:,} of {spec}' for spec, count in found.items())})"
    parts = [patterns]
    if summary.left_alone:
        parts.append(f"{number(summary.left_alone, 'other')} left alone")
    return f"{number(summary.files, 'file')}: {', '.join(parts)}"


def _spec(version: str) -> str:
    return "no known spec" if version == UNKNOWN else f"spec {escape_line(version)}"


def _findings_line(summary: Summary, paint: Paint) -> str:
    aside = [
        f"{count:,} {what}"
        for count, what in ((summary.silenced, "silenced"), (summary.baselined, "known before"))
        if count
    ]
    rest = f" ({', '.join(aside)})" if aside else ""
    if not summary.total:
        return paint("good", "no findings") + rest
    levels = [
        paint(name, number(count, name, PLURALS[name]))
        for name in ("error", "warning", "info")
        if (count := summary.findings.get(name, 0))
    ]
    return f"{number(summary.total, 'finding')}: {', '.join(levels)}{rest}"


def fixable_line(summary: Summary, quote: str = "") -> str:
    """Return the line about fixes, with flags between `quote`s, or an empty string."""
    safe, unsafe = summary.fixable, summary.fixable_unsafe
    fix, unsafe_fixes = f"{quote}--fix{quote}", f"{quote}--fix --unsafe-fixes{quote}"
    if safe and unsafe:
        return f"{safe:,} fixable with {fix}, {unsafe:,} more with {unsafe_fixes}"
    if safe:
        return f"{safe:,} fixable with {fix}"
    return f"{unsafe:,} fixable with {unsafe_fixes}" if unsafe else ""


def write_summary(summary: Summary, notes: Iterable[str], out: TextIO, style: RenderOptions) -> None:
    """Write the summary."""
    write = writer(out)
    for line in summary_lines(summary, notes, painter(color=style.color)):
        write(line + "\n")
