"""Suppressions at work: what they silence, and which of them silence nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
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
    silencers = _silencers(directives, groups)
    kept: list[Diagnostic] = []
    silenced: list[Diagnostic] = []
    used: set[Use] = set()
    for finding in findings:
        silencer = silencers.get(finding.rule)
        uses = silencer.uses(finding.region.line) if silencer is not None else []
        (silenced if uses else kept).append(finding)
        used.update(uses)
    return kept, silenced, frozenset(used)


class _Silencer:
    """The suppressions of one rule, in the order of the text."""

    def __init__(self) -> None:
        self._everywhere: list[Use] = []
        self._uses: list[Use] = []
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self._so_far: list[int] = []

    def add(self, lines: tuple[int, int], use: Use) -> None:
        """Add a name in a suppression that speaks of `lines`."""
        first, last = lines
        if last == 0:
            self._everywhere.append(use)
            return
        self._uses.append(use)
        self._firsts.append(first)
        self._lasts.append(last)
        self._so_far.append(max(last, self._so_far[-1] if self._so_far else 0))

    def uses(self, line: int) -> list[Use]:
        """Return the names that speak of a line; only those that may are looked at."""
        start = bisect_left(self._so_far, line)
        stop = bisect_right(self._firsts, line)
        return [*self._everywhere, *(self._uses[at] for at in range(start, stop) if self._lasts[at] >= line)]


def _silencers(directives: Sequence[Directive], groups: Mapping[str, tuple[str, ...]]) -> Mapping[str, _Silencer]:
    """Return the suppressions of each rule that one of them names, by itself or by its group."""
    found: defaultdict[str, _Silencer] = defaultdict(_Silencer)
    for index, directive in enumerate(directives):
        for place, name in enumerate(directive.rules):
            for rule in {name, *groups.get(name, ())}:
                found[rule].add(directive.lines, (index, place))
    return found


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
