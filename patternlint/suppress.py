"""Suppressions at work: what they silence, and which of them silence nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from patternlint.diagnostic import Diagnostic
from patternlint.parse import Directive
from patternlint.rule import Unused
from patternlint.text import Region

Use = tuple[int, int]
"""A name in a suppression that silenced something: the suppression's index and the name's in it."""


def silence(
    findings: Iterable[Diagnostic], directives: Sequence[Directive], groups: Mapping[str, tuple[str, ...]]
) -> tuple[list[Diagnostic], list[Diagnostic], frozenset[Use]]:
    """Return the findings that are kept, those that a suppression silences, and the names that did so."""
    if not directives:
        return list(findings), [], frozenset()
    kept: list[Diagnostic] = []
    silenced: list[Diagnostic] = []
    used: set[Use] = set()
    for finding in findings:
        uses = {
            (index, place)
            for index, directive in enumerate(directives)
            if _reaches(directive, finding.region)
            for place, name in enumerate(directive.rules)
            if name == finding.rule or finding.rule in groups.get(name, ())
        }
        (silenced if uses else kept).append(finding)
        used |= uses
    return kept, silenced, frozenset(used)


def _reaches(directive: Directive, region: Region) -> bool:
    first, last = directive.lines
    return last == 0 or first <= region.line <= last


def unused(
    path: str,
    directives: Sequence[Directive],
    regions: Sequence[tuple[Region, ...]],
    used: frozenset[Use],
    known: Mapping[str, bool],
) -> Iterator[Unused]:
    """Yield every name in a suppression that silences nothing.

    Args:
        path: the file.
        directives: its suppressions.
        regions: the places of the names in each.
        used: the names that silenced something.
        known: the rules and groups that there are; false for those that this run did not look for.
    """
    for index, directive in enumerate(directives):
        idle = [
            place for place, name in enumerate(directive.rules) if (index, place) not in used and known.get(name, True)
        ]
        for place in idle:
            name = directive.rules[place]
            whole = len(idle) == len(directive.rules) and all(name in known for name in directive.rules)
            yield Unused(path, name, name in known, directive, place, whole, regions[index][place])
