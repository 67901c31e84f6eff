"""Blanks and blank lines: after the front matter, at the ends of lines, at the end of the file."""

from __future__ import annotations

import re

from patternlint.diagnostics.fix import Replacement
from patternlint.document.pattern import Pattern
from patternlint.edits.text_lines import newline
from patternlint.layout.issue import EXTRA, MISSING, LayoutIssue
from patternlint.source import Span, line_start, next_line

_BLANK_END = re.compile(r"\n(?<=[ \t\r]\n)")
"""A line feed behind a blank or a CR. Written so, it is looked for from line feed to line feed, not at every character."""
_HARD_BREAK = "  "
_SPACE = " \t\r\n"


def check_gap_before_body(pattern: Pattern) -> LayoutIssue | None:
    """Return a slip unless one blank line parts the front matter from the text."""
    text = pattern.source.text
    start = pattern.body.span.start
    if text.startswith("\n", start) and text[start + 1 : start + 2].strip(_SPACE):
        return None
    ends: list[int] = []
    at = start
    while at < len(text):
        stop = next_line(text, at)
        if text[at:stop].strip(_SPACE):
            break
        ends.append(stop)
        at = stop
    if at >= len(text) or len(ends) == 1:
        return None
    if not ends:
        return LayoutIssue(pattern.front.closing, (Replacement(Span(start, start), newline(pattern)),), detail=MISSING)
    extra = Span(ends[0], ends[-1])
    return LayoutIssue(extra, (Replacement(extra, ""),), detail=EXTRA)


def check_trailing_whitespace(pattern: Pattern) -> list[LayoutIssue]:
    """Return the blanks at the ends of lines.

    Those that mean something stay: within a value, in a code block, and two that break a line of the text.
    """
    text = pattern.source.text
    ends = [found.start() for found in _BLANK_END.finditer(text)]
    if text.endswith((" ", "\t")):
        ends.append(len(text))
    slips: list[LayoutIssue] = []
    solid = _Solid(text)
    for end in ends:
        at = line_start(text, end)
        line = text[at:end].rstrip("\r")
        bare = line.rstrip(" \t")
        span = Span(at + len(bare), at + len(line))
        if len(span) == 0:
            continue
        if at >= pattern.body.span.start:
            means = _is_break(text, line, bare, next_line(text, end)) or pattern.body.is_in_code_block(at)
        else:
            means = _in_value(pattern, span, solid)
        if not means:
            slips.append(LayoutIssue(span, (Replacement(span, ""),)))
    return slips


class _Solid:
    """Finds the last character before a place that is no blank. Asked in the order of the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = self._seen = 0

    def before(self, offset: int) -> int:
        """Return the offset behind the last character before `offset` that is no blank and ends no line."""
        found = self._text[self._seen : offset].rstrip()
        if found:
            self._end = self._seen + len(found)
        self._seen = offset
        return self._end


def _is_break(text: str, line: str, bare: str, following: int) -> bool:
    """Return whether the blanks behind `bare` break the line, as Markdown has it."""
    return bool(bare) and line.endswith(_HARD_BREAK) and text[following : next_line(text, following)].strip() != ""


def _in_value(pattern: Pattern, span: Span, solid: _Solid) -> bool:
    """Return whether blanks at the end of a line of front matter are within a value, or may be."""
    text = pattern.source.text
    front = pattern.front
    if not front.span.start <= span.start < front.span.end:
        return False
    if not pattern.key_blocks.blocks:
        return True
    node = pattern.scalars.at(solid.before(span.start) - 1)
    if node is None:
        return False
    if node.style in ("|", ">"):
        return text.find("\n", node.start, span.start) >= 0
    return node.end > span.start


def check_final_newline(pattern: Pattern) -> LayoutIssue | None:
    """Return a slip unless the file ends with exactly one newline."""
    text = pattern.source.text
    if text.endswith("\n") and text[-2:-1].strip(_SPACE):
        return None
    core = len(text.rstrip(_SPACE))
    first = text.find("\n", core)
    if first < 0:
        return LayoutIssue(
            Span(len(text), len(text)), (Replacement(Span(len(text), len(text)), newline(pattern)),), detail=MISSING
        )
    if first + 1 == len(text):
        return None
    extra = Span(first + 1, len(text))
    return LayoutIssue(extra, (Replacement(extra, ""),), detail=EXTRA)
