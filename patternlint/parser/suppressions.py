"""Suppressions: comments in a file that silence findings.

In the front matter `# patternlint: ignore[rule] reason` speaks of its own line, or of the next one when it stands on a
line of its own; in the body `<!-- patternlint: ignore[rule] reason -->` does. `ignore-file[rule]` speaks of the file.
Behind the `>-` or `|` of a block of text a comment covers the block. `ignore-start[rule]` covers everything down to the
matching `ignore-end`, or to the end of the front matter or of the body.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict

from msgspec import Struct
from msgspec.structs import replace

from patternlint.source import Source, Span, line_end, line_start, next_line

SUPPRESSION_MARKER = "patternlint:"
_START, _END = "ignore-start", "ignore-end"
_COMMENT = re.compile(
    r"(?P<open>#|<!--)[ \t]*patternlint:[ \t]*(?P<what>ignore-(?:file|start|end)\b|ignore\b|(?P<unknown>[a-z][a-z-]*(?=[ \t]*\[)))[ \t]*"
    r"(?:\[(?P<rules>[^\]\n]*)\])?(?P<rest>[^\n]*)",
)


class Suppression(Struct, frozen=True):
    """A suppression as it stands in a file.

    Attributes:
        rules: the names of rules and groups that it silences, in order; one empty name where it silences none, because
            it names none or says another word than `ignore`.
        lines: the first and last line that it speaks of; (0, 0) for the whole file.
        reason: why, in the writer's words; may be empty.
        span: the whole comment.
        names: the place of each name in `rules`.
        line: the line that it begins on.
        in_body: whether it stands in the body.
        removal: what to delete so that no trace of it is left.
        end: what to delete of its `ignore-end`, if it has one.
    """

    rules: tuple[str, ...]
    lines: tuple[int, int]
    reason: str
    span: Span
    names: tuple[Span, ...]
    line: int
    in_body: bool
    removal: Span
    end: Span | None = None


def find_suppressions(
    source: Source, body_start: int, closed: tuple[Span, ...], blocks: tuple[Span, ...] = ()
) -> tuple[Suppression, ...]:
    """Return the suppressions of a file.

    Args:
        source: the file.
        body_start: where the body starts: `#` counts before it, `<!--` behind it.
        closed: where text is only text: quoted scalars of the front matter, code blocks of the body.
        blocks: the block scalars of the front matter, from their `|` or `>` on: text from the second line on.
    """
    if SUPPRESSION_MARKER not in source.text:
        return ()
    closed = tuple(sorted((*closed, *(_below_header(source.text, one) for one in blocks))))
    last_lines = {source.lines.line_of(one.start): source.lines.line_of(max(one.start, one.end - 1)) for one in blocks}
    found: list[Suppression] = []
    reach = _Reach(source)
    starts = (_Open(), _Open())
    for match in _COMMENT.finditer(source.text):
        start = match.start()
        in_body = start >= body_start
        at = bisect_right(closed, start, key=_start) - 1
        if (match["open"] == "<!--") != in_body or (at >= 0 and start < closed[at].end):
            continue
        before = source.text[line_start(source.text, start) : start]
        if not in_body and before and not before[-1].isspace():
            continue
        one = _directive(source, match, reach if not before.strip() else None, in_body=in_body)
        if not in_body and one.lines == (one.line, one.line):
            one = replace(one, lines=(one.line, last_lines.get(one.line, one.line)))
        if match["what"] == _START:
            last = len(source.lines) if in_body else source.lines.line_of(max(body_start - 1, 0))
            one = replace(one, lines=(one.line, last))
            starts[in_body].add(len(found), one.rules)
        elif match["what"] == _END:
            index = starts[in_body].close(one.rules)
            if index is not None:
                found[index] = replace(found[index], lines=(found[index].line, one.line), end=one.removal)
                continue
            one = replace(one, rules=("",), names=(Span(*match.span("what")),))
        found.append(one)
    return tuple(found)


def _below_header(text: str, block: Span) -> Span:
    """Return the lines of a block scalar below the one with its `|` or `>`."""
    return Span(next_line(text, block.start, block.end), block.end)


class _Open:
    """The starts of suppressed spans that have no end yet, in the front matter or in the body."""

    def __init__(self) -> None:
        self._all: list[int] = []
        self._by_rules: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        self._closed: set[int] = set()

    def add(self, index: int, rules: tuple[str, ...]) -> None:
        """Add a start, by its index among the suppressions of the file."""
        self._all.append(index)
        self._by_rules[rules].append(index)

    def close(self, rules: tuple[str, ...]) -> int | None:
        """Close the last start that names these rules, or any if there are none, and return its index."""
        candidates = self._all if rules == ("",) else self._by_rules[rules]
        while candidates:
            index = candidates.pop()
            if index not in self._closed:
                self._closed.add(index)
                return index
        return None


def _start(span: Span) -> int:
    return span.start


def _directive(source: Source, match: re.Match[str], reach: _Reach | None, *, in_body: bool) -> Suppression:
    """Return the suppression that `match` found; `reach` is there when it begins its line."""
    text = source.text
    start = match.start()
    reason = match["rest"].rstrip()
    end = match.start("rest") + len(reason)
    closing = text.find("-->", match.start("rest")) if in_body else -1
    if closing >= 0:
        reason = text[match.start("rest") : closing]
        end = closing + len("-->")
    line = source.lines.line_of(start)
    lines = (line, reach.behind(source.lines.line_of(end), match["open"]) if reach is not None else line)
    rules, names = _names(match)
    return Suppression(
        rules,
        (0, 0) if match["what"] == "ignore-file" else lines,
        " ".join(reason.split()),
        Span(start, end),
        names,
        line,
        in_body,
        _removal(source, start, end, in_body=in_body),
    )


def _names(match: re.Match[str]) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    """Return the names between the brackets and their places; one empty name where there is none, or an unknown word."""
    rules: list[str] = []
    places: list[Span] = []
    at = match.start("rules")
    for part in (match["rules"] or "").split(",") if match["unknown"] is None else ():
        name = part.strip()
        if name:
            begin = at + part.index(name)
            rules.append(name)
            places.append(Span(begin, begin + len(name)))
        at += len(part) + 1
    if not rules:
        return ("",), (Span(*match.span("what")),)
    return tuple(rules), tuple(places)


def _removal(source: Source, start: int, end: int, *, in_body: bool) -> Span:
    """Return what to delete so that no trace is left of the comment from `start` to `end`.

    Between two lines of Markdown with text an empty line stays: the comment kept them apart.
    """
    text = source.text
    start_of_line, end_of_line = line_start(text, start), line_end(text, end)
    before, after = text[start_of_line:start], text[end:end_of_line]
    if before.strip():
        stop = end if after.strip() else end_of_line
        return Span(start - len(before) + len(before.rstrip()), stop)
    if after.strip():
        return Span(start, end + len(after) - len(after.lstrip()))
    start_below = next_line(text, end)
    above = text[line_start(text, max(start_of_line - 1, 0)) : start_of_line]
    below = text[start_below : line_end(text, start_below)]
    if in_body and above.strip() and below.strip():
        return Span(start_of_line, end)
    return Span(start_of_line, start_below)


class _Reach:
    """Finds the line that a suppression on lines of its own speaks of. Asked in the order of the text."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._comment = ""
        self._first = self._last = 0

    def behind(self, line: int, comment: str) -> int:
        """Return the next line behind `line` that is neither blank nor a comment.

        What was found for a line is right for the comments below it too: many in a row are looked at once.
        """
        if comment == self._comment and self._first <= line < self._last:
            return self._last
        source = self._source
        last = len(source.lines)
        reach = line + 1
        while reach < last:
            text = source.line_text(reach).strip()
            if text and not text.startswith(comment):
                break
            reach += 1
        self._comment, self._first, self._last = comment, line, min(reach, last)
        return self._last
