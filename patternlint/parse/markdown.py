"""Markdown → headings, code blocks and comments with exact places, by pulldown-cmark (CommonMark 0.31).

A scanner of lines was as fast and disagreed with CommonMark on 22 real files of 5,878.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pyromark
from msgspec import Struct

from patternlint.parse.plain import Line, headings_of_plain
from patternlint.pattern import Body, Fence, Heading, Section
from patternlint.spec import Spec
from patternlint.text import Source, Span

if TYPE_CHECKING:
    from pyromark.event import Event, Range

_PARSER = pyromark.Markdown()
_BREAKS = frozenset(("SoftBreak", "HardBreak"))


def parse_body(source: Source, start: int, spec: Spec | None) -> Body:
    """Return the body that starts at offset `start`, with the sections of `spec` where there is one."""
    lines = headings_of_plain(source, start)
    if lines is not None:
        blocks = _Blocks(tuple(_plain_heading(source, line) for line in lines), (), ())
    else:
        blocks = _blocks(source, start)
    span = Span(start, len(source.text))
    sections = find_sections(blocks.headings, spec, span.end) if spec is not None else ()
    return Body(span, blocks.headings, sections, blocks.fences, blocks.html)


class _Blocks(Struct, frozen=True):
    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]
    html: tuple[Span, ...]


def _plain_heading(source: Source, line: Line) -> Heading:
    words = line.words
    if words is None:
        events = _PARSER.events_with_range(source.text[line.start : line.end])
        words = _words(iter(events), [])
    return Heading(line.level, words, Span(line.start, line.end))


def _blocks(source: Source, start: int) -> _Blocks:
    """Return what a CommonMark parser finds in the body that starts at offset `start`."""
    text = source.text[start:]
    at = _offsets(text, start)
    headings: list[Heading] = []
    fences: list[Fence] = []
    html: list[Range] = []
    events = iter(_PARSER.events_with_range(text))
    for event, place in events:
        if isinstance(event, str):
            continue
        if "Start" in event:
            kind = event["Start"]
            if kind == "HtmlBlock":
                html.append(place)
            elif not isinstance(kind, dict):
                continue
            elif "Heading" in kind:
                level = int(kind["Heading"]["level"][1])
                headings.append(_heading(source, at(place["start"]), at(place["end"]), level, _words(events, html)))
            elif "CodeBlock" in kind:
                fenced = isinstance(kind["CodeBlock"], dict)
                fences.append(_fence(source, at(place["start"]), at(place["end"]), fenced=fenced))
        elif "InlineHtml" in event:
            html.append(place)
    return _Blocks(tuple(headings), tuple(fences), tuple(Span(at(one["start"]), at(one["end"])) for one in html))


def _words(events: Iterator[tuple[Event, Range]], html: list[Range]) -> str:
    """Return the text of the heading that has begun, without marks, and add its inline HTML to `html`."""
    words: list[str] = []
    for event, place in events:
        if isinstance(event, str):
            if event in _BREAKS:
                words.append(" ")
        elif "Text" in event:
            words.append(event["Text"])
        elif "Code" in event:
            words.append(event["Code"])
        elif "InlineHtml" in event:
            html.append(place)
        elif "End" in event and isinstance(event["End"], dict) and "Heading" in event["End"]:
            break
    return "".join(words)


def _offsets(text: str, start: int) -> Callable[[int], int]:
    """Return a function that turns the parser's positions, which count the bytes of `text`, into offsets.

    It goes on from the position that it was asked for before: positions are asked for nearly in order, and counting
    from the start each time would be quadratic.
    """
    if text.isascii():
        return lambda position: start + position
    data = text.encode()
    last, reached = 0, start

    def at(position: int) -> int:
        nonlocal last, reached
        if position >= last:
            reached += len(data[last:position].decode())
        else:
            reached -= len(data[position:last].decode())
        last = position
        return reached

    return at


def _heading(source: Source, start: int, end: int, level: int, text: str) -> Heading:
    """Return a heading; one of more than one line has its underline below it, whatever it begins with."""
    raw = source.text[start:end].rstrip()
    return Heading(level, text, Span(start, start + len(raw)), setext="\n" in raw or "\r" in raw)


def _fence(source: Source, start: int, end: int, *, fenced: bool) -> Fence:
    """Return a code block; a fence is open when its last line is no fence at least as long as its first."""
    text = source.text
    line_start = text.rfind("\n", 0, start) + 1
    if not fenced:
        return Fence(Span(line_start, end))
    raw = text[start:end].rstrip("\r\n")
    mark = raw[0]
    length = len(raw) - len(raw.lstrip(mark))
    newline = raw.rfind("\n")
    last = raw[newline + 1 :].strip(" \t>") if newline >= 0 else ""
    closed = len(last) >= length and not last.strip(mark)
    return Fence(Span(line_start, end), closed)


def find_sections(headings: tuple[Heading, ...], spec: Spec, end: int) -> tuple[Section, ...]:
    """Return the spec's sections among `headings`; the last one goes on to `end`.

    A section's heading is `Section N: Title` or `N. Title`, at any level, with or without more behind the title. Once a
    file uses the first form, the second is an ordinary sub-heading in it. In the first form the title decides, so that
    a wrong number is a slip of the heading and no missing section; in the second both must fit.
    """
    titles = tuple(section.title.casefold() for section in spec.body.sections)
    if not titles:
        return ()
    long_form: list[tuple[int, Heading]] = []
    short_form: list[tuple[int, Heading]] = []
    for heading in headings:
        named, number, title = split_heading(heading.text)
        if title:
            wanted = _titled(title, titles)
            if wanted and named:
                long_form.append((wanted, heading))
            elif wanted and number == str(wanted):
                short_form.append((wanted, heading))
    found = long_form or short_form
    stops = [heading.span.start for _, heading in found] + [end]
    return tuple(
        Section(number, spec.body.sections[number - 1].title, heading, Span(heading.span.end, stop))
        for (number, heading), stop in zip(found, stops[1:], strict=True)
    )


def split_heading(text: str) -> tuple[bool, str, str]:
    """Split the text of a heading that begins as a section's does: `Section N: Title` or `N. Title`.

    Returns:
        Whether the word "Section" is there, the number as digits, and what follows; empty strings for other headings.
    """
    named = text[:8].casefold() == "section "
    number, mark, title = text[8:].partition(":") if named else text.partition(".")
    number = number.strip()
    return (named, number, title.strip()) if mark and number.isdecimal() else (False, "", "")


def _titled(text: str, titles: tuple[str, ...]) -> int:
    """Return the number of the section whose title `text` begins with, or 0."""
    folded = text.casefold()
    for number, title in enumerate(titles, 1):
        if folded.startswith(title) and not folded[len(title) : len(title) + 1].isalnum():
            return number
    return 0
