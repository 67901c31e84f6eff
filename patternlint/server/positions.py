"""Positions as the Language Server Protocol counts them, and offsets in a text.

The protocol ends lines at a line feed, at a carriage return, and at both together; columns count bytes of UTF-8, units of
UTF-16, or characters. `Source` ends lines at line feeds, and counts characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Literal

from msgspec import Struct

from patternlint.source import Region, Source, Span

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_BREAK = re.compile(r"\r\n|\n|\r")
_BELOW_ASTRAL = bytes(range(0xF0))
_ASCII = bytes(range(0x80))


class Position(Struct, frozen=True, order=True):
    """A line and a column, both from 0."""

    line: int
    character: int


class Range(Struct, frozen=True, order=True):
    """A half-open range."""

    start: Position
    end: Position


def _utf16(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


_LENGTH: Mapping[str, Callable[[str], int]] = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": _utf16,
    "utf-32": len,
}


class Positions:
    """Converts between offsets in a text and positions.

    Args:
        text: the text.
        encoding: what columns count.
    """

    def __init__(self, text: str, encoding: Encoding) -> None:
        self._text = text
        self._length = _LENGTH[encoding]
        self._is_narrow = text.isascii() or encoding == "utf-32"
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def position(self, offset: int) -> Position:
        """Return the position of an offset."""
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        return Position(line, offset - start if self._is_narrow else self._length(self._text[start:offset]))

    def range(self, span: Span) -> Range:
        """Return the range of a span."""
        return Range(self.position(span.start), self.position(span.end))

    def offset(self, position: Position) -> int:
        """Return the offset of a position; one that is outside of a line or of the text counts as its end."""
        if position.line >= len(self._starts):
            return len(self._text)
        start = self._starts[position.line]
        end = self._starts[position.line + 1] if position.line + 1 < len(self._starts) else len(self._text)
        line = self._text[start:end].rstrip("\r\n")
        if self._is_narrow:
            return start + min(position.character, len(line))
        left, at = position.character, 0
        while at < len(line) and left > 0:
            left -= self._length(line[at])
            at += left >= 0
        return start + at


def is_counted_alike(data: bytes, encoding: Encoding) -> bool:
    """Return whether lines and columns of a file, given as bytes, are the same in `Source` and in the protocol."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    if encoding == "utf-32":
        return True
    plain = _BELOW_ASTRAL if encoding == "utf-16" else _ASCII
    return not data.translate(None, plain)


def range_of(region: Region, source: Source | None, encoding: Encoding) -> Range:
    """Return the range of a region of a file.

    Args:
        region: the lines and columns, in characters.
        source: the file, if it can be read.
        encoding: what columns count.
    """
    if source is not None and not is_counted_alike(source.data, encoding):
        lines = source.lines
        if max(region.line, region.end_line) <= len(lines):
            start = lines.line_start(region.line) + region.column - 1
            end = lines.line_start(region.end_line) + region.end_column - 1
            return Positions(source.text, encoding).range(Span(start, end))
    return Range(Position(region.line - 1, region.column - 1), Position(region.end_line - 1, region.end_column - 1))
