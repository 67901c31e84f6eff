"""Statistics of a run.

Most files have one of a few combinations of findings, so each combination is counted as one encoded summary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Safety
from patternlint.diagnostics.severity import Severity

DiagnosticSummary = tuple[str, Severity, Safety | None]
"""The rule, the level and the safety of the fix of a diagnostic; None without a fix."""

FileSummary = tuple[DiagnosticSummary, ...]
"""The summaries of the diagnostics of a file."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(FileSummary).decode


def summarize(findings: Iterable[Diagnostic]) -> FileSummary:
    """Return the summary of diagnostics."""
    return tuple([(one.rule, one.severity, None if (fix := one.fix) is None else fix.safety) for one in findings])


def encode_summary(summary: FileSummary) -> str:
    """Encode a summary as text."""
    return _encode(summary).decode()


class RuleStatistics(Struct, frozen=True):
    """The number of findings of a rule at one level, and of the files they are in."""

    rule: str
    severity: Severity
    count: int
    files: int


class RunStatistics(Struct, frozen=True):
    """The numbers of a run.

    Attributes:
        files: the checked Markdown files.
        patterns: patterns by the version of their spec; "unknown" for those that follow no known spec.
        skipped: files that are not patterns.
        findings: their number by level.
        silenced: the number of suppressed findings.
        known: the number of earlier findings, which no other number includes.
        fixable: the number of findings with a fix, by its safety.
        rules: the rules with findings, sorted by name.
        fixed: the number of findings that were fixed before, which no other number includes.
    """

    files: int = 0
    patterns: Mapping[str, int] = {}
    skipped: int = 0
    findings: Mapping[Severity, int] = {}
    silenced: int = 0
    known: int = 0
    fixable: Mapping[Safety, int] = {}
    rules: tuple[RuleStatistics, ...] = ()
    fixed: int = 0

    @property
    def total(self) -> int:
        """The number of findings."""
        return sum(self.findings.values())


def joined_counts(some: Sequence[RunStatistics]) -> RunStatistics:
    """Return the sum of runs about different files."""
    patterns: Counter[str] = Counter()
    levels: Counter[Severity] = Counter()
    fixable: Counter[Safety] = Counter()
    rules: dict[tuple[str, Severity], RuleStatistics] = {}
    for one in some:
        patterns.update(one.patterns)
        levels.update(one.findings)
        fixable.update(one.fixable)
        for stat in one.rules:
            key = stat.rule, stat.severity
            before = rules.get(key, RuleStatistics(*key, 0, 0))
            rules[key] = RuleStatistics(*key, before.count + stat.count, before.files + stat.files)
    return RunStatistics(
        sum(one.files for one in some),
        dict(sorted(patterns.items())),
        sum(one.skipped for one in some),
        levels,
        sum(one.silenced for one in some),
        sum(one.known for one in some),
        fixable,
        tuple(rules[key] for key in sorted(rules)),
    )


class StatisticsCollector:
    """Counts files and their findings. All findings of a rule in one file must be added together."""

    def __init__(self) -> None:
        self.files = 0
        self._skipped = 0
        self._patterns: Counter[str] = Counter()
        self._silenced = 0
        self._known = 0
        self._texts: Counter[str] = Counter()
        self._summaries: Counter[FileSummary] = Counter()

    def add_file(self, spec: str | None) -> None:
        """Count a file: a pattern by its spec, empty for an unknown one, or None for a file that is not a pattern."""
        self.files += 1
        if spec is None:
            self._skipped += 1
        else:
            self._patterns[spec or "unknown"] += 1

    def add_text(self, text: str) -> None:
        """Count the findings of a file by their encoded summary."""
        self._texts[text] += 1

    def add(self, summary: FileSummary, silenced: int = 0, known: int = 0) -> None:
        """Count the findings of a file, and its suppressed and earlier findings."""
        self._summaries[summary] += 1
        self._silenced += silenced
        self._known += known

    def counts(self) -> RunStatistics:
        """Return the statistics of all that was counted."""
        summary = self._summaries + Counter({_decode(text): files for text, files in self._texts.items()})
        by_rule: Counter[tuple[str, Severity]] = Counter()
        in_files: Counter[tuple[str, Severity]] = Counter()
        levels: Counter[Severity] = Counter()
        fixable: Counter[Safety] = Counter()
        for some, files in summary.items():
            for rule, severity, safety in some:
                by_rule[rule, severity] += files
                levels[severity] += files
                if safety is not None:
                    fixable[safety] += files
            for rule, severity in {(rule, severity) for rule, severity, _ in some}:
                in_files[rule, severity] += files
        stats = tuple(RuleStatistics(*key, count, in_files[key]) for key, count in sorted(by_rule.items()))
        patterns = dict(sorted(self._patterns.items()))
        return RunStatistics(self.files, patterns, self._skipped, levels, self._silenced, self._known, fixable, stats)
