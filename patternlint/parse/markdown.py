"""Markdown → headings, code blocks and comments with exact places, by pulldown-cmark (CommonMark 0.31).

A scanner of lines was as fast and disagreed with CommonMark on 22 real files of 5,878.
"""

from __future__ import annotations

import pyromark

from patternlint.pattern import Body, Fence, Heading, Section
from patternlint.spec import SectionSpec, Spec
from patternlint.text import Source, Span

_PARSER = pyromark.Markdown()
_BREAKS = frozenset(("SoftBreak", "HardBreak"))


def parse_body(source: Source, start: int, spec: Spec | None) -> Body:
    """Return the body that starts at offset `start`, with the sections of `spec` where there is one."""
    text = source.text[start:]
    data = text.encode("utf-8", "surrogatepass")
    ascii_only = len(data) == len(text)

    def offset(position: int) -> int:
        return start + (position if ascii_only else len(data[:position].decode("utf-8", "ignore")))

    headings: list[Heading] = []
    fences: list[Fence] = []
    comments: list[Span] = []
    words: list[str] | None = None
    for event, place in _PARSER.events_with_range(text):
        if isinstance(event, str):
            if words is not None and event in _BREAKS:
                words.append(" ")
            continue
        for kind, value in event.items():
            if kind == "Text" or kind == "Code":
                if words is not None:
                    words.append(value)
            elif kind == "Start":
                if isinstance(value, dict):
                    if "Heading" in value:
                        words = []
                    elif "CodeBlock" in value:
                        first, last = offset(place["start"]), offset(place["end"])
                        fences.append(_fence(source, first, last, fenced=isinstance(value["CodeBlock"], dict)))
                elif value == "HtmlBlock":
                    comments.append(Span(offset(place["start"]), offset(place["end"])))
            elif kind == "End" and isinstance(value, dict) and "Heading" in value:
                first, last = offset(place["start"]), offset(place["end"])
                headings.append(_heading(source, first, last, int(value["Heading"][1]), "".join(words or ())))
                words = None
            elif kind == "InlineHtml":
                comments.append(Span(offset(place["start"]), offset(place["end"])))
    span = Span(start, len(source.text))
    found = tuple(headings)
    sections = find_sections(found, spec, span.end) if spec is not None else ()
    return Body(span, found, sections, tuple(fences), tuple(comments))


def _heading(source: Source, start: int, end: int, level: int, text: str) -> Heading:
    raw = source.text[start:end].rstrip()
    return Heading(level, text, Span(start, start + len(raw)), setext=not raw.startswith("#"))


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
    file uses the first form, the second is an ordinary sub-heading in it.
    """
    if not spec.body.sections:
        return ()
    titles = spec.body.sections
    long_form: list[tuple[int, Heading]] = []
    short_form: list[tuple[int, Heading]] = []
    for heading in headings:
        text = heading.text
        if text[:8].casefold() == "section ":
            digits, colon, title = text[8:].partition(":")
            if colon and digits.strip().isdigit():
                number = _titled(title.lstrip(), titles)
                if number:
                    long_form.append((number, heading))
        elif text[:1].isdigit():
            digits, dot, title = text.partition(".")
            if dot and digits.isdigit():
                number = _titled(title.lstrip(), titles)
                if number == int(digits):
                    short_form.append((number, heading))
    found = long_form or short_form
    if not found:
        return ()
    stops = [heading.span.start for _, heading in found[1:]] + [end]
    return tuple(
        Section(number, titles[number - 1].title, heading, Span(heading.span.end, stop))
        for (number, heading), stop in zip(found, stops, strict=True)
    )


def _titled(text: str, sections: tuple[SectionSpec, ...]) -> int:
    folded = text.casefold()
    for number, section in enumerate(sections, 1):
        title = section.title.casefold()
        if folded.startswith(title) and not folded[len(title) : len(title) + 1].isalnum():
            return number
    return 0
