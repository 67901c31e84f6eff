"""List style: inline lists in brackets, and block lists with a line for each item."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.edits.scalars import can_be_plain, double_quoted
from patternlint.edits.text_lines import INDENT, column, is_block_list, newline
from patternlint.layout.issue import LayoutIssue
from patternlint.source import Span, line_end, next_line
from patternlint.spec.model import StyleTree

INLINE_WIDTH = 100
"""Columns; a list that would be longer in one line may be a block list."""

INLINE = "in one line"
BLOCK = "in a line for each item"
EMPTY = "empty"

_EMPTY = len("[]")


def check_list_style(pattern: Pattern, width: int = INLINE_WIDTH) -> list[LayoutIssue]:
    """Return an issue for each list in another style than that of the spec, in the order of the text.

    Lists with comments or with items of several lines are ignored.
    """
    style = pattern.spec.style
    if not (style.quoted or style.plain or style.inline):
        return []  # the specification describes no style
    issues = _below(pattern, pattern.front.root, style.tree, (), width)
    issues.sort(key=lambda issue: issue.span)
    return issues


def _below(pattern: Pattern, node: Node, tree: StyleTree | None, route: Route, width: int) -> list[LayoutIssue]:
    """Return the issues below a block mapping, except below unknown top-level keys."""
    issues: list[LayoutIssue] = []
    known = pattern.spec.group_of
    for key, child in node.keys.items():
        below = child.children
        if below is None or child.style == "*" or (not route and key not in known):
            continue
        inner = tree.inner.get(key, tree.others) if tree is not None else None
        if isinstance(below, tuple):
            if child.style and (inner is not None and inner.inline if below else child.end - child.start == _EMPTY):
                continue
            issues += _list(pattern, child, inner, (*route, key), width)
        elif not child.style:
            issues += _below(pattern, child, inner, (*route, key), width)
    return issues


def _list(pattern: Pattern, node: Node, tree: StyleTree | None, route: Route, width: int) -> Iterator[LayoutIssue]:
    if node.style:
        yield from _to_block_list(pattern, node, route)
    elif tree is not None and tree.inline:
        yield from _to_inline_list(pattern, node, tree, route, width)
    elif pattern.source.text.find("[", node.start, node.end) >= 0:
        below = tree.items if tree is not None else None
        for index, item in enumerate(node.items):
            if item.children and not item.style:
                yield from _below(pattern, item, below, (*route, index), width)


def _has_comments(pattern: Pattern, start: int, end: int) -> bool:
    if "#" not in pattern.source.text[start:end]:
        return False
    comments = pattern.comments
    at = bisect_left(comments, Span(start, start))
    return at < len(comments) and comments[at].start < end


def _to_block_list(pattern: Pattern, node: Node, route: Route) -> Iterator[LayoutIssue]:
    """Yield an issue for a list in brackets: an empty one that is not `[]`, or one with items."""
    text = pattern.source.text
    raw = text[node.start : node.end]
    if raw == "[]" or not raw.startswith("[") or _has_comments(pattern, node.start, node.end):
        return
    if not node.children:
        yield LayoutIssue(node.span, (Replacement(node.span, "[]"),), route, EMPTY)
        return
    items = [text[item.start : item.end] for item in node.items]
    if any(not item or "\n" in item or item.startswith(("&", "!", "*")) for item in items):
        return
    stop = line_end(text, node.end)
    rest = text[node.end : stop].strip()
    colon = text.find(":", node.key_end) + 1
    if (rest and not rest.startswith("#")) or text[colon : node.start].strip(" "):
        return
    eol = newline(pattern)
    indent = " " * (column(text, node.key_start) + INDENT)
    below = next_line(text, node.end)
    lines = "".join(f"{indent}- {item}{eol}" for item in items)
    old = Span(colon, node.end if rest else stop)
    yield LayoutIssue(node.span, (Replacement(old, ""), Replacement(Span(below, below), lines)), route, BLOCK)


def _to_inline_list(pattern: Pattern, node: Node, tree: StyleTree, route: Route, width: int) -> Iterator[LayoutIssue]:
    """Yield an issue for a block list that fits in one line."""
    text = pattern.source.text
    items = node.items
    if not is_block_list(text, node) or any(
        item.children is not None or item.style in ("|", ">", "*") for item in items
    ):
        return
    quoted = tree.items is not None and tree.items.quotes == '"'
    raw = [_in_brackets(text, item, quoted=quoted) for item in items]
    if any(not item or "\n" in item or item.startswith(("&", "!")) for item in raw):
        return
    line = f" [{', '.join(raw)}]"
    colon = text.find(":", node.key_end) + 1
    if column(text, colon) + len(line) > width or _has_comments(pattern, colon, line_end(text, node.end)):
        return
    yield LayoutIssue(node.key_span, (Replacement(Span(colon, node.end), line),), route, INLINE)


def _in_brackets(text: str, item: Node, *, quoted: bool) -> str:
    """Return a scalar as written in an inline list."""
    raw = text[item.start : item.end]
    if item.style or not isinstance(item.value, str) or raw.startswith(("&", "!")):
        return raw
    return double_quoted(item.value) if quoted or not can_be_plain(item.value) else raw
