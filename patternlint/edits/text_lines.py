"""Columns, dashes and block lists in the lines of a text."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.source import BOM, line_start

INDENT = 2
"""Spaces by which a value is indented more than its key."""

_BEFORE_DASH = f" -{BOM}"
"""Characters that may precede the `-` of an item in its line: spaces, outer dashes, and a byte order mark."""


def newline(pattern: Pattern) -> str:
    """Return the line ending of a file: that of its opening `---`."""
    text = pattern.source.text
    at = text.find("\n", pattern.front.opening.end)
    return "\r\n" if at > 0 and text[at - 1] == "\r" else "\n"


def column(text: str, offset: int) -> int:
    """Return the number of characters before `offset` in its line."""
    return offset - line_start(text, offset)


def is_block_list(text: str, node: Node) -> bool:
    """Return whether `node` is a block list without an anchor or a tag."""
    return isinstance(node.children, tuple) and not node.style and text.startswith("-", node.start)


def dash_of(text: str, sequence: Node, item: Node) -> int:
    """Return the offset of the `-` of an item of a block list."""
    indent = column(text, sequence.start)
    first = line_start(text, sequence.start)
    at = line_start(text, item.start)
    while at > first and (not text.startswith("-", at + indent) or text[at : at + indent].strip(_BEFORE_DASH)):
        at = line_start(text, at - 1)
    return at + indent


def block_lists(text: str, node: Node) -> Iterator[Node]:
    """Yield the block lists below `node` that are values of keys, in the order of the text."""
    if node.style or node.children is None:
        return
    for child in node.children.values() if isinstance(node.children, dict) else node.children:
        if child.key_start >= 0 and child.children and is_block_list(text, child):
            yield child
        yield from block_lists(text, child)
