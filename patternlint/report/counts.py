"""What a run adds up to, in words and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from msgspec import Struct

from patternlint.diagnostic import Diagnostic, Severity
from patternlint.report.encode import encoder
from patternlint.report.harmless import shown, writer
from patternlint.report.model import RuleCount, Style, Summary
from patternlint.report.paint import Paint, level, painter

PLURALS = {"error": "errors", "warning": "warnings", "info": "info"}
_HEADINGS = ("rule", "level", "findings", "files")


class _Tally(Struct):
    severity: Severity = Severity.OFF
    count: int = 0
    files: int = 0
    last: str = ""


def count_rules(findings: Iterable[Diagnostic]) -> list[RuleCount]:
    """Return how often each rule found something, the most frequent first.

    Args:
        findings: sorted, so that those of a file stand together.
    """
    tallies: dict[str, _Tally] = {}
    for finding in findings:
        tally = tallies.get(finding.rule)
        if tally is None:
            tally = tallies[finding.rule] = _Tally()
        tally.count += 1
        if finding.path != tally.last or tally.count == 1:
            tally.files += 1
            tally.last = finding.path
        tally.severity = max(tally.severity, finding.severity)
    return sort_counts(RuleCount(rule, one.severity, one.count, one.files) for rule, one in tallies.items())


def sort_counts(counts: Iterable[RuleCount]) -> list[RuleCount]:
    """Return counts with the greatest first, and by name where they are equal."""
    return sorted(counts, key=lambda one: (-one.count, one.rule))


def number(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: "1 file", "3,616 files"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def level_counts(summary: Summary) -> str:
    """Return the findings by level, the heaviest first: "3 errors, 1 warning"; empty where there are none."""
    return ", ".join(
        number(count, name, PLURALS[name])
        for name in ("error", "warning", "info")
        if (count := summary.findings.get(name, 0))
    )


def summary_lines(summary: Summary, notes: Iterable[str] = (), paint: Paint | None = None) -> Iterator[str]:
    """Yield what a run adds up to, in plain words.

    Args:
        summary: the numbers.
        notes: further lines, for the end.
        paint: colours the levels.
    """
    yield files_line(summary)
    yield _findings_line(summary, paint or painter(color=False))
    if summary.fixed:
        yield f"fixed {number(summary.fixed, 'finding')}"
    if fixable := fixable_line(summary):
        yield fixable
    yield from map(shown, notes)


def files_line(summary: Summary) -> str:
    """Return what was looked at: "14 files: 13 patterns (11 of spec 7.1, 2 of spec 8.2), 1 other left alone"."""
    patterns = sum(summary.patterns.values())
    by_spec = ", ".join(f"{count:,} of spec {shown(spec)}" for spec, count in summary.patterns.items() if count)
    parts = [number(patterns, "pattern") + (f" ({by_spec})" if by_spec else "")]
    if summary.broken:
        parts.append(f"{summary.broken:,} that cannot be read as a pattern")
    if summary.left_alone:
        parts.append(f"{number(summary.left_alone, 'other')} left alone")
    return f"{number(summary.files, 'file')}: {', '.join(parts)}"


def _findings_line(summary: Summary, paint: Paint) -> str:
    aside = [
        f"{count:,} {what}"
        for count, what in ((summary.silenced, "silenced"), (summary.baselined, "in the baseline"))
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
    """Return what can be fixed and how, the flags between `quote`s, or an empty text."""
    safe, unsafe = summary.fixable, summary.fixable_unsafe
    fix, unsafe_fixes = f"{quote}--fix{quote}", f"{quote}--unsafe-fixes{quote}"
    if safe and unsafe:
        return f"{safe:,} fixable with {fix}, {unsafe:,} more with {unsafe_fixes}"
    if safe:
        return f"{safe:,} fixable with {fix}"
    return f"{unsafe:,} fixable with {unsafe_fixes}" if unsafe else ""


def write_summary(summary: Summary, notes: Iterable[str], out: TextIO, style: Style) -> None:
    """Write what a run adds up to, a line for each thing."""
    write = writer(out)
    for line in summary_lines(summary, notes, painter(color=style.color)):
        write(line + "\n")


def write_statistics(counts: Iterable[RuleCount], out: TextIO, style: Style) -> None:
    """Write a table of how often each rule found something, the most frequent first."""
    ordered = sort_counts(counts)
    paint = painter(color=style.color)
    write = writer(out)
    names = [shown(one.rule) for one in ordered]
    name_width = max(map(len, (_HEADINGS[0], *names)))
    level_width = max(map(len, PLURALS))
    count_width = max(map(len, (_HEADINGS[2], *(f"{one.count:,}" for one in ordered))))
    file_width = max(map(len, (_HEADINGS[3], *(f"{one.files:,}" for one in ordered))))
    heading = (
        f"{_HEADINGS[0]:<{name_width}}  {_HEADINGS[1]:<{level_width}}  "
        f"{_HEADINGS[2]:>{count_width}}  {_HEADINGS[3]:>{file_width}}"
    )
    write(paint("dim", heading) + "\n")
    for name, one in zip(names, ordered, strict=True):
        label = level(one.severity)
        padding = " " * (level_width - len(label))
        write(
            f"{name:<{name_width}}  {paint(label, label)}{padding}  "
            f"{one.count:>{count_width},}  {one.files:>{file_width},}\n"
        )


def write_statistics_json(counts: Iterable[RuleCount], out: TextIO) -> None:
    """Write the same as one JSON object, `#/$defs/statistics` of `schemas/report-1.schema.json`."""
    encode = encoder(out)
    lines = [
        encode({"rule": one.rule, "level": level(one.severity), "findings": one.count, "files": one.files})
        for one in sort_counts(counts)
    ]
    out.write('{"version":1,"statistics":[' + ",".join("\n" + line for line in lines) + "\n]}\n")
