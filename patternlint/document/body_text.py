"""Queries on the text of a body: the lead paragraph, the confidence line, the section of an offset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from patternlint.diagnostics.route import BODY_ROUTE, Route
from patternlint.document.body import BodyLine, Heading, Section
from patternlint.document.pattern import Pattern
from patternlint.messages.characters import BLANK, INVISIBLE
from patternlint.source import Span, line_start, next_line

_MARKS = " \t>*_#"
_MAX_PREFIX_LENGTH = 30  # characters of the line before the word: the callout and its markup
_CLOSING = re.compile(f"[*_~`\"'”’“‘»«›‹)\\]}}」』\uff09】》〉\uff3d\uff5d\\s{INVISIBLE}{BLANK}]*\\Z")
_ENDS = re.compile(
    "[.!?…\u0589\u05c3\u061d-\u061f\u06d4\u0700-\u0702\u07f9\u0964\u0965\u104a\u104b\u1362\u1367\u1368\u166e\u17d4\u17d5"
    "\u1803\u1809\u1944\u1945\u1c7e\u1c7f\u203c\u203d\u2047-\u2049\u2e2e\u3002\uff61\ua4ff\ua60e\ua8ce\ua8cf\uaaf0\uaaf1"
    "\uabeb\ufe52\ufe56\ufe57\uff01\uff0e\uff1f\u0f0d-\u0f12\u0e01-\u0eff]\\Z"
)
"""The end of a sentence in any script (Unicode's property Sentence_Terminal); Thai and Lao have no such mark."""
_NOTES = re.compile(
    r"(?:<(\w+)[^<>]*>[^<>]{0,20}</\1>|</?\w[^<>]*>|\^?\[\^?[\w-]{1,40}\]|(?<=\s)\^[\w-]{1,80}|\{[#.:][^{}]*\})\Z"
)
_TAIL_LENGTH = 200  # characters: closing marks and notes are short
_STARS = re.compile(r"[★☆](?:[ ]?[★☆])*")
_OTHER_STARS = re.compile(r"(?:(?:⭐\ufe0f?|🌟|[✩✪✫✬✭✮✯✰⭑]|:star2?:)[ ]?)+(?<! )")
_ONE_STAR = re.compile("⭐|🌟|[✩✪✫✬✭✮✯✰⭑]|:star2?:")
_ASTERISKS = re.compile(r":[ \t]+(\*{1,5})(?=[ \t]*(?:\(|$))")
_NUMBER = re.compile(r"([1-5])(?:[ ]?(?:/|of|out of)[ ]?3(?!\d)|[ ]stars?|(?=[ ]*\())", re.IGNORECASE)
_CALLOUT = re.compile(r"(?:\[!?[ ]*\w+[ ]*\]|!\w+)[+-]?[ \t]*")


_CELL = re.compile(r"[^|\n]+")


class Confidence(Struct, frozen=True):
    """The line that rates the confidence, in any form.

    Attributes:
        line: the whole line.
        rest: the offset after "Confidence Rating:" and the markup behind it.
        stars: its ★ and ☆, or their replacement: `2/3`, other stars, asterisks; empty, at `rest`, if it has none.
        rating: the number of stars, or the number in their place; 0 if it has none.
    """

    line: BodyLine
    rest: int
    stars: Span
    rating: int


class BacktickCounter:
    """Counts the backticks before an offset in its line.

    Each call continues from the offset of the previous one: a long line may hold thousands of offsets.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = self._count = 0

    def before(self, offset: int) -> int:
        """Return the number of backticks before `offset` in its line."""
        text = self._text
        if offset < self._at:
            self._at = text.rfind("\n", 0, offset) + 1
            self._count = 0
        newline = text.rfind("\n", self._at, offset)
        if newline >= 0:
            self._at = newline + 1
            self._count = 0
        self._count += text.count("`", self._at, offset)
        self._at = offset
        return self._count


_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SUPPRESSION = re.compile(r"[ \t]*(?:<!--[ \t]*patternlint:[^\n]*?-->|\{/\*[ \t]*patternlint:[^\n]*?\*/\})")


def split_suppressions(line: str) -> tuple[str, str]:
    """Return a line of the body without its suppression comments, and these with the whitespace before them."""
    if "patternlint:" not in line:
        return line, ""
    return _SUPPRESSION.sub("", line), "".join(_SUPPRESSION.findall(line))


def is_thematic_break(line: str) -> bool:
    """Return whether a line is a thematic break: three or more of `-`, `*` or `_`."""
    bare = line.replace(" ", "").replace("\t", "")
    return len(bare) > 2 and bare[0] in "-*_" and not bare.strip(bare[0])  # noqa: PLR2004 - three make a rule


def ends_sentence(text: str) -> bool:
    """Return whether a sentence ends at the end of `text`; closing quotes, brackets and emphasis may follow it."""
    return _ENDS.search(text[: _closing_at(text)]) is not None


def _closing_at(text: str) -> int:
    """Return the offset of the closing marks and whitespace at the end of `text`."""
    tail = text[-_TAIL_LENGTH:]
    found = _CLOSING.search(tail)
    return len(text) - len(tail) + (found.start() if found is not None else len(tail))


def strip_trailing_notes(text: str) -> str:
    """Return `text` without the notes, HTML tags, anchors and block names at its end."""
    while (found := _NOTES.search(text.rstrip(), max(0, len(text) - _TAIL_LENGTH))) is not None:
        text = text[: found.start()]
    return text


def table_rows(pattern: Pattern, span: Span) -> Iterator[BodyLine]:
    """Yield the rows of tables in a part of the body: the lines that begin with `|`, outside of code."""
    text = pattern.source.text
    at = text.find("|", span.start, span.end)
    while at >= 0:
        start, end = line_start(text, at), next_line(text, at, span.end)
        if not text[start:at].strip() and not pattern.body.is_in_code_block(start):
            yield BodyLine(start, text[start:end].rstrip("\r\n"))
        at = text.find("|", end, span.end)


def table_cells(row: BodyLine) -> list[tuple[int, str]]:
    """Return the cells of a row of a table that have text, each with its offset."""
    return [(row.start + match.start(), match[0]) for match in _CELL.finditer(row.text) if match[0].strip()]


def strip_html_comments(text: str) -> str:
    """Return `text` without its HTML comments; an unclosed comment extends to the end."""
    return _HTML_COMMENT.sub("", text) if "<!--" in text else text


def is_in_html_comment(pattern: Pattern, offset: int) -> bool:
    """Return whether `offset` is inside an HTML comment that begins a line of its own, or a comment of MDX."""
    span = pattern.body.html_at(offset)
    return span is not None and pattern.source.text.startswith(("<!--", "{/*"), span.start)


def first_line(pattern: Pattern) -> BodyLine | None:
    """Return the first line of the body that is not blank, code or a comment, or None."""
    lines = pattern.lines(pattern.body.span, code=False)
    return next((line for line in lines if line.text.strip() and not is_in_html_comment(pattern, line.start)), None)


def lead_paragraph(pattern: Pattern) -> Span | None:
    """Return the first paragraph of the body, before its sections.

    Headings are skipped. None when another block comes first, such as a callout.
    """
    body = pattern.body
    sections = body.sections
    stop = sections[0].heading.span.start if sections else body.span.end
    start = end = -1
    for line in pattern.lines(Span(body.span.start, stop), code=False):
        words = line.text.lstrip(" \t>")
        begins = line.start + len(line.text) - len(words)
        if not words or words.startswith("[!") or is_thematic_break(words) or body.html_at(line.start):
            if start >= 0 or words.startswith("[!"):
                break
        elif body.heading_at(begins):
            if start >= 0:
                break
        elif 0 <= end < line.start - 2:
            break
        else:
            start = begins if start < 0 else start
            end = line.start + len(line.text.rstrip())
    return Span(start, end) if start >= 0 else None


def find_confidence_line(pattern: Pattern) -> Confidence | None:
    """Return the line of the body that rates the confidence, in any form, or None."""
    text, name = pattern.source.text, pattern.spec.body.confidence_name
    if not name:
        return None
    needle = name.partition(" ")[0][1:]  # without the first letter, which may be a capital
    at = text.find(needle, pattern.body.span.start)
    while at >= 0:
        start = text.rfind("\n", max(0, at - _MAX_PREFIX_LENGTH), at) + 1
        if start:
            stop = text.find("\n", at)
            found = _confidence(BodyLine(start, text[start : stop if stop >= 0 else None].rstrip("\r")), name)
            if found is not None:
                return found
        at = text.find(needle, at + 1)
    return None


@lru_cache(maxsize=1)  # two rules ask about the same line
def _confidence(line: BodyLine, name: str) -> Confidence | None:
    """Return the rating in a line that begins with the name of the rating, or with its first word."""
    words = line.text.lstrip(_MARKS)
    found = _CALLOUT.match(words)
    callout = found is not None
    if found is not None:
        words = words[found.end() :].lstrip(_MARKS)
    bare, whole = words[: len(name)].casefold(), name.casefold()
    word = whole.partition(" ")[0]
    if not bare.startswith(word):
        return None
    words = words[len(name if bare == whole else word) :]
    rest = words.lstrip("*_ \t")
    if not (callout or rest.startswith(":")):
        return None
    rest = rest.lstrip(":*_ \t")
    at = line.start + len(line.text) - len(rest)
    stars = _STARS.search(rest)
    if stars is not None:
        return Confidence(line, at, Span(at + stars.start(), at + stars.end()), stars[0].count("★"))
    asterisks = _ASTERISKS.search(line.text)
    if asterisks is not None:
        span = Span(line.start + asterisks.start(1), line.start + asterisks.end(1))
        return Confidence(line, span.start, span, len(span))
    for pattern in (_OTHER_STARS, _NUMBER):
        match = pattern.match(rest)
        if match is not None:
            rating = len(_ONE_STAR.findall(match[0])) if pattern is _OTHER_STARS else int(match[1])
            return Confidence(line, at, Span(at, at + match.end()), rating)
    return Confidence(line, at, Span(at, at), 0)


def find_numbered_heading(pattern: Pattern, number: int) -> Heading | None:
    """Return the first heading with the number of a section but another title, or None."""
    sections, form = pattern.body.sections, pattern.spec.body.form
    own = {section.heading.span for section in sections}
    named = any(form.split(section.heading.text).is_named for section in sections)
    for heading in pattern.body.headings if pattern.spec.body.is_numbered else ():
        is_named, found, title = form.split(heading.text)
        if title and found == str(number) and (is_named or not named) and heading.span not in own:
            return heading
    return None


def section_at(pattern: Pattern, offset: int) -> Section | None:
    """Return the section that `offset` is in, its heading included, or None."""
    return next((one for one in reversed(pattern.body.sections) if one.heading.span.start <= offset), None)


def route_at(pattern: Pattern, offset: int) -> Route:
    """Return the route of an offset in the body: that of its section, or `BODY_ROUTE` before the first section."""
    section = section_at(pattern, offset)
    return section.route if section is not None else BODY_ROUTE
