"""Decide which edits exclude each other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from patternlint.diagnostics.fix import Fix, InsertItem, Replacement
from patternlint.diagnostics.route import Route
from patternlint.document.pattern import Pattern
from patternlint.edits.insert_item import item_insertions
from patternlint.edits.insert_key import key_insertions, one_line_key
from patternlint.parser.parser import ParsedFile
from patternlint.source import Span, line_start


class EditFootprint(Struct, frozen=True):
    """A part of a text that a fix changes, or that must stay as it is for the fix to be right.

    Attributes:
        span: the part; empty where something is put in.
        created: the route of the key or list that an edit of data is about; None for an edit of text.
        item: whether an item is added.
        leans: whether the part is only looked at: what is added is indented and quoted like its neighbours.
    """

    span: Span
    created: Route | None = None
    item: bool = False
    leans: bool = False

    def goes_with(self, other: EditFootprint) -> bool:
        """Return whether two edits at one place can both be made: items of one list, or different things put in."""
        mine, theirs = self.created, other.created
        if mine is None or theirs is None:
            return False
        if self.leans or other.leans or (self.item and other.item and mine == theirs):
            return True
        return not self.span and not other.span and mine[: len(theirs)] != theirs and theirs[: len(mine)] != mine


def footprints_of(fix: Fix, home: str, parsed: Mapping[str, ParsedFile]) -> list[tuple[str, EditFootprint]] | None:
    """Return what a fix changes in which file; None when it cannot be made."""
    claims: list[tuple[str, EditFootprint]] = []
    for edit in fix.edits:
        path = edit.path or home
        one = parsed.get(path)
        if one is None or one.source.decode_error is not None:
            return None
        if isinstance(edit, Replacement):
            claims.append((path, EditFootprint(edit.span)))
            continue
        pattern = one.pattern
        if pattern is None:
            return None
        if isinstance(edit, InsertItem):
            found = item_insertions(pattern, edit.route, (edit,))
        else:
            found = key_insertions(pattern, one_line_key(edit.route, edit.value))
        if found is None:
            return None
        claims += [(path, EditFootprint(one.span, one.created, isinstance(edit, InsertItem))) for one in found]
        neighbours = _neighbours(pattern, edit.route)
        if neighbours:
            claims.append((path, EditFootprint(neighbours, edit.route, leans=True)))
    return None if _overlap(edit for edit in fix.edits if isinstance(edit, Replacement)) else claims


def _neighbours(pattern: Pattern, route: Route) -> Span:
    """Return what an item or a key that is added at `route` takes its indentation and its quotes from."""
    depth = next(depth for depth in range(len(route), -1, -1) if pattern.get(*route[:depth]) is not None)
    node = pattern.front.root.get(*route[:depth])
    text = pattern.source.text
    if node is None or not node.children or node.style:
        first = node
    elif isinstance(node.children, tuple):
        return Span(node.key_end if node.key_start >= 0 else node.start, node.end)
    else:
        first = min(node.children.values(), key=lambda child: child.key_start)
    start = first.key_start if first is not None and first.key_start >= 0 else 0
    return Span(line_start(text, start), start)


def _overlap(edits: Iterable[Replacement]) -> bool:
    """Return whether the edits of one fix are in each other's way: then the rule that made it is wrong."""
    ends: dict[str, int] = {}
    for edit in sorted(edits, key=lambda edit: (edit.path, edit.span)):
        if edit.span.start < ends.get(edit.path, 0):
            return True
        ends[edit.path] = edit.span.end
    return False


class FootprintIndex:
    """The parts of one text that accepted fixes change."""

    def __init__(self) -> None:
        self._solid: list[Span] = []
        self._owners: dict[Span, EditFootprint] = {}
        self._points: list[int] = []
        self._put_in: defaultdict[int, list[EditFootprint]] = defaultdict(list)
        self._leans: set[Span] = set()

    def free(self, claim: EditFootprint) -> bool:
        """Return whether `claim` is in the way of none that was added; one that touches another is."""
        start, end = claim.span.start, claim.span.end
        at = bisect_left(self._solid, claim.span)
        for span in self._solid[max(at - 1, 0) : at + 2]:
            if span.start <= end and start <= span.end and not claim.goes_with(self._owners[span]):
                return False
        near = self._points[bisect_left(self._points, start) : bisect_right(self._points, end)]
        if not all(claim.goes_with(other) for point in near for other in self._put_in[point]):
            return False
        return claim.created is not None or not any(span.start <= end and start <= span.end for span in self._leans)

    def add(self, claim: EditFootprint) -> None:
        """Add a claim that is free."""
        if claim.leans:
            self._leans.add(claim.span)
        elif claim.span:
            if claim.span not in self._owners:
                insort(self._solid, claim.span)
                self._owners[claim.span] = claim
        else:
            if claim.span.start not in self._put_in:
                insort(self._points, claim.span.start)
            if claim not in self._put_in[claim.span.start]:
                self._put_in[claim.span.start].append(claim)
