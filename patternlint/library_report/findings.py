"""Findings as columns: a value of each finding in a list, and texts that recur once."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.causes import Cause, CauseCollector
from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Safety
from patternlint.diagnostics.severity import Severity
from patternlint.library_report.excerpts import Excerpt

FIX_CODES = {None: 0, Safety.SAFE: 1, Safety.UNSAFE: 2}


class TextColumn:
    """A column of texts: distinct texts once, and the index of each value."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}
        self.values: list[int] = []

    def add(self, text: str) -> None:
        """Add a value."""
        self.values.append(self._index.setdefault(text, len(self._index)))

    @property
    def texts(self) -> list[str]:
        """The distinct texts in the order of their first use."""
        return list(self._index)


class FindingColumns(Struct, frozen=True):
    """Findings as columns, in the order of the run. `CollectedFindings.omitted` findings of a cause are left out."""

    file: list[int]
    cause: list[int]
    line: list[int]
    column: list[int]
    message: list[int]
    help: list[int]
    fix: list[int]
    safety: list[int]
    excerpt: list[int]
    start: list[int]
    length: list[int]
    new: list[int]
    messages: list[str]
    helps: list[str]
    fixes: list[str]
    excerpts: list[str]


class ShownFinding(Struct, frozen=True, gc=False):
    """A finding, a function that returns its source line, and whether it is new since the baseline."""

    finding: Diagnostic
    excerpt_of: Callable[[Diagnostic], Excerpt]
    is_new: bool = False


class CollectedFindings(Struct, frozen=True):
    """The findings of a run.

    Attributes:
        columns: the findings that are shown in full.
        causes: their causes, the most important first; `columns.cause` are indexes in it.
        other_paths: the files with findings that are not patterns; the empty path stands for the whole library.
        levels: the number of errors, warnings and infos of each pattern.
        omitted: the number of findings that are counted, but not shown in full.
    """

    columns: FindingColumns
    causes: tuple[Cause, ...]
    other_paths: tuple[str, ...]
    levels: Mapping[Severity, list[int]]
    omitted: int = 0


def collect_findings(findings: Iterable[ShownFinding], index: Mapping[str, int]) -> CollectedFindings:
    """Return findings as columns.

    Args:
        findings: the findings, sorted by path.
        index: the index of each pattern by path.
    """
    collector = CauseCollector()
    messages, helps, fixes, excerpts = TextColumn(), TextColumn(), TextColumn(), TextColumn()
    others: dict[str, int] = {}
    levels = {severity: [0] * len(index) for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)}
    file, cause, line, column, safety, start, length, new = [list[int]() for _ in range(8)]
    for found in findings:
        finding = found.finding
        number = collector.add(finding)
        at = index.get(finding.path)
        if at is None:
            at = len(index) + others.setdefault(finding.path, len(others))
        else:
            levels[finding.severity][at] += 1
        fix = finding.fix
        text = found.excerpt_of(finding)
        new.append(int(found.is_new))
        file.append(at)
        cause.append(number)
        line.append(finding.region.line)
        column.append(finding.region.column)
        messages.add(finding.message)
        helps.add(finding.help)
        fixes.add(fix.title if fix is not None else "")
        safety.append(FIX_CODES[fix.safety if fix is not None else None])
        excerpts.add(text.text)
        start.append(text.start)
        length.append(text.length)
    causes = collector.causes()
    order = sorted(range(len(causes)), key=lambda number: (-causes[number].weight, number))
    rank = {number: place for place, number in enumerate(order)}
    columns = FindingColumns(
        file,
        [rank[number] for number in cause],
        line,
        column,
        messages.values,
        helps.values,
        fixes.values,
        safety,
        excerpts.values,
        start,
        length,
        new,
        messages.texts,
        helps.texts,
        fixes.texts,
        excerpts.texts,
    )
    return CollectedFindings(columns, tuple(causes[number] for number in order), tuple(others), levels)


def with_details(found: CollectedFindings, details: int) -> CollectedFindings:
    """Return findings of which at most `details` of each cause are shown in full. The others are only counted."""
    columns = found.columns
    shown: Counter[int] = Counter()
    kept: list[int] = []
    for index, cause in enumerate(columns.cause):
        shown[cause] += 1
        if shown[cause] <= details:
            kept.append(index)

    def numbers(values: list[int]) -> list[int]:
        return [values[index] for index in kept]

    def texts(values: list[int], known: list[str]) -> TextColumn:
        column = TextColumn()
        for index in kept:
            column.add(known[values[index]])
        return column

    messages, helps = texts(columns.message, columns.messages), texts(columns.help, columns.helps)
    fixes, excerpts = texts(columns.fix, columns.fixes), texts(columns.excerpt, columns.excerpts)
    fewer = FindingColumns(
        numbers(columns.file),
        numbers(columns.cause),
        numbers(columns.line),
        numbers(columns.column),
        messages.values,
        helps.values,
        fixes.values,
        numbers(columns.safety),
        excerpts.values,
        numbers(columns.start),
        numbers(columns.length),
        numbers(columns.new),
        messages.texts,
        helps.texts,
        fixes.texts,
        excerpts.texts,
    )
    return replace(found, columns=fewer, omitted=found.omitted + len(columns.cause) - len(kept))


def details_within(found: CollectedFindings, total: int) -> int:
    """Return the greatest number of findings of each cause in full for which these are at most `total`."""
    counts = Counter(found.columns.cause).values()
    return (
        bisect_right(range(max(counts, default=0) + 1), total, key=lambda most: sum(min(one, most) for one in counts))
        - 1
    )
