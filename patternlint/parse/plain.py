"""The headings of plain Markdown: text, lists and quotes, and no other blocks.

Nearly every body is so, and in such a one a line `## Title` at the left margin is a heading whatever surrounds it, so
that looking for these lines gives what a CommonMark parser gives, in a sixth of the time. Whether a text is so plain is
decided narrowly: where a line begins with anything else, the parser is asked.
"""

from __future__ import annotations

import re

from msgspec import Struct

from patternlint.text import Source

# What a paragraph in a list item or a quote may begin with: nothing that could begin a block of its own.
_TEXT = r"(?:[^\s#>`~=+\-<*\d]|\*(?!\s|\Z)|`(?!``)|\d+(?![\d.)]))"

_NOTABLE = re.compile(
    r"\n(?:"
    r"(#{1,6}) ([^\n]*)"  # a heading; what follows is beyond plain text
    r"|#{1,6}(?:\n|\Z)"  # a heading without words
    r"| +(?=[^ \n])"  # indented: a code block, or what a list item holds
    r"|(?<=[^\n]\n)-[- ]*(?:\n|\Z)"  # the underline of a heading
    rf"|[-*] (?! {{0,3}}{_TEXT})"
    rf"|\d+[.)] (?! {{0,3}}{_TEXT})"
    rf"|>(?! ?(?:{_TEXT}|\n|\Z))"
    r"|```"
    r"|[~=+<]"
    r")"
)
_ITEM = re.compile(
    r"\n *(?:[-*]|\d+[.)]) {1,4}[*\"“]*[^\W\d_]"
)  # that begins a paragraph: no line across, no link's target
_ODD = b"\0\t\x0b\x0c\r"  # line ends and white space that need a second look
_HTML = re.compile(r"<[A-Za-z/!?]")
_CLOSING = re.compile(r"(?:^| )#+\Z")
_INLINE = re.compile(r"[\\`*_<>&!\[\]]")


class Line(Struct, frozen=True, gc=False):
    """A line that is a heading.

    Attributes:
        start: the offset at which it begins.
        end: the offset behind its last character that is no blank.
        level: 1 to 6.
        words: what it says, where nothing in it has a meaning in Markdown; else None.
    """

    start: int
    end: int
    level: int
    words: str | None


def headings_of_plain(source: Source, start: int) -> list[Line] | None:
    """Return the headings of the Markdown that begins at offset `start`, at the start of a line.

    Returns:
        Nothing where the Markdown is not plain: then a parser must be asked.
    """
    text = source.text
    if start == 0 or (source.has_any(_ODD) and any(text.find(chr(byte), start) >= 0 for byte in _ODD)):
        return None
    if b"<" in source.rare and _HTML.search(text, start):
        return None
    lines: list[Line] = []
    for found in _NOTABLE.finditer(text, start - 1):  # each line is looked for by the line break before it
        marks, title = found.groups()
        if marks is None and _is_inner_item(text, found.start()):
            continue
        if marks is None or ("[" in title and "]:" in text):  # it may be a link that is defined elsewhere
            return None
        lines.append(_line(found, len(marks), title))
    return lines


def _is_inner_item(text: str, at: int) -> bool:
    """Return whether an item of a list stands below another one: however far it is indented, below text it is no code."""
    above = text.rfind("\n", 0, at)
    return above >= 0 and _ITEM.match(text, at) is not None and _ITEM.match(text, above) is not None


def _line(found: re.Match[str], level: int, title: str) -> Line:
    words = title.strip(" ")
    if words.endswith("#"):
        words = _CLOSING.sub("", words).rstrip(" ")
    start = found.start() + 1
    return Line(start, start + len(found[0].rstrip()) - 1, level, None if _INLINE.search(words) else words)
