"""Apply suppressions, and find unused and added ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.messages.did_you_mean import closest_matches
from patternlint.parser.suppressions import WHOLE_FILE, Suppression
from patternlint.rule.internal import AddedSuppression, UnusedRuleName

SuppressionUse = tuple[int, int]
"""A name in a suppression that suppressed a diagnostic: the indexes of the suppression and of the name in it."""


def apply_suppressions(
    diagnostics: Iterable[Diagnostic], suppressions: Sequence[Suppression], groups: Mapping[str, tuple[str, ...]]
) -> tuple[list[Diagnostic], list[Diagnostic], frozenset[SuppressionUse]]:
    """Return the diagnostics that are kept, the suppressed ones, and the names that suppressed them."""
    diagnostics = list(diagnostics)
    if not suppressions:
        return diagnostics, [], frozenset()
    lines: defaultdict[str, set[int]] = defaultdict(set)
    for diagnostic in diagnostics:
        lines[diagnostic.rule].add(diagnostic.region.line)
    used: set[SuppressionUse] = set()
    suppressed_lines = {
        rule: index.suppressed(sorted(lines[rule]), used)
        for rule, index in _index_by_rule(suppressions, groups, lines.keys()).items()
    }
    kept: list[Diagnostic] = []
    suppressed: list[Diagnostic] = []
    for diagnostic in diagnostics:
        is_suppressed = diagnostic.region.line in suppressed_lines.get(diagnostic.rule, ())
        (suppressed if is_suppressed else kept).append(diagnostic)
    return kept, suppressed, frozenset(used)


class _SuppressionIndex:
    """The suppressions of one rule."""

    def __init__(self) -> None:
        self._everywhere: list[SuppressionUse] = []
        self._spans: list[tuple[int, int, SuppressionUse]] = []

    def add(self, lines: tuple[int, int], use: SuppressionUse) -> None:
        """Add a name in a suppression of `lines`, the first and the last one, or `WHOLE_FILE`."""
        if lines == WHOLE_FILE:
            self._everywhere.append(use)
        else:
            self._spans.append((*lines, use))

    def suppressed(self, lines: Sequence[int], used: set[SuppressionUse]) -> set[int]:
        """Return those of `lines`, in ascending order, that are suppressed, and add the names that do so to `used`.

        Each span is compared once, with the first line that is not before it: if it ends before that line, it ends
        before all later ones.
        """
        used.update(self._everywhere)
        suppressed: set[int] = set()
        spans = sorted(self._spans)
        reach = position = 0
        for line in lines:
            while position < len(spans) and spans[position][0] <= line:
                _, last, use = spans[position]
                position += 1
                if last >= line:
                    used.add(use)
                    reach = max(reach, last)
            if reach >= line or self._everywhere:
                suppressed.add(line)
        return suppressed


def all_uses(suppressions: Iterable[Suppression]) -> frozenset[SuppressionUse]:
    """Return every name in the suppressions."""
    return frozenset((index, place) for index, one in enumerate(suppressions) for place in range(len(one.rules)))


def _index_by_rule(
    suppressions: Sequence[Suppression], groups: Mapping[str, tuple[str, ...]], rules: AbstractSet[str]
) -> Mapping[str, _SuppressionIndex]:
    """Return the suppressions of each of `rules` that they name, by the rule or by its group."""
    members = {name: rules & {name, *groups.get(name, ())} for name in {*groups, *rules}}
    by_rule: defaultdict[str, _SuppressionIndex] = defaultdict(_SuppressionIndex)
    for index, suppression in enumerate(suppressions):
        for place, name in enumerate(suppression.rules):
            for rule in members.get(name, ()):
                by_rule[rule].add(suppression.lines, (index, place))
    return by_rule


def unused_suppressions(
    path: str,
    suppressions: Sequence[Suppression],
    used: frozenset[SuppressionUse],
    enabled: Mapping[str, bool],
) -> Iterator[UnusedRuleName]:
    """Yield every name in a suppression that suppresses no diagnostic.

    Args:
        path: the file.
        suppressions: its suppressions.
        used: the names that suppressed a diagnostic.
        enabled: all existing rules and groups, and whether they are enabled; disabled ones are not unused.
    """
    for index, suppression in enumerate(suppressions):
        rules = suppression.rules
        unused = [place for place, name in enumerate(rules) if (index, place) not in used and enabled.get(name, True)]
        is_whole = len(unused) == len(rules) and all(name in enabled for name in rules)
        for place in unused:
            name, is_known = rules[place], rules[place] in enabled
            meant = "" if is_known or not name else next(iter(closest_matches(name, enabled)), "")
            yield UnusedRuleName(path, name, is_known, suppression, place, is_whole, suppression.regions[place], meant)


SuppressionKey = tuple[str, bool]
"""Identifies a name across states of a file: the name, and whether it is suppressed in the whole file."""


def suppression_keys(suppressions: Iterable[Suppression]) -> Counter[SuppressionKey]:
    """Return the number of times that each name is suppressed."""
    return Counter((name, one.lines == WHOLE_FILE) for one in suppressions for name in one.rules if name)


def added_suppressions(
    path: str, suppressions: Iterable[Suppression], before: Counter[SuppressionKey]
) -> Iterator[AddedSuppression]:
    """Yield every name in a suppression that an earlier state of the file lacks; of equal names the last ones.

    Args:
        path: the file.
        suppressions: its suppressions.
        before: the names in the earlier state.
    """
    left = Counter(before)
    for suppression in suppressions:
        is_whole_file = suppression.lines == WHOLE_FILE
        for name, span, region in zip(suppression.rules, suppression.names, suppression.regions, strict=True):
            if left[name, is_whole_file] > 0:
                left[name, is_whole_file] -= 1
            elif name:
                yield AddedSuppression(path, name, is_whole_file, suppression.reason, span, region)
