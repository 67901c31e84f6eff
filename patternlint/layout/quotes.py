"""Quote style: which scalars are quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.edits.scalars import can_be_plain, reads_as_text
from patternlint.layout.issue import LayoutIssue
from patternlint.spec.model import Spec, StyleTree

_CUT = re.compile(r"[ \t]+#[^\s#]")  # a comment that was probably meant as text
TYPOGRAPHIC = "“„‟‘‚"
"""Typographic opening quotes."""

CLOSING_QUOTES = "”“’‘"
_PAIRS = frozenset(("“”", "„“", "„”", "‟”", "‘’", "‚‘", "‚’"))
_DOUBLE = '"'
_SINGLE = "'"


def has_typographic_quotes(value: str) -> bool:
    """Return whether a value is enclosed in typographic quotes and contains no others of their kind."""
    return len(value) > 2 and value[0] + value[-1] in _PAIRS and not {value[0], value[-1]} & {*value[1:-1]} - {"’"}  # noqa: PLR2004


def expected_quotes(spec: Spec, route: Route) -> str | None:
    """Return the quotes of the scalar at `route` in the spec, empty for none; None where the spec has no style."""
    tree = spec.style.tree
    for step in route[:-1]:
        below = tree.items if isinstance(step, int) else tree.inner.get(step, tree.others)
        if below is None:
            return None
        tree = below
    last = route[-1] if route else ""
    if isinstance(last, str) and last in tree.scalars:
        return tree.scalars[last]
    inner = tree.items if isinstance(last, int) else tree.others
    return inner.quotes if inner is not None else None


def check_quotes(pattern: Pattern) -> list[LayoutIssue]:
    """Return an issue for each scalar with other quotes than in the spec, in the order of the text."""
    issues: list[LayoutIssue] = []
    _below(issues, pattern.source.text, pattern.front.root, pattern.spec.style.tree, ())
    if len(issues) > 1:
        issues.sort(key=lambda issue: issue.span)
    return issues


def _below(issues: list[LayoutIssue], text: str, node: Node, tree: StyleTree, route: Route) -> None:
    """Add the issues below a node."""
    children = node.children
    if node.style == "*":
        return
    if isinstance(children, dict):
        for key, quotes in tree.scalars.items():
            if key in children and children[key].style != quotes:
                _scalar(issues, text, children[key], quotes, (*route, key))
        for key, inner in tree.inner.items():
            if key in children and children[key].children:
                _below(issues, text, children[key], inner, (*route, key))
        if tree.others is not None:
            _each(issues, text, children.items(), tree.others, route)
    elif children and tree.items is not None and (node.style or not tree.inline):
        _each(issues, text, enumerate(children), tree.items, route)


def _each(
    issues: list[LayoutIssue], text: str, nodes: Iterable[tuple[str | int, Node]], tree: StyleTree, route: Route
) -> None:
    """Add the issues in nodes that share a position in the style tree."""
    quotes = tree.quotes
    if quotes is not None:
        for step, node in nodes:
            if node.style != quotes:
                _scalar(issues, text, node, quotes, (*route, step))
    else:
        for step, node in nodes:
            if node.children:
                _below(issues, text, node, tree, (*route, step))


def _scalar(issues: list[LayoutIssue], text: str, node: Node, quotes: str, route: Route) -> None:
    """Add an issue for text with other quotes than `quotes`, if it has the same value in these."""
    style = node.style
    value = node.value
    if not isinstance(value, str) or node.children is not None or style not in ("", _DOUBLE, _SINGLE):
        return
    raw = text[node.start : node.end]
    marked = not raw.startswith(style) if style else raw.startswith(("&", "!"))
    if marked or (not style and has_typographic_quotes(value)) or _CUT.match(text, node.end):
        return
    span = node.span
    if quotes == _DOUBLE:
        if style or reads_as_text(value):
            issues.append(LayoutIssue(span, (Replacement(span, _in_double(raw, style)),), route, _DOUBLE))
    elif can_be_plain(value) and "\n" not in raw:
        issues.append(LayoutIssue(span, (Replacement(span, value),), route))


def _in_double(raw: str, style: str) -> str:
    """Return a plain or single-quoted scalar in double quotes, with its line breaks."""
    inner = raw[1:-1].replace("''", "'") if style else raw
    escaped = inner.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
