"""Causes: findings that one decision can resolve, such as all links to one name that does not exist.

Findings of a rule have one cause if they have the same subject; without a subject, if their messages are equal except for
numbers and what is in backticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Safety
from patternlint.diagnostics.severity import Severity

GAP = "…"
"""Stands for what differs between findings of one cause."""

_VARIABLE = re.compile(r"(`[^`]*`|\d[\d.,]*)")

_LEVEL_WEIGHTS = {Severity.OFF: 0, Severity.INFO: 1, Severity.WARNING: 3, Severity.ERROR: 9}

CauseKey = tuple[str, Severity, str]
"""The rule, the level, and the subject or the message with gaps."""


class Cause(Struct, frozen=True):
    """Findings with one cause.

    Attributes:
        rule: their rule.
        severity: their level.
        subject: their subject, or empty.
        message: their message, with `GAP` for each part that differs.
        help: their help, likewise; empty if it differs as a whole.
        count: the number of findings.
        files: the number of files they are in.
        fix: the title of their fixes, likewise; empty if no finding has one.
        safety: the safety of their fixes; unsafe if any is. None without a fix.
    """

    rule: str
    severity: Severity
    subject: str
    message: str
    help: str
    count: int
    files: int
    fix: str = ""
    safety: Safety | None = None

    @property
    def weight(self) -> int:
        """How much the cause matters: the number of findings by their level, doubled with a fix."""
        return self.count * _LEVEL_WEIGHTS[self.severity] * (1 if self.safety is None else 2)


class CauseCollector:
    """Groups findings by cause. The findings of one file must be added one after another."""

    def __init__(self) -> None:
        self._groups: dict[CauseKey, _Group] = {}

    def add(self, finding: Diagnostic) -> int:
        """Add a finding, and return the number of its cause, from 0 in the order of their first findings."""
        key = cause_key(finding)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(len(self._groups))
        group.add(finding)
        return group.number

    def causes(self) -> tuple[Cause, ...]:
        """Return the causes by number."""
        return tuple(group.cause(rule, severity) for (rule, severity, _), group in self._groups.items())


def cause_key(finding: Diagnostic) -> CauseKey:
    """Return what all findings with the cause of a finding have in common."""
    return finding.rule, finding.severity, finding.subject or _with_gaps(finding.message)


def collect_causes(findings: Iterable[Diagnostic]) -> tuple[Cause, ...]:
    """Return the causes of findings, the most important first.

    Args:
        findings: the findings of one file follow one another.
    """
    collector = CauseCollector()
    for finding in findings:
        collector.add(finding)
    return by_weight(collector.causes())


def by_weight(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Return causes sorted by descending weight."""
    return tuple(sorted(causes, key=lambda one: (-one.weight, one.rule, one.subject, one.message)))


def causes_of_most(causes: Iterable[Cause], share: float = 0.8) -> int:
    """Return how many causes, the most frequent first, have at least a share of all findings."""
    counts = sorted((one.count for one in causes), reverse=True)
    needed, covered = share * sum(counts), 0
    for number, count in enumerate(counts):
        if covered >= needed:
            return number
        covered += count
    return len(counts)


@lru_cache(maxsize=4096)  # findings of a rule without a subject have few messages
def _with_gaps(message: str) -> str:
    return _VARIABLE.sub(GAP, message)


class _Group:
    """The findings of one cause that were added so far."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._message, self._help, self._fix = _Template(), _Template(), _Template()
        self._safeties: set[Safety] = set()
        self._subject = ""
        self._count = self._files = 0
        self._path: str | None = None

    def add(self, finding: Diagnostic) -> None:
        self._count += 1
        if finding.path != self._path:
            self._path = finding.path
            self._files += 1
        self._subject = finding.subject
        self._message.add(finding.message)
        self._help.add(finding.help)
        if finding.fix is not None:
            self._fix.add(finding.fix.title)
            self._safeties.add(finding.fix.safety)

    def cause(self, rule: str, severity: Severity) -> Cause:
        safety = (Safety.UNSAFE if Safety.UNSAFE in self._safeties else Safety.SAFE) if self._safeties else None
        return Cause(
            rule,
            severity,
            self._subject,
            self._message.text or self._message.first,
            self._help.text,
            self._count,
            self._files,
            self._fix.text,
            safety,
        )


class _Template:
    """A text with `GAP` in place of the parts in which the added texts differ; empty if they differ in other parts."""

    def __init__(self) -> None:
        self.first = ""
        self._parts: list[str] | None = []

    def add(self, text: str) -> None:
        if text == self.first or self._parts is None:
            return
        parts = _VARIABLE.split(text)
        if self._parts:
            self._parts = _merged(self._parts, parts)
        else:
            self.first, self._parts = text, parts

    @property
    def text(self) -> str:
        return "".join(self._parts or ())


def _merged(one: Sequence[str], other: Sequence[str]) -> list[str] | None:
    """Return two split texts as one with gaps; None if they differ in what is fixed, the parts with even indexes."""
    if one[::2] != other[::2]:
        return None
    return list(_merged_parts(one, other))


def _merged_parts(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    return (here if here == there else GAP for here, there in zip(one, other, strict=True))
