"""Folded scalars: text over several lines that a reader joins with blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.edits.text_lines import newline, next_line
from patternlint.layout.issue import LayoutIssue
from patternlint.source import Span

_BREAK = re.compile(r"(?<=\S) (?=\S)")
"""Where a line may be broken: at one blank between two words. A reader takes the line ending for such a blank."""
_HEADER = re.compile(r"[-+1-9]{0,2}[ \t]*[#\r\n]")
"""What stands behind the `>` of a folded scalar."""
_MANY = 20
"""So many folded scalars are looked up one by one; a pattern has two."""


def check_fold_width(pattern: Pattern, width: int) -> list[LayoutIssue]:
    """Return the folded scalars with a line of more than `width` columns that can be broken: one slip for each."""
    form = pattern.front.form
    if form is not None and not any(_is_overlong(pattern.source.text, node, width) for node in form.folds):
        return []
    slips = (_refilled(pattern, node, route, width) for route, node in _folds(pattern))
    return [slip for slip in slips if slip is not None]


def _is_overlong(text: str, node: Node, width: int) -> bool:
    return any(len(line) > width for line in text[node.start : node.end].split("\n"))


def _folds(pattern: Pattern) -> Iterator[tuple[Route, Node]]:
    """Yield the folded scalars with their routes: the few that there are, or all of them in one walk."""
    text = pattern.source.text
    front = pattern.front
    places = list(_headers(text, front.span))
    if len(places) > _MANY:
        yield from _walk(front.root)
        return
    for place in places:
        found = _node_at(front.root, place)
        if found is not None:
            yield found


def _headers(text: str, span: Span) -> Iterator[int]:
    """Yield the offsets of `>` where a folded scalar may begin."""
    at = text.find(">", span.start, span.end)
    while at >= 0:
        if text[at - 1] in " \t" and _HEADER.match(text, at + 1):
            yield at
        at = text.find(">", at + 1, span.end)


def _walk(node: Node, route: Route = ()) -> Iterator[tuple[Route, Node]]:
    if node.style == ">":
        yield route, node
    elif node.children and node.style != "*":
        for step, child in _steps(node):
            yield from _walk(child, (*route, step))


def _node_at(node: Node, offset: int) -> tuple[Route, Node] | None:
    """Return the folded scalar that starts at `offset`, with its route."""
    route: Route = ()
    while node.children and node.style != "*":
        for step, child in _steps(node):
            if child.start <= offset < child.end:
                node = child
                route = (*route, step)
                break
        else:
            return None
    return (route, node) if node.style == ">" and node.start == offset else None


def _steps(node: Node) -> Iterable[tuple[str | int, Node]]:
    return node.children.items() if isinstance(node.children, dict) else enumerate(node.items)


def _refilled(pattern: Pattern, node: Node, route: Route, width: int) -> LayoutIssue | None:
    """Return the first overlong line of a folded scalar, and the edits that refill the paragraphs with such lines."""
    text = pattern.source.text
    if not _is_overlong(text, node, width):
        return None
    edits: list[Replacement] = []
    first: Span | None = None
    for start, lines in _paragraphs(text, node):
        overlong = next((index for index, line in enumerate(lines) if len(line.rstrip()) > width), None)
        if overlong is None:
            continue
        begin = start
        for line in lines[:overlong]:
            begin = next_line(text, begin + len(line))
        rest = lines[overlong:]
        indent = len(rest[0]) - len(rest[0].lstrip(" "))
        filled = _fill(" ".join(line[indent:] for line in rest), " " * indent, width)
        if filled == rest:
            continue
        end = begin
        for index, line in enumerate(rest):
            end = (next_line(text, end) if index else end) + len(line)
        edits.append(Replacement(Span(begin, end), newline(pattern).join(filled)))
        if first is None:
            first = Span(begin + indent, begin + len(rest[0].rstrip()))
    return LayoutIssue(first, tuple(edits), route) if first is not None else None


def _paragraphs(text: str, node: Node) -> Iterator[tuple[int, list[str]]]:
    """Yield the runs of lines that a reader joins with blanks: where each starts, and its lines with their indentation.

    Blank lines part them, and so do lines that are indented deeper than the rest, which a reader leaves alone.
    """
    at = next_line(text, node.start)
    header = text[node.start : at].partition("#")[0]
    digits = [char for char in header if char.isdigit()]
    indent = -1 if digits else 0
    start, run = at, list[str]()
    while at < node.end and indent >= 0:
        stop = next_line(text, at)
        line = text[at:stop].rstrip("\r\n")
        bare = line.lstrip(" ")
        if bare and not indent:
            indent = len(line) - len(bare)
        if len(bare) + indent == len(line) and bare and not bare.startswith("\t"):
            if not run:
                start = at
            run.append(line)
        elif run:
            yield start, run
            run = []
        at = stop
    if run:
        yield start, run


def _fill(paragraph: str, indent: str, width: int) -> list[str]:
    lines: list[str] = []
    line = indent
    for word in _BREAK.split(paragraph):
        if line == indent:
            line += word
        elif len(line) + 1 + len(word) <= width:
            line += f" {word}"
        else:
            lines.append(line)
            line = indent + word
    lines.append(line)
    return lines
