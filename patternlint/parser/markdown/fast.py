"""Scan the headings of plain Markdown: paragraphs, lists and quotes, without other blocks.

In plain Markdown a line `## Title` at the left margin is a heading whatever surrounds it, so a scan for such lines gives
the result of a CommonMark parser. The scan stops at any line that may begin another block.
"""

from __future__ import annotations

import re

from patternlint.document.body import Heading
from patternlint.parser.markdown.commonmark import heading_text, is_mdx
from patternlint.source import Source, Span

# The beginning of a paragraph in a list item or quote; excludes all that could begin another block.
_TEXT = r"(?:[^\s#>`~=+\-<*\d\[]|\[(?!\^)|\*(?!\s|\Z)|`(?!``)|\d+(?![\d.)]))"

_NOTABLE = re.compile(
    r"\n(?=[ #*\-0-9>`~=+<[])(?:"  # rejects most lines at once
    r"#(#{0,5}) ([^\n]*)"  # a heading; the other alternatives are not plain
    rf"|[-*] (?! {{0,3}}{_TEXT})"
    rf"|[0-9]+[.)] (?! {{0,3}}{_TEXT})"
    r"|-(?<=[^\n]\n-)[- ]*(?:\n|\Z)"  # the underline of a heading
    rf"|>(?! ?(?:{_TEXT}|\n|\Z))"
    r"| +(?=[^ \n])"  # indented: a code block, or the content of a list item
    r"|#{1,6}(?:\n|\Z)"  # a heading without words
    r"|```"
    r"|[~=+<]"
    r"|\[\^"  # a footnote, which may hold any block
    r")"
)
_ITEM = re.compile(
    r"\n *(?:[-*]|\d+[.)]) {1,4}[*\"“]*[^\W\d_]"
)  # begins a paragraph, not a thematic break or a link definition
_ODD = b"\0\t\x0b\x0c"  # other whitespace
_HEADING = re.compile(r"\n#{1,6} [^\n]*")
_TAG = re.compile(r"<[A-Za-z/!?]")
_CLOSING = re.compile(r"(?:^| )#+\Z")
_INLINE = re.compile(r"[\\`*_<>&!\[\]]")


def needs_full_parser(source: Source, start: int) -> bool:
    """Return whether the text from `start` on has unusual whitespace, no line break before it, or is MDX."""
    text = source.text
    if start == 0 or is_mdx(source):
        return True
    if source.contains_any(_ODD) and any(text.find(chr(byte), start) >= 0 for byte in _ODD):
        return True
    return b"\r" in source.uncommon_bytes and text.count("\r", start) != text.count("\r\n", start)


def next_tag(source: Source, at: int) -> int:
    """Return the line break before the next line with a tag, from the line break `at` on, or the end of the text."""
    text = source.text
    found = _TAG.search(text, at) if b"<" in source.uncommon_bytes else None
    return text.rfind("\n", at, found.start()) if found is not None else len(text)


def next_heading(text: str, at: int) -> Span:
    """Return the next line that may be a heading, from the line break `at` on, or an empty span at the end of the text."""
    found = _HEADING.search(text, at)
    return Span(found.start() + 1, found.end()) if found is not None else Span(len(text), len(text))


def scan_headings(text: str, at: int, end: int, headings: list[Heading]) -> int:
    """Add the headings between two line breaks to `headings` until a line is not plain.

    Returns:
        The line break before the first line that is not plain, or `end`.
    """
    for found in _NOTABLE.finditer(text, at, end):
        marks, title = found.groups()
        if marks is None and _is_inner_item(text, found.start()):
            continue
        if marks is None or "[" in title:  # it may be a reference link
            return found.start()
        words = title.strip(" ")
        if words.endswith("#"):
            words = _CLOSING.sub("", words).rstrip(" ")
        line = found[0]
        if _INLINE.search(words):
            words = heading_text(line)
        start = found.start()
        headings.append(Heading(len(marks) + 1, words, Span(start + 1, start + len(line.rstrip()))))
    return end


def _is_inner_item(text: str, at: int) -> bool:
    """Return whether a list item is below another one, so that it is not code, however far it is indented."""
    above = text.rfind("\n", 0, at)
    return above >= 0 and _ITEM.match(text, at) is not None and _ITEM.match(text, above) is not None
