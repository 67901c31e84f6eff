"""Insert a missing key at its position in the order of the spec, in the style of the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.document.banners import banner_lines, is_name_line, is_ruler
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.document.trivia import Chomping, end_of_value
from patternlint.edits.insertion import ITEM, KEY, Insertion, insertion_rank, join_lines
from patternlint.edits.key_order import key_order
from patternlint.edits.text_lines import INDENT, column, newline
from patternlint.source import Span, line_end, line_start, next_line
from patternlint.spec.model import Group


class NewKey(Struct, frozen=True):
    """A key to insert.

    Attributes:
        route: its route.
        lines: returns its lines for the column of the key.
        flow: the same in one line, for a flow mapping.
    """

    route: Route
    lines: Callable[[int], list[str]]
    flow: str


def one_line_key(route: Route, value: str) -> NewKey:
    """Return a new key whose value fits in one line."""
    line = f"{route[-1]}: {value}"
    return NewKey(route, lambda indent: [" " * indent + line], line)


def key_insertions(pattern: Pattern, key: NewKey) -> list[Insertion] | None:
    """Return the insertions that add a key to the front matter, or None if that is not possible."""
    text = pattern.source.text
    *above, name = key.route
    parent = pattern.get(*above)
    if parent is None:
        return key_insertions(pattern, _parent_of(key)) if above else None
    if (
        not isinstance(name, str)
        or name in parent.keys
        or has_anchor_or_tag(text, parent)
        or _is_explicit(text, parent)
    ):
        return None
    if parent.style == "{":
        return [_into_braces(parent, key)]
    if parent.keys:
        return [_among(pattern, parent, name, key)]
    if parent.value is None and parent.key_start >= 0 and not is_in_flow(pattern, key.route):
        return fill_empty_value(pattern, parent, key.lines(column(text, parent.key_start) + INDENT), key.route)
    return None


def can_add_key(pattern: Pattern, route: Route) -> bool:
    """Return whether a missing key can be added at `route`."""
    return key_insertions(pattern, one_line_key(route, "[]")) is not None


def _is_explicit(text: str, mapping: Node) -> bool:
    """Return whether a mapping has an explicit key, after a `?`."""
    starts = [child.key_start for child in mapping.keys.values()]
    return any(text[line_start(text, start) : start].rstrip().endswith("?") for start in starts)


def has_anchor_or_tag(text: str, node: Node) -> bool:
    """Return whether a node is an alias, or has an anchor or a tag, so that an insertion may change other values."""
    return node.style == "*" or text.startswith(("&", "!"), node.start)


def is_in_flow(pattern: Pattern, route: Route) -> bool:
    """Return whether `route` is inside a flow collection."""
    above = (pattern.get(*route[:depth]) for depth in range(1, len(route)))
    return any(node is not None and node.style != "" for node in above)


def fill_empty_value(pattern: Pattern, node: Node, lines: Sequence[str], created: Route) -> list[Insertion] | None:
    """Return the insertions that replace the empty or null value of `node` by `lines`; a comment stays."""
    text = pattern.source.text
    colon = text.find(":", node.key_end) + 1
    end = max(node.end, colon)
    stop = line_end(text, end)
    rest = text[end:stop].strip()
    if (rest and not rest.startswith("#")) or "\n" in text[colon:end]:
        return None
    below = next_line(text, end)
    found = [Insertion(Span(below, below), join_lines(lines, newline(pattern)), created, insertion_rank(lines, ITEM))]
    old = Span(colon, end if rest else stop)
    return [Insertion(old, "", created), *found] if len(old) else found


def _parent_of(key: NewKey) -> NewKey:
    """Return the parent of `key` as a new key that contains it."""
    route = key.route[:-1]
    opening = f"{route[-1]}:"
    return NewKey(
        route, lambda indent: [" " * indent + opening, *key.lines(indent + INDENT)], f"{opening} {{{key.flow}}}"
    )


def _into_braces(parent: Node, key: NewKey) -> Insertion:
    if not parent.keys:
        return Insertion(parent.span, f"{{{key.flow}}}", key.route)
    last = max(max(child.end, child.key_end) for child in parent.keys.values())
    return Insertion(Span(last, last), f", {key.flow}", key.route)


def _among(pattern: Pattern, parent: Node, name: str, key: NewKey) -> Insertion:
    """Insert a key after the nearest sibling that precedes it in the spec, or before the nearest that follows it."""
    text = pattern.source.text
    siblings = parent.keys
    indent = column(text, next(iter(siblings.values())).key_start)
    above = key.route[:-1]
    order = key_order(pattern, above)
    place = order.index(name) if name in order else len(order)
    before = next((other for other in reversed(order[:place]) if other in siblings), None)
    after = next((other for other in order[place + 1 :] if other in siblings), None)
    if before is None and after is None:
        before = max(siblings, key=lambda other: siblings[other].key_start)
    if before is not None:
        at = end_of_value(text, siblings[before], indent, pattern.front.span.end)
    else:
        at = _above(text, siblings[str(after)], pattern.front.span.start)
    lines = key.lines(indent)
    found = Insertion(Span(at, at), join_lines(lines, newline(pattern)), key.route, insertion_rank(lines, KEY, place))
    group = pattern.spec.group_of.get(name) if not above else None
    if group is None or not group.banner or any(other in siblings for other in group.keys):
        return found
    return _with_banner(pattern, found, group, first=before is None)


def _above(text: str, node: Node, start: int) -> int:
    """Return the offset of the line of a key, or of the comments directly above it."""
    at = line_start(text, node.key_start)
    while at > start:
        previous = line_start(text, at - 1)
        line = text[previous:at].strip()
        if not line.startswith("#") or is_ruler(line) or is_name_line(line):
            break
        at = previous
    return at


def _with_banner(pattern: Pattern, key: Insertion, group: Group, *, first: bool) -> Insertion:
    """Return the first key of a group, below the banner of the group if the file has banners."""
    found = pattern.banners
    if not found or any(banner.group is group for banner in found):
        return key
    eol = newline(pattern)
    lines = banner_lines(group)
    if not first:
        kept = any(
            block.end == key.span.start and Chomping.of(pattern.source.text, block.node) is Chomping.KEEP
            for block in pattern.key_blocks.blocks
        )
        return Insertion(key.span, key.text, key.created, key.rank, join_lines(lines if kept else ["", *lines], eol))
    top = pattern.key_blocks.blocks[0].trivia_start if pattern.key_blocks.blocks else key.span.start
    return Insertion(Span(top, top), key.text + eol, key.created, key.rank, join_lines(lines, eol))
