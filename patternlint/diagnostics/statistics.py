"""A run in numbers. Thousands of files show the same, and are counted as one: what they show is a short text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Safety
from patternlint.diagnostics.severity import Severity

DiagnosticSummary = tuple[str, Severity, Safety | None]
"""What a finding counts for: its rule, its level, and how safe its fix is, None where it has none."""

FileSummary = tuple[DiagnosticSummary, ...]
"""What findings count for."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(FileSummary).decode


def summarize(findings: Iterable[Diagnostic]) -> FileSummary:
    """Return what findings count for."""
    return tuple([(one.rule, one.severity, None if (fix := one.fix) is None else fix.safety) for one in findings])


def encode_summary(summary: FileSummary) -> str:
    """Return as text what findings count for."""
    return _encode(summary).decode()


class RuleStatistics(Struct, frozen=True):
    """How often a rule spoke, at which level, and about how many files."""

    rule: str
    severity: Severity
    count: int
    files: int


class RunStatistics(Struct, frozen=True):
    """A run in numbers.

    Attributes:
        files: the Markdown files that were asked for.
        patterns: those that are patterns, by the version of their spec; of no known spec under "unknown".
        left_alone: those that are none.
        findings: how many, by level.
        silenced: how many a suppression silenced.
        known: how many were known before, and are in no other number.
        fixable: how many a safe fix mends, and how many an unsafe one.
        rules: the rules that spoke, in the order of their names.
    """

    files: int
    patterns: dict[str, int]
    left_alone: int
    findings: dict[Severity, int]
    silenced: int
    known: int
    fixable: dict[Safety, int]
    rules: tuple[RuleStatistics, ...]


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
    files, left_alone, silenced, known = (
        sum(getattr(one, name) for one in some) for name in ("files", "left_alone", "silenced", "known")
    )
    stats = tuple(rules[key] for key in sorted(rules))
    return RunStatistics(files, dict(sorted(patterns.items())), left_alone, levels, silenced, known, fixable, stats)


class StatisticsCollector:
    """Counts files and what is found in them, bit by bit: every rule speaks about one file in one bit only."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.files = 0
        self._left_alone = 0
        self._patterns: Counter[str] = Counter()
        self._silenced = 0
        self._known = 0
        self._texts: Counter[str] = Counter()
        self._summaries: Counter[FileSummary] = Counter()

    def add_file(self, spec: str | None) -> None:
        """Count a file: a pattern that follows a spec, empty for none that is known; or None, which is left alone."""
        self.files += 1
        if spec is None:
            self._left_alone += 1
        else:
            self._patterns[spec or "unknown"] += 1

    def add_text(self, text: str) -> None:
        """Count findings about a file, by what `text_of` makes of them."""
        self._texts[text] += 1

    def add(self, summary: FileSummary, silenced: int = 0, known: int = 0) -> None:
        """Count findings about a file; how many more were silenced by suppressions, and how many were known before."""
        self._summaries[summary] += 1
        self._silenced += silenced
        self._known += known

    def counts(self) -> RunStatistics:
        """Return it in numbers."""
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
        return RunStatistics(
            self.files, patterns, self._left_alone, levels, self._silenced, self._known, fixable, stats
        )
