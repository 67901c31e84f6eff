"""Insert items into a list of relationships, in descending order of weight and in the style of their neighbors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from patternlint.diagnostics.fix import InsertItem
from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.document.trivia import end_of_value
from patternlint.edits.insert_key import NewKey, fill_empty_value, has_anchor_or_tag, is_in_flow, key_insertions
from patternlint.edits.insertion import ITEM, Insertion, insertion_rank, join_lines
from patternlint.edits.scalars import format_scalar
from patternlint.edits.text_lines import INDENT, block_lists, column, dash_of, is_block_list, newline
from patternlint.source import Span, line_start

_TARGETS = ("slug", "id", "typeid")
_NewItems = Sequence[tuple[str, float | None]]


class _ItemStyle(Struct, frozen=True):
    """The style of items."""

    step: str  # the key of the target; empty for an item that is a bare target
    quote: str = ""  # the quotes of the target; empty for none
    gap: str = " "  # the spaces between the `-` and the item
    braces: str = ""  # the opening brace of a flow mapping and the space after it; empty for a block mapping
    weight_first: bool = False

    def lines(self, target: str, weight: float | None, indent: int) -> list[str]:
        """Return the lines of an item whose `-` is at column `indent`."""
        lead = f"{' ' * indent}-{self.gap}"
        if not self.step or self.braces:
            return [lead + self.inline(target, weight)]
        first, *rest = self._pairs(target, weight)
        return [lead + first, *(" " * len(lead) + pair for pair in rest)]

    def inline(self, target: str, weight: float | None) -> str:
        """Return an item in one line, without the `-`."""
        if not self.step:
            return format_scalar(target, self.quote)
        blank = self.braces[1:]
        return f"{{{blank}{', '.join(self._pairs(target, weight))}{blank}}}"

    def _pairs(self, target: str, weight: float | None) -> list[str]:
        pairs = [f"{self.step}: {format_scalar(target, self.quote)}"]
        if weight is not None:
            pairs.insert(0 if self.weight_first else 1, f"weight: {weight!r}")
        return pairs


def item_insertions(pattern: Pattern, route: Route, items: Iterable[InsertItem]) -> list[Insertion] | None:
    """Return the insertions that add `items` to the list at `route`, or None if that is not possible.

    Each item comes before the first one with less weight. A missing, null or empty list becomes a block list.
    """
    added = tuple(items)
    step = added[0].step
    new_items = sorted(dict.fromkeys((item.target, item.weight) for item in added), key=_descending)
    node = pattern.get(*route)
    if node is None:
        style, deeper = _style_in_file(pattern, step)
        return key_insertions(pattern, _list_as_key(route, style, deeper, new_items))
    text = pattern.source.text
    if has_anchor_or_tag(text, node):
        return None
    if node.value is None or (node.style == "[" and not node.children):
        return _fill_empty_list(pattern, route, node, new_items, step)
    if node.style == "[":
        return list(_into_brackets(pattern, route, node, new_items, step))
    if is_block_list(text, node):
        return list(_into_block(pattern, route, node, new_items, step))
    return None


def _descending(item: tuple[str, float | None]) -> tuple[float, str]:
    target, weight = item
    return (-weight if weight is not None else float("inf")), target


def _list_as_key(route: Route, style: _ItemStyle, deeper: int, new_items: _NewItems) -> NewKey:
    """Return a list with the items as a new key; items are indented by `deeper` spaces more than the key."""
    opening = f"{route[-1]}:"
    return NewKey(
        route,
        lambda indent: [
            " " * indent + opening,
            *(line for target, weight in new_items for line in style.lines(target, weight, indent + deeper)),
        ],
        f"{opening} {_inline_list(style, new_items)}",
    )


def _inline_list(style: _ItemStyle, new_items: _NewItems) -> str:
    inline = _ItemStyle(style.step, style.quote, braces=style.braces or "{", weight_first=style.weight_first)
    return f"[{', '.join(inline.inline(target, weight) for target, weight in new_items)}]"


def _fill_empty_list(
    pattern: Pattern, route: Route, node: Node, new_items: _NewItems, step: str
) -> list[Insertion] | None:
    """Return the insertions that add the first items to an empty or null list."""
    style, deeper = _style_in_file(pattern, step)
    if is_in_flow(pattern, route):
        return [Insertion(node.span, _inline_list(style, new_items), route)] if node.style == "[" else None
    if node.key_start < 0:
        return None
    indent = column(pattern.source.text, node.key_start) + deeper
    lines = [line for target, weight in new_items for line in style.lines(target, weight, indent)]
    return fill_empty_value(pattern, node, lines, route)


def _into_block(pattern: Pattern, route: Route, node: Node, new_items: _NewItems, step: str) -> Iterator[Insertion]:
    text = pattern.source.text
    eol = newline(pattern)
    items = node.items
    indent = column(text, node.start)
    weights = [_weight(item) for item in items]
    for order, (target, weight) in enumerate(new_items):
        index = _index(weights, weight)
        if index:
            at = end_of_value(text, items[index - 1], indent, pattern.front.span.end)
        else:
            at = line_start(text, dash_of(text, node, items[0]))
        near = (*items[max(index - 1, 0) : index + 1], *items)
        style = _style_of(pattern, node, near, step) or _ItemStyle(step)
        lines = style.lines(target, weight, indent)
        yield Insertion(Span(at, at), join_lines(lines, eol), route, insertion_rank(lines, ITEM, order))


def _into_brackets(pattern: Pattern, route: Route, node: Node, new_items: _NewItems, step: str) -> Iterator[Insertion]:
    items = node.items
    weights = [_weight(item) for item in items]
    style = _style_of(pattern, node, items, step)
    if style is None or (style.step and not style.braces):
        style = _ItemStyle(step, braces="{")
    for order, (target, weight) in enumerate(new_items):
        index = _index(weights, weight)
        one = style.inline(target, weight)
        if index < len(items):
            yield Insertion(Span(items[index].start, items[index].start), f"{one}, ", route, (order,))
        else:
            yield Insertion(Span(items[-1].end, items[-1].end), f", {one}", route, (order,))


def _index(weights: Sequence[float | None], weight: float | None) -> int:
    """Return the index of the first item with less weight than `weight`, or the number of items."""
    if weight is None:
        return len(weights)
    return next((at for at, other in enumerate(weights) if other is not None and other < weight), len(weights))


def _weight(item: Node) -> float | None:
    node = item.get("weight")
    return node.number if node is not None else None


def _style_of(pattern: Pattern, sequence: Node, items: Iterable[Node], step: str) -> _ItemStyle | None:
    """Return the style of the first of `items` that is a mapping, or a bare target if `step` is empty, or None."""
    text = pattern.source.text
    for item in items:
        gap = " " if sequence.style else text[dash_of(text, sequence, item) + 1 : item.start]
        if has_anchor_or_tag(text, item) or not gap or gap.strip(" "):
            continue
        if not step:
            if isinstance(item.value, str) and item.style in ("", '"', "'"):
                return _ItemStyle(step, item.style, gap)
            continue
        target = next((found for key in _TARGETS if (found := item.get(key)) is not None), None)
        if target is None or not isinstance(target.value, str):
            continue
        quote = target.style if target.style in ('"', "'") else ""
        braces = ("{ " if text.startswith("{ ", item.start) else "{") if item.style == "{" else ""
        weight = item.get("weight")
        first = weight is not None and weight.key_start < target.key_start
        return _ItemStyle(step, quote, gap, braces, first)
    return None


def _style_in_file(pattern: Pattern, step: str) -> tuple[_ItemStyle, int]:
    """Return the style of list items in this file, or that of the spec, and by how much they are indented."""
    text = pattern.source.text
    lists = [node for route in pattern.spec.link_routes if (node := pattern.get(*route)) is not None]
    full = [node for node in lists if node.children and is_block_list(text, node)]
    for node in full:
        style = _style_of(pattern, node, islice(node.items, 1), step)
        if style is not None:
            return style, _depth(text, node)
    other = next(iter(full), None) or next(block_lists(text, pattern.front.root), None)
    return _ItemStyle(step), _depth(text, other) if other is not None else INDENT


def _depth(text: str, sequence: Node) -> int:
    return max(column(text, sequence.start) - column(text, sequence.key_start), 0)
