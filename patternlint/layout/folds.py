"""Folded scalars: text over several lines that YAML joins with spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.edits.text_lines import newline
from patternlint.layout.issue import LayoutIssue
from patternlint.source import Span, next_line

_BREAK = re.compile(r"(?<=\S) (?=\S)")
"""Where a line may be broken: at a single space between two words, since YAML folds the line ending into one."""


def check_fold_width(pattern: Pattern, width: int) -> list[LayoutIssue]:
    """Return an issue for each folded scalar with a line of more than `width` columns that can be broken."""
    front = pattern.front
    if pattern.source.text.find(">", front.span.start, front.span.end) < 0:
        return []
    found: list[tuple[Route, Node]] = []
    _collect_folded(found, front.root, ())
    issues = (_refill(pattern, node, route, width) for route, node in found)
    return [issue for issue in issues if issue is not None]


def _collect_folded(found: list[tuple[Route, Node]], node: Node, route: Route) -> None:
    """Add the folded scalars below a list or mapping with their routes; the value of an alias is found at its anchor."""
    children = node.children or ()
    for step, child in children.items() if isinstance(children, dict) else enumerate(children):
        if child.style == ">":
            found.append(((*route, step), child))
        elif child.children and child.style != "*":
            _collect_folded(found, child, (*route, step))


def _refill(pattern: Pattern, node: Node, route: Route, width: int) -> LayoutIssue | None:
    """Return an issue for the first overlong line of a folded scalar, with the edits that refill its paragraphs."""
    text = pattern.source.text
    has_anchor_or_tag = not text.startswith(">", node.start)
    if has_anchor_or_tag or max(map(len, text[node.start : node.end].split("\n"))) <= width:
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
    """Yield the offset and the lines of each run of lines that YAML folds.

    Runs are separated by blank lines and by more-indented lines, which YAML does not fold.
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
