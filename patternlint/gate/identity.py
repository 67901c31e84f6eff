"""What makes a finding the same finding in another state of the file: rule, route and subject; no line, no count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from patternlint.diagnostic import Diagnostic

Identity = tuple[str, str]
"""The rule, and what it is about in that file: stays while lines move, keys change places and items are added."""


def identity(finding: Diagnostic) -> Identity:
    """Return what a finding is about, readable: `relationships.enables: active-listening`."""
    route = ".".join(step for step in finding.route if isinstance(step, str))
    return finding.rule, f"{route}: {finding.subject}" if finding.subject else route


def split(findings: Sequence[Diagnostic], known: Counter[Identity]) -> tuple[list[Diagnostic], int]:
    """Return the findings that are not known, and how many are. Of equal ones as many are known as `known` says."""
    left = known.copy()
    new: list[Diagnostic] = []
    for finding in findings:
        key = identity(finding)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(finding)
    return new, len(findings) - len(new)


def identities(findings: Iterable[Diagnostic]) -> Counter[Identity]:
    """Return what findings are about, each as often as there are such."""
    return Counter(map(identity, findings))
