"""What was there before: findings counted by what they are about, whatever their line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from patternlint.diagnostic import Diagnostic
from patternlint.fingerprint import about

Identity = tuple[str, str]
"""A rule, and what its finding is about in a file (`patternlint.fingerprint.about`)."""


def identity(finding: Diagnostic) -> Identity:
    """Return what makes a finding the same finding in another state of its file."""
    return finding.rule, about(finding)


def identities(findings: Iterable[Diagnostic]) -> Counter[Identity]:
    """Return what findings are about, each as often as there are such."""
    return Counter(map(identity, findings))


def called_anew(known: Counter[Identity], names: Mapping[str, str]) -> Counter[Identity]:
    """Return what findings are about when patterns that they name have got other names: old ones to new ones."""
    if not names:
        return known
    found: Counter[Identity] = Counter()
    for (rule, text), count in known.items():
        head, colon, subject = text.rpartition(": ")
        found[rule, f"{head}{colon}{names.get(subject, subject)}" if colon else text] += count
    return found


class Before(Protocol):
    """Something that knows older findings: a baseline, or an earlier state of the library."""

    def known(self, path: str) -> Counter[Identity]:
        """Return what is known about a file of the run."""
        ...


class Gate:
    """Lets only new findings through: those that nothing knows."""

    def __init__(
        self, befores: Sequence[Before], explain: Callable[[Diagnostic], Diagnostic] = lambda finding: finding
    ) -> None:
        """Take what knows older findings, and what a new finding becomes."""
        self._befores = befores
        self._explain = explain

    def also(self, before: Before) -> Gate:
        """Return a gate that stops what `before` knows, too."""
        return Gate((*self._befores, before), self._explain)

    def split(self, path: str, findings: Sequence[Diagnostic]) -> tuple[Sequence[Diagnostic], int]:
        """Return those of a file's findings that are new, and how many are not.

        Of equal findings as many are old as the one knows that knows most of them.
        """
        if not findings:
            return findings, 0
        left: Counter[Identity] = Counter()
        for before in self._befores:
            left |= before.known(path)
        new: list[Diagnostic] = []
        for finding in findings:
            key = identity(finding)
            if left[key] > 0:
                left[key] -= 1
            else:
                new.append(self._explain(finding))
        return new, len(findings) - len(new)
