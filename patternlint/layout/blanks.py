"""Blanks and blank lines: after the front matter, at the ends of lines, at the end of the file."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.diagnostic import Replace
from patternlint.layout.lines import line_start, newline, next_line
from patternlint.layout.slip import EXTRA, MISSING, Slip
from patternlint.outline import scalar_at
from patternlint.pattern import Pattern
from patternlint.text import Span

_LAST = frozenset(" \t\r")
_HARD_BREAK = "  "
_SPACE = " \t\r\n"


def gap_before_body(pattern: Pattern) -> Slip | None:
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
        return Slip(pattern.front.closing, (Replace(Span(start, start), newline(pattern)),), what=MISSING)
    extra = Span(ends[0], ends[-1])
    return Slip(extra, (Replace(extra, ""),), what=EXTRA)


def trailing_blanks(pattern: Pattern) -> list[Slip]:
    """Return the blanks at the ends of lines.

    Those that mean something stay: within a value, in a code block, and two that break a line of the text.
    """
    text = pattern.source.text
    ends = [start - 1 for start in pattern.source.lines.starts if start > 1 and text[start - 2] in _LAST]
    if text.endswith((" ", "\t")):
        ends.append(len(text))
    return [slip for end in ends for slip in _trailing(pattern, end)]


def _trailing(pattern: Pattern, end: int) -> Iterator[Slip]:
    """Yield a slip for the blanks before `end`, where a line ends, unless they mean something."""
    text = pattern.source.text
    at = line_start(text, end)
    line = text[at:end].rstrip("\r")
    bare = line.rstrip(" \t")
    if len(bare) == len(line):
        return
    span = Span(at + len(bare), at + len(line))
    if at >= pattern.body.span.start:
        means = _is_break(text, line, bare, next_line(text, end)) or _in_code(pattern, at)
    else:
        means = _in_value(pattern, span)
    if not means:
        yield Slip(span, (Replace(span, ""),))


def _is_break(text: str, line: str, bare: str, following: int) -> bool:
    """Return whether the blanks behind `bare` break the line, as Markdown has it."""
    return bool(bare) and line.endswith(_HARD_BREAK) and text[following : next_line(text, following)].strip() != ""


def _in_code(pattern: Pattern, offset: int) -> bool:
    return any(fence.span.start <= offset < fence.span.end for fence in pattern.body.fences)


def _in_value(pattern: Pattern, span: Span) -> bool:
    """Return whether blanks at the end of a line of front matter are within a value, or may be."""
    text = pattern.source.text
    front = pattern.front
    if not front.span.start <= span.start < front.span.end:
        return False
    if not pattern.outline.blocks:
        return True
    at = len(text[front.span.start : span.start].rstrip()) + front.span.start
    node = scalar_at(front.root, at - 1)
    if node is None:
        return False
    if node.style in ("|", ">"):
        return "\n" in text[node.start : span.start]
    return node.end > span.start


def final_newlines(pattern: Pattern) -> Slip | None:
    """Return a slip unless the file ends with exactly one newline."""
    text = pattern.source.text
    if text.endswith("\n") and text[-2:-1].strip(_SPACE):
        return None
    core = len(text.rstrip(_SPACE))
    first = text.find("\n", core)
    if first < 0:
        return Slip(Span(len(text), len(text)), (Replace(Span(len(text), len(text)), newline(pattern)),), what=MISSING)
    if first + 1 == len(text):
        return None
    extra = Span(first + 1, len(text))
    return Slip(extra, (Replace(extra, ""),), what=EXTRA)
