"""Reorder or remove the items of a list.

Comments move with their item. If it is not certain which text belongs to which item, no edit is returned.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from patternlint.diagnostics.fix import Replacement
from patternlint.document.node import Node
from patternlint.source import Source, Span, line_end, line_start

_COMMENT = re.compile(r"(?:^|[ \t])#", re.MULTILINE)
_ANCHOR_OR_KEPT_LINES = re.compile(r"[ \t](?:[&*]\w|[|>][0-9]?\+)")

_LONG = 200  # items; no person writes a longer list


def reorder_items(source: Source, node: Node, order: Sequence[int]) -> Replacement | None:
    """Return the edit that arranges the items of a list in a new order, or None.

    Edits of one list overlap, so only one of them is applied in a pass.

    Args:
        source: the file.
        node: the list.
        order: distinct indices of its items; the other items are removed.
    """
    if node.style == "[":
        return _flow(source.text, node, order)
    return _block(source.text, node, order) if node.items and not node.style else None


def remove_items(source: Source, node: Node | None, removed: Sequence[int]) -> Mapping[int, Replacement]:
    """Return the edit that removes items from a list, by the index of each item whose finding has it as its fix.

    All items share one edit, because edits of one list overlap and would take a pass each. Items that cannot be removed
    are left out. In a very long list only the first item has the edit, which is as long as the list, to save memory.

    Args:
        source: the file.
        node: the list.
        removed: the indices of the items to remove, in order.
    """
    if node is None:
        return {}
    long = len(node.items) > _LONG
    able = removed if long else [index for index in removed if _without(source, node, (index,)) is not None]
    edit = _without(source, node, able) if able else None
    return dict.fromkeys(able[:1] if long else able, edit) if edit is not None else {}


def _without(source: Source, node: Node, removed: Sequence[int]) -> Replacement | None:
    left_out = frozenset(removed)
    return reorder_items(source, node, [index for index in range(len(node.items)) if index not in left_out])


def _flow(text: str, node: Node, order: Sequence[int]) -> Replacement | None:
    items = node.items
    if "#" in text[node.start : node.end] or _ANCHOR_OR_KEPT_LINES.search(text, node.start, node.end):
        return None
    kept = [text[items[index].start : items[index].end] for index in order]
    if not kept:
        return Replacement(node.span, "[]")
    gaps = [text[one.end : other.start] for one, other in pairwise(items)][: len(kept) - 1]
    inner = "".join(piece for pair in zip(kept, [*gaps, ""], strict=True) for piece in pair)
    return Replacement(Span(items[0].start, items[-1].end), inner)


def _block(text: str, node: Node, order: Sequence[int]) -> Replacement | None:
    cuts = _cuts(text, node)
    if cuts is None or _ANCHOR_OR_KEPT_LINES.search(text, cuts[0], cuts[-1]):
        return None
    blocks = [text[start:end] for start, end in pairwise(cuts)]
    if any(_COMMENT.search(blocks[index]) for index in set(range(len(blocks))).difference(order)):
        return None
    before = text[node.key_end : cuts[0]] if node.key_start >= 0 else ""
    if not order:
        newline = "\r\n" if blocks[-1].endswith("\r\n") else "\n"
        return Replacement(Span(node.key_end, cuts[-1]), f": []{newline}") if before.strip() == ":" else None
    _, _, above = before.partition("\n")
    if order[0] != 0 and above.strip():
        return None
    dash_column = text.index("-", cuts[0]) - cuts[0]
    line_below = text[cuts[-1] : line_end(text, cuts[-1])]
    if order[-1] != len(blocks) - 1 and _comment_column(line_below) >= dash_column:  # it may belong to the list
        return None
    return Replacement(Span(cuts[0], cuts[-1]), "".join(blocks[index] for index in order))


def _cuts(text: str, node: Node) -> list[int] | None:
    """Return the offsets of the lines of the items, comments above included, and the end of the last item, or None."""
    cuts: list[int] = []
    column = -1
    end = 0
    for item in node.items:
        dash_line = line_start(text, item.start)
        lead = text[dash_line : item.start]
        if lead.strip() != "-" or column not in (-1, lead.index("-")):
            return None
        column = lead.index("-")
        between = text[end:dash_line].split("\n") if cuts else ()
        if any(line.strip() and _comment_column(line) != column for line in between):  # else it belongs to the item
            return None
        cuts.append(end if cuts else dash_line)
        end = text.find("\n", max(item.end, item.start)) + 1
        if end == 0:
            return None
    return [*cuts, end]


def _comment_column(line: str) -> int:
    """Return the column of a comment, or -1 for any other line."""
    bare = line.lstrip()
    return len(line) - len(bare) if bare.startswith("#") else -1
