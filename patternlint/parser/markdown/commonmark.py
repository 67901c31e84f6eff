"""Headings, code blocks and HTML of Markdown with exact positions, by pulldown-cmark.

It parses CommonMark 0.31, tables and footnotes of GitHub, and lines of JSX tags as MDX does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pyromark
from msgspec import Struct
from msgspec.structs import replace

from patternlint.document.body import CodeBlock, Heading
from patternlint.source import Source, Span, line_start

if TYPE_CHECKING:
    from pyromark.event import Event, Range

_PARSER = pyromark.Markdown(options=pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_FOOTNOTES)
_JSX_LINE = re.compile(r"^[ \t]*</?(?=[A-Z]\w*[a-z])[\w.]++(?:[ \t][^<>\n]*+)?/?>[ \t]*$", re.MULTILINE)
"""A line that is one tag of a component, such as `<Tabs>`: HTML has no names in mixed case."""
_LINE = re.compile(r"[^\n]+")
_CONTINUATION = bytes(range(0x80, 0xC0))  # in UTF-8, the bytes of a character after its first
_BREAKS = frozenset(("SoftBreak", "HardBreak"))


class MarkdownBlocks(Struct, frozen=True):
    """The headings, code blocks and HTML of some Markdown, each in order."""

    headings: tuple[Heading, ...]
    code_blocks: tuple[CodeBlock, ...] = ()
    html_spans: tuple[Span, ...] = ()


def is_mdx(source: Source) -> bool:
    """Return whether a file is MDX, in which comments are `{/* … */}`."""
    return source.path.endswith(".mdx")


def heading_text(line: str) -> str:
    """Return the text of a heading line without markup."""
    return _heading_words(iter(_PARSER.events_with_range(line)), [])


def parse_blocks(source: Source, start: int, end: int) -> MarkdownBlocks:
    """Return the blocks from offset `start` to offset `end`, parsed as a document of its own.

    Comments of MDX count as HTML in an `.mdx` file.
    """
    written = source.text[start:end]
    text = written
    comments = list(_mdx_comments(text)) if is_mdx(source) else []
    if comments:
        text = _without(text, comments)
    if "</" in text or "/>" in text:
        text = _JSX_LINE.sub(_as_spaces, text)
    blocks = _parse(source, written, text, start)
    if not comments:
        return blocks
    codes = [code.span for code in blocks.code_blocks]
    moved = [Span(start + one.start, start + one.end) for one in comments]
    outside = [one for one in moved if not any(code.start <= one.start < code.end for code in codes)]
    return replace(blocks, html_spans=tuple(sorted((*blocks.html_spans, *outside))))


def _mdx_comments(text: str) -> Iterator[Span]:
    """Yield the comments `{/* … */}` that are closed."""
    at = text.find("{/*")
    while at >= 0 and (end := text.find("*/}", at)) >= 0:
        yield Span(at, end + 3)
        at = text.find("{/*", end)


def _without(text: str, spans: list[Span]) -> str:
    """Return `text` with spaces for the spans."""
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += (text[at : span.start], _LINE.sub(_as_spaces, text[span.start : span.end]))
        at = span.end
    return "".join((*parts, text[at:]))


def _as_spaces(line: re.Match[str]) -> str:
    """Return as many spaces as a line has bytes: Markdown reads the lines around a tag as if they were alone."""
    return " " * len(line[0].encode())


def _parse(source: Source, written: str, text: str, start: int) -> MarkdownBlocks:
    """Return the blocks of `text`, which has the bytes of `written`, the text at offset `start`, or spaces for them."""
    at = offset_converter(written, start)
    headings: list[Heading] = []
    fences: list[CodeBlock] = []
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
                headings.append(
                    _heading(source, at(place["start"]), at(place["end"]), level, _heading_words(events, html))
                )
            elif "CodeBlock" in kind:
                fenced = isinstance(kind["CodeBlock"], dict)
                fences.append(_fence(source, at(place["start"]), at(place["end"]), fenced=fenced))
        elif "InlineHtml" in event:
            html.append(place)
    return MarkdownBlocks(tuple(headings), tuple(fences), tuple(Span(at(one["start"]), at(one["end"])) for one in html))


def _heading_words(events: Iterator[tuple[Event, Range]], html: list[Range]) -> str:
    """Return the text of the current heading without markup, and add its inline HTML to `html`."""
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


def offset_converter(text: str, start: int) -> Callable[[int], int]:
    """Return a function that converts byte positions in `text` to character offsets.

    It counts from the previous position, since counting from the start each time would be quadratic. A position within a
    character, where spaces stood for it, counts as the one after it.
    """
    if text.isascii():
        return lambda position: start + position
    data = text.encode()
    last, reached = 0, start

    def at(position: int) -> int:
        nonlocal last, reached
        if position >= last:
            reached += len(data[last:position].translate(None, _CONTINUATION))
        else:
            reached -= len(data[position:last].translate(None, _CONTINUATION))
        last = position
        return reached

    return at


def _heading(source: Source, start: int, end: int, level: int, text: str) -> Heading:
    """Return a heading; one of several lines is a setext heading."""
    raw = source.text[start:end].rstrip()
    return Heading(level, text, Span(start, start + len(raw)), setext="\n" in raw or "\r" in raw)


def _fence(source: Source, start: int, end: int, *, fenced: bool) -> CodeBlock:
    """Return a code block; it is closed if its last line is a fence at least as long as the first."""
    text = source.text
    span = Span(line_start(text, start), end)
    if not fenced:
        return CodeBlock(span)
    raw = text[start:end].rstrip("\r\n")
    mark = raw[0]
    length = len(raw) - len(raw.lstrip(mark))
    newline = raw.rfind("\n")
    last = raw[newline + 1 :].strip(" \t>") if newline >= 0 else ""
    closed = len(last) >= length and not last.strip(mark)
    return CodeBlock(span, closed)
