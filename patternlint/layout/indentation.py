"""Indentation: two spaces for each level, list items two spaces deeper than their key.

A walk over the nodes, in the order of the text, notes from which line on lines move, and by how many columns. One pass
over the lines, from the last to the first, then moves them: comments follow the line below, so that comes first.
"""

from __future__ import annotations

import re

from patternlint.diagnostics.fix import Replacement
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.document.trivia import end_of_value
from patternlint.edits.text_lines import INDENT, column, dash_of, is_block_list
from patternlint.layout.issue import LayoutIssue
from patternlint.source import Span, line_start, next_line


def check_indentation(pattern: Pattern) -> tuple[LayoutIssue | None, int]:
    """Return an issue for all lines of the front matter with the wrong indentation, at the first of them, and their number."""
    if not pattern.front.root.keys or not pattern.key_blocks.blocks:
        return None, 0
    return _Indents(pattern).issue()


_BLOCK_SCALARS = frozenset("|>")
_MARKS = frozenset("&!?")
"""First characters of an item whose keys may have another column than its text: an anchor, a tag, an explicit key."""
_LINE = re.compile(r"^[ \t\r]*+[^ \t\r\n]", re.MULTILINE)
"""A line that is not blank."""


def _first_key(node: Node) -> int:
    return next(iter(node.keys.values())).key_start


def _has_indentation_indicator(text: str, node: Node) -> bool:
    """Return whether the header of a block scalar sets its indentation, or an anchor or a tag hides the header."""
    header = text[node.start : next_line(text, node.start)].partition("#")[0]
    return any(char.isdigit() for char in header) or not header.startswith(node.style)


class _Indents:
    """By how many columns each line of one front matter moves. Used once."""

    def __init__(self, pattern: Pattern) -> None:
        self._text = pattern.source.text
        self._front = pattern.front
        self._end = pattern.front.span.end
        self._has_comments = self._text.find("#", self._front.span.start, self._end) >= 0  # they may move otherwise
        self._shifts: list[tuple[int, int]] = []  # (line start, columns), by line: from this line on lines move so far
        self._exceptions: dict[int, int] = {}  # columns by line start, in spite of the shifts; also of blank lines
        self._gaps: dict[int, Span] = {}  # by line start: the whitespace between `-` and an item, if not one space

    def issue(self) -> tuple[LayoutIssue | None, int]:
        """Return an issue for all lines that move, and their number."""
        root = self._front.root
        shift = -column(self._text, _first_key(root))
        self._shifts.append((self._front.span.start, shift))
        self._mapping(root, 0, shift)
        if not self._gaps and not any(self._exceptions.values()) and not any(shift for _, shift in self._shifts):
            return None, 0
        return self._move_lines()

    def _move_lines(self) -> tuple[LayoutIssue | None, int]:
        text, end = self._text, self._end
        edits: list[Replacement] = []  # the last first
        gaps = 0
        below = -1, 0
        is_plain = not self._exceptions and not self._gaps and not self._has_comments
        for start, shift in reversed(self._shifts):
            if start >= end:
                continue
            if not is_plain or shift < 0:
                moved, below = self._move_each(edits, start, end, shift, below)
                gaps += moved
            elif shift:
                places = [found.start() for found in _LINE.finditer(text, start, end)]
                edits += [Replacement(Span(at, at), " " * shift) for at in reversed(places)]
            end = start
        if not edits:
            return None, 0
        at = line_start(text, edits[-1].span.start)
        line = text[at : next_line(text, at)]
        indent = len(line) - len(line.lstrip(" "))
        first = Span(at + indent, at + max(indent, len(line.rstrip())))
        return LayoutIssue(first, tuple(edits[::-1])), len(edits) - gaps

    def _move_each(
        self, edits: list[Replacement], start: int, end: int, general: int, below: tuple[int, int]
    ) -> tuple[int, tuple[int, int]]:
        """Move the lines between two offsets by `general` columns, except for comments and the exceptions.

        Args:
            edits: receives the edits, the last first.
            start: the offset of the first line.
            end: the offset after the last line.
            general: the columns.
            below: the column of the line below that is not such a comment, and its shift.

        Returns:
            The number of lines that have two edits, and `below` for the lines above.
        """
        doubled = 0
        at = end
        for line in reversed(self._text[start:end].split("\n")[:-1]):
            at -= len(line) + 1
            bare = line.lstrip(" ")
            if not bare.strip(" \t\r") and at not in self._exceptions:
                continue
            indent = len(line) - len(bare)
            shift = max(self._exceptions.get(at, general), -indent)
            if bare.startswith("#") and indent == below[0]:
                shift = below[1]
            else:
                below = indent, shift
            gap = self._gaps.get(at)
            if gap is not None:
                edits.append(Replacement(gap, " "))
            if shift:
                edits.append(Replacement(Span(at, at - min(shift, 0)), " " * shift))
                doubled += gap is not None
        return doubled, below

    def _mapping(self, node: Node, indent: int, outer: int) -> None:
        """Move a block mapping to column `indent`, where the lines around it move by `outer` columns."""
        text = self._text
        old = column(text, _first_key(node))
        shift = indent - old
        for child in node.keys.values():
            if shift != outer:
                at = line_start(text, child.key_start)
                is_first_in_line = not text[at : child.key_start].strip(" ")
                self._shifts.append((at if is_first_in_line else next_line(text, at), shift))
            if child.children or child.style in _BLOCK_SCALARS:
                self._value(child, indent + INDENT, shift)
            if shift != outer:
                self._shifts.append((end_of_value(text, child, old, self._end), outer))
        if self._front.duplicates:
            self._duplicate_keys(node, old, shift)

    def _duplicate_keys(self, node: Node, old: int, shift: int) -> None:
        """Move the lines of duplicate keys, whose values are not in the tree."""
        text = self._text
        keys = {child.key_start for child in node.keys.values()}
        end = end_of_value(text, node, old, self._end)
        for span in self._front.duplicates:
            at = line_start(text, span.start)
            if not node.key_end <= span.start < end or span.start in keys or span.start - at != old:
                continue
            stop = next_line(text, at)
            while stop < end and text.startswith((" " * (old + 1), "\r", "\n"), stop):
                stop = next_line(text, stop)
            while at < stop:
                if text[at : next_line(text, at)].strip():
                    self._exceptions[at] = shift
                at = next_line(text, at)

    def _value(self, node: Node, indent: int, outer: int) -> None:
        """Move the lines of a value to column `indent`."""
        text = self._text
        if node.style in _BLOCK_SCALARS:
            self._block_scalar(node, indent, outer)
        elif not node.children or node.style:
            return
        elif isinstance(node.children, dict):
            if line_start(text, _first_key(node)) > node.key_start:
                self._mapping(node, indent, outer)
        elif is_block_list(text, node):
            self._list(node, indent, outer)

    def _list(self, node: Node, indent: int, outer: int) -> None:
        text, items = self._text, node.items
        old = column(text, node.start)
        shift = indent - old
        end = -1  # of the item above, if it moves
        for index, item in enumerate(items):
            dash = item.start - 2
            if not text.startswith("- ", dash):
                dash = dash_of(text, node, item)
            if shift != outer and (not index or self._has_comments):
                start = line_start(text, dash)
                if start != end:
                    if end >= 0:
                        self._shifts.append((end, outer))
                    self._shifts.append((start, shift))
            self._item(item, dash, indent + INDENT, shift)
            if shift != outer and (item is items[-1] or self._has_comments):
                end = end_of_value(text, item, old, self._end)
        if end >= 0:
            self._shifts.append((end, outer))

    def _item(self, item: Node, dash: int, indent: int, outer: int) -> None:
        """Move the lines of a list item to column `indent`."""
        text = self._text
        if item.start == dash + 2 and not item.style and text[item.start] not in _MARKS and not self._front.duplicates:
            for child in item.keys.values():  # the usual item: its keys move as the dash does
                if child.children or child.style in _BLOCK_SCALARS:
                    self._value(child, indent + INDENT, outer)
            if not isinstance(item.children, tuple):
                return
        if isinstance(item.children, dict) and item.children and not item.style:
            if not text.startswith(("&", "!"), item.start):
                self._gap(dash, item)
                self._mapping(item, indent, outer)
        elif not is_block_list(text, item):
            if item.start not in (item.end, dash + 2):
                self._gap(dash, item)
            if item.children or item.style in _BLOCK_SCALARS:
                self._value(item, indent, outer)

    def _gap(self, dash: int, item: Node) -> None:
        gap = self._text[dash + 1 : item.start]
        if gap != " " and not gap.strip(" "):
            self._gaps[line_start(self._text, dash)] = Span(dash + 1, item.start)

    def _block_scalar(self, node: Node, indent: int, outer: int) -> None:
        """Move the lines of a block scalar, also those of spaces alone, which may be text to it."""
        text = self._text
        start = at = next_line(text, node.start)
        while at < node.end and not text[at : next_line(text, at)].strip(" \r\n"):
            at = next_line(text, at)
        if at >= node.end:
            return
        line = text[at : next_line(text, at)]
        old = len(line) - len(line.lstrip(" "))
        shift = outer if _has_indentation_indicator(text, node) else indent - old
        if not shift and not outer:
            return
        self._shifts += (start, shift), (next_line(text, node.end), outer)
        at = start
        while at < self._end:
            stop = next_line(text, at)
            line = text[at:stop].rstrip("\r\n")
            if at >= node.end and line.strip(" \t"):
                break
            if line and not line.strip(" \t"):
                self._exceptions[at] = shift
            at = stop
