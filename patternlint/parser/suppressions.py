"""Find suppressions: comments that silence findings.

`# patternlint: ignore[rule] reason` in the front matter and `<!-- patternlint: ignore[rule] reason -->` in the body
(`{/* patternlint: ignore[rule] reason */}` in the body of an `.mdx` file) apply to their own line, or to the next one if they are on a line of their own. After the `>-` or `|` of a block scalar, a
comment applies to the block. `ignore-file[rule]` applies to the file, and `ignore-start[rule]` to all lines up to the
matching `ignore-end`, or the end of the front matter or body.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict

from msgspec import Struct
from msgspec.structs import replace

from patternlint.parser.markdown.commonmark import is_mdx
from patternlint.source import Region, Source, Span, line_end, line_start, next_line

SUPPRESSION_MARKER = "patternlint:"
WHOLE_FILE = (0, 0)
"""The lines of a suppression that applies to the whole file."""

_MDX = "{/*"
_END_MARKS = {"<!--": "-->", _MDX: "*/}"}
_START, _END = "ignore-start", "ignore-end"
_COMMENT = re.compile(
    r"(?P<open>#|<!--|\{/\*)[ \t]*patternlint:[ \t]*(?P<what>ignore-(?:file|start|end)\b|ignore\b|(?P<unknown>[a-z][a-z-]*(?=[ \t]*\[)))[ \t]*"
    r"(?:\[(?P<rules>[^\]\n]*)\])?(?P<rest>[^\n]*)"
)
_NAME = re.compile(r"[^,\s](?:[^,]*[^,\s])?")


class Suppression(Struct, frozen=True):
    """A suppression comment.

    Attributes:
        rules: the names of rules and groups that it silences, in order; one empty name if it silences none, because
            it names none or has another keyword than `ignore`.
        lines: the first and last line that it applies to, or `WHOLE_FILE`.
        reason: the reason in the words of the author; may be empty.
        span: the whole comment.
        names: the span of each name in `rules`.
        regions: the same in lines and columns.
        line: the line that it begins on.
        in_body: whether it is in the body.
        removal: the span to delete in order to remove it without a trace.
        end: the span to delete in order to remove its `ignore-end`, if it has one.
    """

    rules: tuple[str, ...]
    lines: tuple[int, int]
    reason: str
    span: Span
    names: tuple[Span, ...]
    regions: tuple[Region, ...]
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
        body_start: the offset of the body: before it only `#` begins a comment, after it only `<!--`, or `{/*` in MDX.
        closed: the spans without comments: quoted scalars of the front matter, code blocks of the body.
        blocks: the block scalars of the front matter, from their `|` or `>` on; comments may only follow that.
    """
    if SUPPRESSION_MARKER not in source.text:
        return ()
    closed = tuple(sorted((*closed, *(Span(next_line(source.text, one.start, one.end), one.end) for one in blocks))))
    last_lines = {source.lines.line_of(one.start): source.lines.line_of(max(one.start, one.end - 1)) for one in blocks}
    found: list[Suppression] = []
    next_content = _NextContentLine(source)
    starts = (_OpenStarts(), _OpenStarts())
    for match in _COMMENT.finditer(source.text):
        start = match.start()
        in_body = start >= body_start
        at = bisect_right(closed, start, key=lambda span: span.start) - 1
        if not _begins_comment(source, match["open"], in_body=in_body) or (at >= 0 and start < closed[at].end):
            continue
        before = source.text[line_start(source.text, start) : start]
        if not in_body and before and not before[-1].isspace():
            continue
        one = _suppression(source, match, next_content if not before.strip() else None, in_body=in_body)
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
            keyword = Span(*match.span("what"))
            one = replace(one, rules=("",), names=(keyword,), regions=(source.region(keyword),))
        found.append(one)
    return tuple(found)


def _begins_comment(source: Source, mark: str, *, in_body: bool) -> bool:
    return mark == "<!--" or (mark == _MDX and is_mdx(source)) if in_body else mark == "#"


class _OpenStarts:
    """The `ignore-start` comments without an `ignore-end` yet, in the front matter or in the body."""

    def __init__(self) -> None:
        self._all: list[int] = []
        self._by_rules: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        self._closed: set[int] = set()

    def add(self, index: int, rules: tuple[str, ...]) -> None:
        """Add a start, by its index among the suppressions of the file."""
        self._all.append(index)
        self._by_rules[rules].append(index)

    def close(self, rules: tuple[str, ...]) -> int | None:
        """Close the last start with these rules, or with any if `rules` is empty, and return its index, or None."""
        candidates = self._all if rules == ("",) else self._by_rules[rules]
        while candidates:
            index = candidates.pop()
            if index not in self._closed:
                self._closed.add(index)
                return index
        return None


def _suppression(
    source: Source, match: re.Match[str], next_content: _NextContentLine | None, *, in_body: bool
) -> Suppression:
    """Return the suppression of a match; `next_content` is None unless it begins its line."""
    text = source.text
    start = match.start()
    reason = match["rest"].rstrip()
    end = match.start("rest") + len(reason)
    end_mark = _END_MARKS.get(match["open"], "")
    closing = text.find(end_mark, match.start("rest")) if end_mark else -1
    if closing >= 0:
        reason = text[match.start("rest") : closing]
        end = closing + len(end_mark)
    line = source.lines.line_of(start)
    lines = (line, next_content.after(source.lines.line_of(end), match["open"]) if next_content is not None else line)
    rules, names = _names(match)
    return Suppression(
        rules,
        WHOLE_FILE if match["what"] == "ignore-file" else lines,
        " ".join(reason.split()),
        Span(start, end),
        names,
        tuple(map(source.region, names)),
        line,
        in_body,
        _removal(source, start, end, in_body=in_body),
    )


def _names(match: re.Match[str]) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    """Return the names between the brackets and their spans; one empty name for none, or for an unknown keyword."""
    start, end = match.span("rules")
    found = [*_NAME.finditer(match.string, start, end)] if start >= 0 and match["unknown"] is None else []
    if not found:
        return ("",), (Span(*match.span("what")),)
    return tuple(one[0] for one in found), tuple(Span(*one.span()) for one in found)


def _removal(source: Source, start: int, end: int, *, in_body: bool) -> Span:
    """Return the span to delete in order to remove the comment from `start` to `end` without a trace.

    A blank line stays between two lines of Markdown that only the comment separates.
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


class _NextContentLine:
    """Finds the line that a suppression on a line of its own applies to. Lines must be ascending."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._comment = ""
        self._first = self._last = 0

    def after(self, line: int, comment: str) -> int:
        """Return the next line after `line` that is neither blank nor a comment.

        The result also holds for the comments in between, so that a long run of comments is read once.
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
