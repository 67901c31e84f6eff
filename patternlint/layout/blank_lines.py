"""Trailing whitespace, and blank lines after the front matter and at the end of the file."""

from __future__ import annotations

import re

from patternlint.diagnostics.fix import Replacement
from patternlint.document.pattern import Pattern
from patternlint.edits.text_lines import newline
from patternlint.layout.issue import EXTRA, MISSING, LayoutIssue
from patternlint.source import Span, line_start, next_line

_BLANK_END = re.compile(r"\n(?:(?<=[ \t]\n)|(?<=[ \t\r]\r\n))")
"""A line feed after whitespace. The lookbehind comes second so that the search jumps from line feed to line feed."""
_HARD_BREAK = "  "
_SPACE = " \t\r\n"


def check_gap_before_body(pattern: Pattern) -> LayoutIssue | None:
    """Return an issue unless exactly one blank line separates the front matter, if any, from the body."""
    if pattern.front.is_missing:
        return None
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
    """Return an issue for each line with trailing whitespace.

    Significant whitespace is ignored: inside a value, in a code block, and a hard line break of two spaces.
    """
    text = pattern.source.text
    ends = [found.start() for found in _BLANK_END.finditer(text)]
    if text.endswith((" ", "\t")):
        ends.append(len(text))
    issues: list[LayoutIssue] = []
    last_text = _LastText(text)
    for end in ends:
        at = line_start(text, end)
        line = text[at:end].rstrip("\r")
        bare = line.rstrip(" \t")
        span = Span(at + len(bare), at + len(line))
        if len(span) == 0:
            continue
        if at >= pattern.body.span.start:
            following = next_line(text, end)
            is_followed = text[following : next_line(text, following)].strip() != ""
            is_break = bare != "" and line.endswith(_HARD_BREAK) and is_followed
            is_significant = is_break or pattern.body.is_in_code_block(at)
        else:
            is_significant = _in_value(pattern, span, last_text)
        if not is_significant:
            issues.append(LayoutIssue(span, (Replacement(span, ""),)))
    return issues


class _LastText:
    """Finds the last character before an offset that is not whitespace. Offsets must be ascending."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = self._reached = 0

    def before(self, offset: int) -> int:
        """Return the offset after the last character before `offset` that is not whitespace."""
        found = self._text[self._reached : offset].rstrip()
        if found:
            self._end = self._reached + len(found)
        self._reached = offset
        return self._end


def _in_value(pattern: Pattern, span: Span, last_text: _LastText) -> bool:
    """Return whether trailing whitespace in the front matter is inside a value, or may be."""
    text = pattern.source.text
    front = pattern.front
    if not front.span.start <= span.start < front.span.end:
        return False
    if not pattern.key_blocks.blocks:
        return True
    node = pattern.scalars.at(last_text.before(span.start) - 1)
    if node is None:
        return False
    if node.style in ("|", ">"):
        return text.find("\n", node.start, span.start) >= 0
    return node.end > span.start


def check_final_newline(pattern: Pattern) -> LayoutIssue | None:
    """Return an issue unless the file ends with exactly one newline."""
    text = pattern.source.text
    if text.endswith("\n") and text[-2:-1].strip(_SPACE):
        return None
    core = len(text.rstrip(_SPACE))
    first = text.find("\n", core)
    if first < 0:
        end = Span(len(text), len(text))
        return LayoutIssue(end, (Replacement(end, newline(pattern)),), detail=MISSING)
    if first + 1 == len(text):
        return None
    extra = Span(first + 1, len(text))
    return LayoutIssue(extra, (Replacement(extra, ""),), detail=EXTRA)
