"""The lines of front matter by top-level key, its blank lines and its comments.

All of it derives from the positions of the values; the text is never scanned as YAML: a `#` inside a value does not
begin a comment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from enum import Enum
from operator import itemgetter

from msgspec import Struct

from patternlint.document.node import Node
from patternlint.source import Span, line_end, line_start, next_line

_TRIVIA = re.compile(r"[ \t]*+(?:[\r\n#]|\Z)")
"""Begins a blank line or a comment."""
_TRIVIA_BEGINS = frozenset(" \t\r\n#")
"""First characters of such lines."""


class TriviaLine(Struct, frozen=True, gc=False):
    """A blank line or a comment on a line of its own.

    Attributes:
        start: the offset of the line.
        end: the offset of the next line.
        text: its text, without trailing whitespace.
    """

    start: int
    end: int
    text: str

    @property
    def span(self) -> Span:
        """The characters of the line without trailing whitespace."""
        return Span(self.start, self.start + len(self.text))


class KeyBlock(Struct, frozen=True):
    """A top-level key with its lines.

    Attributes:
        key: the key.
        node: its value.
        leading_trivia: the blank lines and comments between the previous block and the key.
        trivia_start: the offset of the first of them.
        start: the offset of the line of the key.
        end: the offset of the line after the block; indented comments belong to the block.
    """

    key: str
    node: Node
    leading_trivia: tuple[TriviaLine, ...]
    trivia_start: int
    start: int
    end: int


class KeyBlocks(Struct, frozen=True):
    """The lines of front matter.

    Attributes:
        blocks: the top-level keys with their lines, in the order of the text; empty when some line belongs to no block:
            with a duplicate key, or keys that share a line.
        trailing_trivia: the blank lines and comments after the last block.
    """

    blocks: tuple[KeyBlock, ...]
    trailing_trivia: tuple[TriviaLine, ...] = ()


def key_blocks_of(text: str, root: Node, span: Span) -> KeyBlocks:
    """Return the lines of the front matter at `span` of `text`, whose top-level mapping is `root`."""
    if root.style or not isinstance(root.children, dict):
        return KeyBlocks(())
    blocks: list[KeyBlock] = []
    lead = span.start
    for key, node in sorted(root.children.items(), key=lambda item: item[1].key_start):
        start = line_start(text, node.key_start)
        above = _trivia_lines(text, lead, start) if start != lead else ()
        if above is None:
            return KeyBlocks(())
        end = end_of_value(text, node, 0, span.end)
        blocks.append(KeyBlock(key, node, above, lead, start, end))
        lead = end
    below = _trivia_lines(text, lead, span.end)
    return KeyBlocks(tuple(blocks), below) if below is not None else KeyBlocks(())


def _trivia_lines(text: str, start: int, end: int) -> tuple[TriviaLine, ...] | None:
    """Return the lines from `start` to `end`, or None when one of them is not trivia."""
    if start > end:
        return None
    lines: list[TriviaLine] = []
    for written in text[start:end].split("\n"):
        if start == end:
            break
        stop = min(start + len(written) + 1, end)
        line = written.rstrip()
        if line and line[0] != "#" and not line.lstrip().startswith("#"):
            return None
        lines.append(TriviaLine(start, stop, line))
        start = stop
    return tuple(lines)


def end_of_value(text: str, node: Node, indent: int, end: int) -> int:
    """Return the offset of the line after a value.

    The value includes a comment on its last line, comments below it with more than `indent` spaces, and the blank lines
    that a block scalar keeps.

    Args:
        text: the text.
        node: the value of a key or item at column `indent`.
        indent: the column.
        end: the end of the front matter.
    """
    at = text.find("\n", node.end if node.style == "*" or node.end > node.key_end else node.key_end, end) + 1 or end
    if at < end and (text[at] not in _TRIVIA_BEGINS or _TRIVIA.match(text, at, end) is None):
        return at
    at = _behind_blank_lines(text, node, at, end)
    while at < end and text.startswith((" ", "\t"), at):
        stop = next_line(text, at, end)
        line = text[at:stop]
        bare = line.lstrip(" \t")
        if not bare.startswith("#") or len(line) - len(bare) <= indent:
            break
        at = stop
    return at


def _behind_blank_lines(text: str, node: Node, start: int, end: int) -> int:
    """Return the offset after the blank lines that belong to the block scalar at the end of `node`, if it has one."""
    chomping = None
    found = at = start
    while at < end and not (line := text[at : next_line(text, at, end)]).strip(" \t\r\n"):
        chomping = chomping or Chomping.of(text, node)
        if chomping is Chomping.NONE:
            break
        at += len(line)
        if chomping is Chomping.KEEP or line.strip("\r\n"):
            found = at
    return found


class Chomping(Enum):
    """Whether blank lines below a value belong to it."""

    NONE = 0
    WHITESPACE_MAY_BE_TEXT = 1
    """The value ends in a block scalar: lines with spaces may be its text."""
    KEEP = 2
    """The value ends in a block scalar with `+`: all blank lines belong to it."""

    @classmethod
    def of(cls, text: str, node: Node) -> Chomping:
        """Return whether blank lines below `node` belong to it."""
        if text.find("|", node.start, node.end) < 0 and text.find(">", node.start, node.end) < 0:
            return cls.NONE
        while node.children and not node.style:
            inner = node.children.values() if isinstance(node.children, dict) else node.children
            node = max(inner, key=lambda child: max(child.end, child.key_end))
        if node.style not in ("|", ">"):
            return cls.NONE
        header = text[node.start : line_end(text, node.start)].partition("#")[0]
        return cls.KEEP if "+" in header else cls.WHITESPACE_MAY_BE_TEXT


class ScalarIndex:
    """The keys and scalars below a node by offset."""

    def __init__(self, root: Node) -> None:
        self._places = sorted(_scalars(root), key=itemgetter(0))

    def at(self, offset: int) -> Node | None:
        """Return the node whose key or scalar value covers `offset`, or None."""
        index = bisect_right(self._places, offset, key=itemgetter(0)) - 1
        if index < 0:
            return None
        _, end, node = self._places[index]
        return node if offset < end else None


def _scalars(node: Node) -> Iterator[tuple[int, int, Node]]:
    """Yield the start and end of the keys and scalars below a node; an alias counts as a scalar."""
    if node.key_start < node.key_end:
        yield node.key_start, node.key_end, node
    if node.children is None or node.style == "*":
        if node.start < node.end:
            yield node.start, node.end, node
        return
    for child in node.children.values() if isinstance(node.children, dict) else node.children:
        yield from _scalars(child)


def find_comments(text: str, scalars: ScalarIndex, span: Span) -> Iterator[Span]:
    """Yield the comments of front matter, from the `#` to the end of the line, in order."""
    at = text.find("#", span.start, span.end)
    while at >= 0:
        stop = line_end(text, at, span.end)
        beside = scalars.at(at)
        is_in_header = (
            beside is not None and beside.style in ("|", ">") and beside.start < at < line_end(text, beside.start)
        )
        if (beside is None or is_in_header) and text[at - 1].isspace():
            yield Span(at, stop)
        else:
            stop = at + 1
        at = text.find("#", stop, span.end)
