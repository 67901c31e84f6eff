"""Suppressions at work: what they silence, and which of them silence nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.messages.did_you_mean import closest_matches
from patternlint.parser.parser import Suppression
from patternlint.rule.internal import AddedSuppression, UnusedRuleName
from patternlint.source import Region

SuppressionUse = tuple[int, int]
"""A name in a suppression that silenced something: the suppression's index and the name's in it."""


def apply_suppressions(
    findings: Iterable[Diagnostic], directives: Sequence[Suppression], groups: Mapping[str, tuple[str, ...]]
) -> tuple[list[Diagnostic], list[Diagnostic], frozenset[SuppressionUse]]:
    """Return the findings that are kept, those that a suppression silences, and the names that did so."""
    found = list(findings)
    if not directives:
        return found, [], frozenset()
    lines: defaultdict[str, set[int]] = defaultdict(set)
    for finding in found:
        lines[finding.rule].add(finding.region.line)
    silencers = _silencers(directives, groups, lines.keys())
    used: set[SuppressionUse] = set()
    silent = {rule: silencer.silenced(sorted(lines[rule]), used) for rule, silencer in silencers.items()}
    kept: list[Diagnostic] = []
    silenced: list[Diagnostic] = []
    for finding in found:
        is_silent = finding.rule in silent and finding.region.line in silent[finding.rule]
        (silenced if is_silent else kept).append(finding)
    return kept, silenced, frozenset(used)


class _SuppressionIndex:
    """The suppressions of one rule."""

    def __init__(self) -> None:
        self._everywhere: list[SuppressionUse] = []
        self._spans: list[tuple[int, int, SuppressionUse]] = []

    def add(self, lines: tuple[int, int], use: SuppressionUse) -> None:
        """Add a name in a suppression that speaks of `lines`."""
        first, last = lines
        if last == 0:
            self._everywhere.append(use)
        else:
            self._spans.append((first, last, use))

    def silenced(self, lines: Sequence[int], used: set[SuppressionUse]) -> set[int]:
        """Return those of `lines` that a suppression speaks of, and add the names that speak of one to `used`.

        Lines ascend, so each suppression is looked at once: at the first line from its own first on. When it ends before
        that, it speaks of no later one either.
        """
        used.update(self._everywhere)
        found: set[int] = set()
        spans = sorted(self._spans)
        reach = at = 0
        for line in lines:
            while at < len(spans) and spans[at][0] <= line:
                _, last, use = spans[at]
                at += 1
                if last >= line:
                    used.add(use)
                    reach = max(reach, last)
            if reach >= line or self._everywhere:
                found.add(line)
        return found


def all_uses(directives: Iterable[Suppression]) -> frozenset[SuppressionUse]:
    """Return every name in suppressions as one that silences something."""
    return frozenset((index, place) for index, one in enumerate(directives) for place in range(len(one.rules)))


def _silencers(
    directives: Sequence[Suppression], groups: Mapping[str, tuple[str, ...]], rules: AbstractSet[str]
) -> Mapping[str, _SuppressionIndex]:
    """Return the suppressions of each of `rules` that one of them names, by itself or by its group."""
    meant = {name: rules & {name, *groups.get(name, ())} for name in {*groups, *rules}}
    found: defaultdict[str, _SuppressionIndex] = defaultdict(_SuppressionIndex)
    for index, directive in enumerate(directives):
        for place, name in enumerate(directive.rules):
            for rule in meant.get(name, ()):
                found[rule].add(directive.lines, (index, place))
    return found


def unused_suppressions(
    path: str,
    directives: Sequence[Suppression],
    regions: Sequence[tuple[Region, ...]],
    used: frozenset[SuppressionUse],
    known: Mapping[str, bool],
) -> Iterator[UnusedRuleName]:
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
        whole = len(idle) == len(directive.rules) and all(name in known for name in directive.rules)
        for place in idle:
            name = directive.rules[place]
            meant = "" if not name or name in known else next(iter(closest_matches(name, known)), "")
            yield UnusedRuleName(path, name, name in known, directive, place, whole, regions[index][place], meant)


SuppressionKey = tuple[str, bool]
"""What makes a suppression the same in another state of its file: the name, and whether it counts for the whole file."""


def suppression_keys(directives: Iterable[Suppression]) -> Counter[SuppressionKey]:
    """Return the names in suppressions, each as often as it is there."""
    return Counter((name, _is_whole_file(one)) for one in directives for name in one.rules if name)


def _is_whole_file(directive: Suppression) -> bool:
    return directive.lines == (0, 0)


def added_suppressions(
    path: str,
    directives: Sequence[Suppression],
    regions: Sequence[tuple[Region, ...]],
    before: Counter[SuppressionKey],
) -> Iterator[AddedSuppression]:
    """Yield every name in a suppression that was not there before; of equal ones the last are new.

    Args:
        path: the file.
        directives: its suppressions.
        regions: the places of the names in each.
        before: the names that were there.
    """
    left = Counter(before)
    for directive, places in zip(directives, regions, strict=True):
        for name, span, place in zip(directive.rules, directive.names, places, strict=True):
            key = name, _is_whole_file(directive)
            if left[key] > 0:
                left[key] -= 1
            elif name:
                yield AddedSuppression(path, name, _is_whole_file(directive), directive.reason, span, place)
