"""What was there before: findings counted by what they are about, whatever their line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fingerprint import stable_subject
from patternlint.linter.suppressions import SuppressionKey

FindingKey = tuple[str, str]
"""A rule, and what its finding is about in a file (`patternlint.fingerprint.about`)."""


def identity(finding: Diagnostic) -> FindingKey:
    """Return what makes a finding the same finding in another state of its file."""
    return finding.rule, stable_subject(finding)


def count_keys(findings: Iterable[Diagnostic]) -> Counter[FindingKey]:
    """Return what findings are about, each as often as there are such."""
    return Counter(map(identity, findings))


def rename_keys(
    known: Counter[FindingKey], names: Mapping[str, str], present: Counter[FindingKey]
) -> Counter[FindingKey]:
    """Return what older findings are about when patterns that they name have got other names.

    Args:
        known: what they are about by the old names.
        names: old names to new ones.
        present: what is found now: what is still found by an old name stays with it.
    """
    if not names:
        return known
    found: Counter[FindingKey] = Counter()
    for key, count in known.items():
        rule, text = key
        head, colon, subject = text.rpartition(": ")
        stay = min(count, present[key]) if colon and subject in names else count
        if stay:
            found[key] += stay
        if stay < count:
            found[rule, f"{head}{colon}{names[subject]}"] += count - stay
    return found


class EarlierDiagnostics(Protocol):
    """Something that knows older findings: a baseline, or an earlier state of the library."""

    def known(self, path: str, present: Counter[FindingKey]) -> Counter[FindingKey]:
        """Return what is known about a file of the run, in which there is what is `present`."""
        ...


class Revision(EarlierDiagnostics, Protocol):
    """An earlier state of the library."""

    def suppressions(self, path: str) -> Counter[SuppressionKey]:
        """Return the suppressions that a file of the run had, under the name that it had."""
        ...


class NewDiagnosticsFilter:
    """Lets only new findings through: those that nothing knows."""

    def __init__(
        self,
        befores: Sequence[EarlierDiagnostics],
        explain: Callable[[Diagnostic], Diagnostic] = lambda finding: finding,
        revisions: Sequence[Revision] = (),
    ) -> None:
        """Take what knows older findings, what a new finding becomes, and the earlier states to compare with."""
        self._befores = (*befores, *revisions)
        self._explain = explain
        self._revisions = revisions

    def also(self, before: EarlierDiagnostics) -> NewDiagnosticsFilter:
        """Return a gate that stops what `before` knows, too."""
        return NewDiagnosticsFilter((before,), self._explain, self._revisions)

    def suppressions(self, path: str) -> Counter[SuppressionKey] | None:
        """Return the suppressions that a file had in any earlier state; None where there is no such state."""
        if not self._revisions:
            return None
        found: Counter[SuppressionKey] = Counter()
        for revision in self._revisions:
            found |= revision.suppressions(path)
        return found

    def split(self, path: str, findings: Sequence[Diagnostic]) -> tuple[Sequence[Diagnostic], int]:
        """Return those of a file's findings that are new, and how many are not.

        Of equal findings as many are old as the one knows that knows most of them.
        """
        if not findings:
            return findings, 0
        left: Counter[FindingKey] = Counter()
        keys = [identity(finding) for finding in findings]
        present = Counter(keys)
        for before in self._befores:
            left |= before.known(path, present)
        new: list[Diagnostic] = []
        for key, finding in zip(keys, findings, strict=True):
            if left[key] > 0:
                left[key] -= 1
            else:
                new.append(self._explain(finding))
        return new, len(findings) - len(new)
