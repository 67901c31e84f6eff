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
    """A span that a fix changes, or that must not change because the fix depends on it.

    Attributes:
        span: the span; empty for an insertion.
        created: the route of the key or list that an edit of data inserts into; None for an edit of text.
        item: whether an item is inserted.
        is_context: whether the span is only read, because the insertion copies its indentation and quotes.
    """

    span: Span
    created: Route | None = None
    item: bool = False
    is_context: bool = False

    def is_compatible_with(self, other: EditFootprint) -> bool:
        """Return whether two edits of the same place can both be made: they insert items of one list, or different keys."""
        mine, theirs = self.created, other.created
        if mine is None or theirs is None:
            return False
        if self.is_context or other.is_context or (self.item and other.item and mine == theirs):
            return True
        return not self.span and not other.span and mine[: len(theirs)] != theirs and theirs[: len(mine)] != mine


def footprints_of(fix: Fix, home: str, parsed: Mapping[str, ParsedFile]) -> list[tuple[str, EditFootprint]] | None:
    """Return the paths and footprints of a fix; None if it cannot be made."""
    footprints: list[tuple[str, EditFootprint]] = []
    for edit in fix.edits:
        path = edit.path or home
        one = parsed.get(path)
        if one is None or one.source.decode_error is not None:
            return None
        if isinstance(edit, Replacement):
            footprints.append((path, EditFootprint(edit.span)))
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
        footprints += [(path, EditFootprint(one.span, one.created, isinstance(edit, InsertItem))) for one in found]
        neighbors = _neighbors(pattern, edit.route)
        if neighbors:
            footprints.append((path, EditFootprint(neighbors, edit.route, is_context=True)))
    return None if _overlap(edit for edit in fix.edits if isinstance(edit, Replacement)) else footprints


def _neighbors(pattern: Pattern, route: Route) -> Span:
    """Return the span whose indentation and quotes an item or a key inserted at `route` copies."""
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
    """Return whether edits of the same fix overlap, which is a mistake of its rule."""
    ends: dict[str, int] = {}
    for edit in sorted(edits, key=lambda edit: (edit.path, edit.span)):
        if edit.span.start < ends.get(edit.path, 0):
            return True
        ends[edit.path] = edit.span.end
    return False


class FootprintIndex:
    """The footprints of the accepted fixes of one file."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._owners: dict[Span, EditFootprint] = {}
        self._points: list[int] = []
        self._insertions: defaultdict[int, list[EditFootprint]] = defaultdict(list)
        self._contexts: set[Span] = set()

    def is_free(self, footprint: EditFootprint) -> bool:
        """Return whether `footprint` conflicts with none of the added ones; footprints that touch are in conflict."""
        start, end = footprint.span.start, footprint.span.end
        position = bisect_left(self._spans, footprint.span)
        for span in self._spans[max(position - 1, 0) : position + 2]:
            if span.start <= end and start <= span.end and not footprint.is_compatible_with(self._owners[span]):
                return False
        near = self._points[bisect_left(self._points, start) : bisect_right(self._points, end)]
        if not all(footprint.is_compatible_with(other) for point in near for other in self._insertions[point]):
            return False
        return footprint.created is not None or not any(
            span.start <= end and start <= span.end for span in self._contexts
        )

    def add(self, footprint: EditFootprint) -> None:
        """Add a footprint that is free."""
        if footprint.is_context:
            self._contexts.add(footprint.span)
        elif footprint.span:
            if footprint.span not in self._owners:
                insort(self._spans, footprint.span)
                self._owners[footprint.span] = footprint
        else:
            if footprint.span.start not in self._insertions:
                insort(self._points, footprint.span.start)
            if footprint not in self._insertions[footprint.span.start]:
                self._insertions[footprint.span.start].append(footprint)
