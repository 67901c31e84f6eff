"""Folded scalars: text over several lines that a reader joins with blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.diagnostic import Replace, Route
from patternlint.layout.lines import newline, next_line
from patternlint.layout.slip import Slip
from patternlint.node import Node
from patternlint.pattern import Pattern
from patternlint.text import Span

_BREAK = re.compile(r"(?<=\S) (?=\S)")
"""Where a line may be broken: at one blank between two words. A reader takes the line ending for such a blank."""


def overlong_folds(pattern: Pattern, width: int) -> list[Slip]:
    """Return the folded scalars with a line of more than `width` columns that can be broken: one slip for each."""
    text = pattern.source.text
    front = pattern.front.span
    slips: list[Slip] = []
    at = text.find(">", front.start, front.end)
    while at >= 0:
        stop = at + 1
        if text[at - 1] in " \t":
            found = _node_at(pattern.front.root, at)
            if found is not None:
                route, node = found
                slip = _refilled(pattern, node, route, width)
                if slip is not None:
                    slips.append(slip)
                stop = max(stop, node.end)
        at = text.find(">", stop, front.end)
    return slips


def _node_at(node: Node, offset: int, route: Route = ()) -> tuple[Route, Node] | None:
    """Return the folded scalar that starts at `offset`, with its route."""
    if node.style == "*":
        return None
    steps: Iterator[tuple[str | int, Node]] = iter(
        node.children.items() if isinstance(node.children, dict) else enumerate(node.items)
    )
    for step, child in steps:
        if child.start == offset and child.style == ">":
            return (*route, step), child
        if child.start <= offset < child.end and child.children:
            return _node_at(child, offset, (*route, step))
    return None


def _refilled(pattern: Pattern, node: Node, route: Route, width: int) -> Slip | None:
    """Return the first overlong line of a folded scalar, and the edits that refill the paragraphs with such lines."""
    text = pattern.source.text
    edits: list[Replace] = []
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
        edits.append(Replace(Span(begin, end), newline(pattern).join(filled)))
        if first is None:
            first = Span(begin + indent, begin + len(rest[0].rstrip()))
    return Slip(first, tuple(edits), route) if first is not None else None


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
