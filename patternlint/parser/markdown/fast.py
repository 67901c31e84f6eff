"""The headings of plain Markdown: text, lists and quotes, and no other blocks.

Most of nearly every body is so, and there a line `## Title` at the left margin is a heading whatever surrounds it, so that
looking for these lines gives what a CommonMark parser gives, in a tenth of the time. Whether a text is so plain is decided
narrowly: where a line begins with anything else, the parser is asked.
"""

from __future__ import annotations

import re

from patternlint.document.body import Heading
from patternlint.parser.markdown.commonmark import heading_text
from patternlint.source import Source, Span

# What a paragraph in a list item or a quote may begin with: nothing that could begin a block of its own.
_TEXT = r"(?:[^\s#>`~=+\-<*\d]|\*(?!\s|\Z)|`(?!``)|\d+(?![\d.)]))"

_NOTABLE = re.compile(
    r"\n(?=[ #*\-0-9>`~=+<])(?:"  # of most lines that is enough to know
    r"#(#{0,5}) ([^\n]*)"  # a heading; what follows is beyond plain text
    rf"|[-*] (?! {{0,3}}{_TEXT})"
    rf"|[0-9]+[.)] (?! {{0,3}}{_TEXT})"
    r"|-(?<=[^\n]\n-)[- ]*(?:\n|\Z)"  # the underline of a heading
    rf"|>(?! ?(?:{_TEXT}|\n|\Z))"
    r"| +(?=[^ \n])"  # indented: a code block, or what a list item holds
    r"|#{1,6}(?:\n|\Z)"  # a heading without words
    r"|```"
    r"|[~=+<]"
    r")"
)
_ITEM = re.compile(
    r"\n *(?:[-*]|\d+[.)]) {1,4}[*\"“]*[^\W\d_]"
)  # that begins a paragraph: no line across, no link's target
_ODD = b"\0\t\x0b\x0c\r"  # line ends and white space that need a second look
_HEADING = re.compile(r"\n#{1,6} [^\n]*")
_TAG = re.compile(r"<[A-Za-z/!?]")
_CLOSING = re.compile(r"(?:^| )#+\Z")
_INLINE = re.compile(r"[\\`*_<>&!\[\]]")


def needs_full_parser(source: Source, start: int) -> bool:
    """Return whether lines cannot be told apart from offset `start` on: there is white space of another kind, or no line break before."""
    text = source.text
    return start == 0 or (source.contains_any(_ODD) and any(text.find(chr(byte), start) >= 0 for byte in _ODD))


def next_tag(source: Source, at: int) -> int:
    """Return the line break before the next line with a tag, from the line break `at` on; the end where there is none."""
    text = source.text
    found = _TAG.search(text, at) if b"<" in source.uncommon_bytes else None
    return text.rfind("\n", at, found.start()) if found is not None else len(text)


def next_heading(text: str, at: int) -> Span:
    """Return the next line that may be a heading, from the line break `at` on; the end where there is none."""
    found = _HEADING.search(text, at)
    return Span(found.start() + 1, found.end()) if found is not None else Span(len(text), len(text))


def scan_headings(text: str, at: int, end: int, headings: list[Heading]) -> int:
    """Add the headings between two line breaks to `headings`, as far as all is plain.

    Returns:
        The line break before what is not plain, else `end`.
    """
    for found in _NOTABLE.finditer(text, at, end):
        marks, title = found.groups()
        if marks is None and _is_inner_item(text, found.start()):
            continue
        if marks is None or "[" in title:  # it may be a link that is defined elsewhere
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
    """Return whether an item of a list stands below another one: however far it is indented, below text it is no code."""
    above = text.rfind("\n", 0, at)
    return above >= 0 and _ITEM.match(text, at) is not None and _ITEM.match(text, above) is not None
