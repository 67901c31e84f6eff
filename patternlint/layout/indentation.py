"""Indentation: two spaces for each level, the items of a list under their key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from patternlint.diagnostics.fix import Replacement
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.document.trivia import end_of_value
from patternlint.edits.text_lines import INDENT, column, dash_of, is_block_list, line_start, next_line
from patternlint.layout.issue import LayoutIssue
from patternlint.source import Span

_BLOCK = frozenset("|>")
_EVEN = frozenset((INDENT,))


def check_indentation(pattern: Pattern) -> list[LayoutIssue]:
    """Return the lines of front matter that are not indented as they should be, in order."""
    text, root = pattern.source.text, pattern.front.root
    if not root.keys or (column(text, _first_key(root)) == 0 and _is_even(pattern)) or not pattern.key_blocks.blocks:
        return []
    return list(_Indents(pattern).slips())


def _is_even(pattern: Pattern) -> bool:
    """Return whether everything below the top is indented well: what was seen when it was read says so, or a quick look."""
    form = pattern.front.form
    return (form is not None and form.steps <= _EVEN) or _is_fine(pattern.source.text, pattern.front.root, 0)


def _is_fine(text: str, node: Node, indent: int) -> bool:
    """Return whether a mapping in lines, and everything in it, is indented well: a quick look at every first line."""
    children = node.children
    if not isinstance(children, dict):
        return False
    deeper = indent + INDENT
    for child in children.values():
        below, style = child.children, child.style
        if style:
            if style in _BLOCK and not _scalar_is_fine(text, child, deeper):
                return False
        elif not below:
            continue
        elif isinstance(below, dict):
            if not text.startswith(_lead(deeper), _first_key(child) - deeper - 1) or not _is_fine(text, child, deeper):
                return False
        elif not _list_is_fine(text, below, deeper):
            return False
    return True


@cache
def _lead(indent: int) -> str:
    return "\n" + " " * indent


def _first_key(node: Node) -> int:
    return next(iter(node.keys.values())).key_start


@cache
def _list_of_pairs(indent: int) -> re.Pattern[str]:
    """Return what matches a list at column `indent` whose items are scalars or simple keys, each in a line.

    Nearly every list is of that kind. Whatever could begin something else is left to the look at each item.
    """
    item = rf"{_lead(indent)}- [^\s#&!*|>?-].*"
    key = rf"{_lead(indent + INDENT)}[^\s-].*"
    return re.compile(f"(?:{item}(?:{key})*)+")


def _list_is_fine(text: str, items: tuple[Node, ...], indent: int) -> bool:
    quick = _list_of_pairs(indent).match(text, items[0].start - len(_lead(indent)) - 2)
    if quick is not None and quick.end() >= items[-1].end:
        return True
    lead = f"{_lead(indent)}- "
    width = len(lead)
    return all(text.startswith(lead, item.start - width) and _item_is_fine(text, item, indent) for item in items)


def _item_is_fine(text: str, item: Node, indent: int) -> bool:
    children = item.children
    if children is None:
        return item.style not in ("|", ">") or _scalar_is_fine(text, item, indent + INDENT)
    if item.style:
        return True
    if not isinstance(children, dict):
        return False
    for child in children.values():
        if child.children or (child.style and child.style in "|>"):
            return _is_fine(text, item, indent + INDENT)
    return True


def _scalar_is_fine(text: str, node: Node, indent: int) -> bool:
    at = next_line(text, node.start)
    if "\n" not in text[node.start : node.end] or _says_its_indent(text, node):
        return True
    while at < node.end:
        line = text[at : next_line(text, at)]
        bare = line.lstrip(" ")
        if bare.strip("\r\n"):
            return len(line) - len(bare) == indent
        at += len(line)
    return True


def _says_its_indent(text: str, node: Node) -> bool:
    header = text[node.start : next_line(text, node.start)].partition("#")[0]
    return any(char.isdigit() for char in header) or not header.startswith(node.style)


class _Indents:
    """How far each line of one front matter is to be moved. Used once."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._text = pattern.source.text
        self._end = pattern.front.span.end
        self._moves: dict[int, int] = {}
        self._gaps: list[Span] = []

    def slips(self) -> Iterator[LayoutIssue]:
        """Yield a slip for every line that is to be moved."""
        text = self._text
        root = self._pattern.front.root
        self._move(self._pattern.front.span.start, self._end, -column(text, _first_key(root)))
        self._mapping(root, 0)
        self._comments()
        gaps = {line_start(text, span.start): span for span in self._gaps}
        for at in sorted(self._moves.keys() | gaps.keys()):
            move = self._moves.get(at, 0)
            gap = gaps.get(at)
            if not move and gap is None:
                continue
            line = text[at : next_line(text, at)]
            bare = line.lstrip(" ")
            indent = len(line) - len(bare)
            edits = (
                [Replacement(Span(at, at), " " * move) if move > 0 else Replacement(Span(at, at - move), "")]
                if move
                else []
            )
            if gap is not None:
                edits.append(Replacement(gap, " "))
            yield LayoutIssue(Span(at + indent, at + max(indent, len(line.rstrip()))), tuple(edits))

    def _move(self, start: int, end: int, by: int, *, blank: bool = False) -> None:
        """Say that the lines from `start` to `end` move, whatever was said of them before; blank ones only if `blank`."""
        text = self._text
        at = start
        while at < end:
            stop = next_line(text, at)
            line = text[at:stop].rstrip("\r\n")
            bare = line.lstrip(" ")
            if bare.strip(" \t") or (blank and line):
                self._moves[at] = max(by, len(bare) - len(line))
            at = stop

    def _mapping(self, node: Node, indent: int) -> None:
        text = self._text
        old = column(text, _first_key(node))
        for child in node.keys.values():
            at = line_start(text, child.key_start)
            if not text[at : child.key_start].strip(" "):
                self._move(at, at + 1, indent - old)
            self._move(next_line(text, at), end_of_value(text, child, old, self._end), indent - old)
            self._value(child, indent + INDENT)
        self._repeated(node, old, indent - old)

    def _repeated(self, node: Node, old: int, by: int) -> None:
        """Move the lines of keys that are there twice and whose value the tree does not have."""
        text = self._text
        keys = {child.key_start for child in node.keys.values()}
        end = end_of_value(text, node, old, self._end)
        for span in self._pattern.front.duplicates:
            at = line_start(text, span.start)
            if not node.key_end <= span.start < end or span.start in keys or span.start - at != old:
                continue
            stop = next_line(text, at)
            while stop < end and text.startswith((" " * (old + 1), "\r", "\n"), stop):
                stop = next_line(text, stop)
            self._move(at, stop, by)

    def _value(self, node: Node, indent: int) -> None:
        """Move the lines of a value that are to stand at column `indent`."""
        text = self._text
        if node.style in ("|", ">"):
            self._block_scalar(node, indent)
        elif not node.children or node.style:
            return
        elif isinstance(node.children, dict):
            if line_start(text, _first_key(node)) > node.key_start:
                self._mapping(node, indent)
        elif is_block_list(text, node):
            self._list(node, indent)

    def _list(self, node: Node, indent: int) -> None:
        text = self._text
        old = column(text, node.start)
        for item in node.items:
            dash = dash_of(text, node, item)
            at = line_start(text, dash)
            self._move(at, end_of_value(text, item, old, self._end), indent - old)
            gap = text[dash + 1 : item.start]
            inner = indent + INDENT
            if isinstance(item.children, dict) and item.children and not item.style:
                if text.startswith(("&", "!"), item.start):
                    continue
                self._gap(dash, item, gap)
                self._mapping(item, inner)
            elif not is_block_list(text, item):
                if item.start != item.end:
                    self._gap(dash, item, gap)
                self._value(item, inner)

    def _gap(self, dash: int, item: Node, gap: str) -> None:
        if gap != " " and not gap.strip(" "):
            self._gaps.append(Span(dash + 1, item.start))

    def _block_scalar(self, node: Node, indent: int) -> None:
        """Move the lines of a block scalar, also those that hold only blanks: these may be text to it."""
        text = self._text
        start = at = next_line(text, node.start)
        end = next_line(text, node.end)
        while end < self._end and not text[end : next_line(text, end)].strip(" \t\r\n"):
            end = next_line(text, end)
        while at < node.end:
            line = text[at : next_line(text, at)]
            bare = line.lstrip(" ")
            if bare.strip("\r\n"):
                said = _says_its_indent(text, node)
                by = self._moves.get(at, 0) if said else indent - (len(line) - len(bare))
                self._move(start, end, by, blank=True)
                return
            at += len(line)

    def _comments(self) -> None:
        """Move a comment on a line of its own with the next line, when it stands at the same column."""
        text = self._text
        move: dict[int, int] = {}
        column_below = -1
        move_below = 0
        for at in sorted(self._moves, reverse=True):
            line = text[at : next_line(text, at)]
            bare = line.lstrip(" ")
            indent = len(line) - len(bare)
            if bare.startswith("#") and indent == column_below:
                move[at] = move_below
            else:
                column_below, move_below = indent, self._moves[at]
        self._moves.update(move)
