"""Source text and positions in it.

A file is decoded once into a `Source`. Everything else uses `Span`s, half-open ranges of character offsets; only this
module converts offsets to lines and columns.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from sys import byteorder

from msgspec import Struct


class Span(Struct, frozen=True, order=True, gc=False):
    """A half-open range of character offsets, `start <= end`."""

    start: int
    end: int

    def __len__(self) -> int:
        """Return the number of characters."""
        return self.end - self.start


class Region(Struct, frozen=True, order=True, gc=False):
    """A span in lines and columns, both counted from 1, columns in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


WHOLE_FILE = Region(1, 1, 1, 1)
"""The region of a finding about the file as a whole."""

BOM = "\ufeff"


_SHORT = 1 << 16
_BREAK = re.compile("\n")
_USUAL = bytes({*range(0x20, 0x7F), *range(0x80, 0xC0), 0xE2} - set(b"<>"))
"""The bytes that most text consists of: printable ASCII, and those of dashes, quotes and arrows."""


def line_start(text: str, offset: int) -> int:
    """Return the offset of the first character of the line that contains `offset`."""
    return text.rfind("\n", 0, offset) + 1


def next_line(text: str, offset: int, end: int | None = None) -> int:
    """Return the offset of the line after the one that contains `offset`, or the end of the text."""
    at = text.find("\n", offset, end)
    return at + 1 if at >= 0 else len(text) if end is None else end


def line_end(text: str, offset: int, end: int | None = None) -> int:
    """Return the offset after the last character of the line of `offset`, without its line ending."""
    at = text.find("\n", offset, end)
    if at < 0:
        return len(text) if end is None else end
    return at - 1 if at > offset and text[at - 1] == "\r" else at


class LineIndex:
    """Maps offsets to lines and columns.

    Lines end at LF or CRLF, as in YAML 1.2 and CommonMark; a lone CR, NEL, LS or PS ends no line. The index grows
    on demand, for most files up to the end of the front matter.
    """

    __slots__ = ("_reached", "_starts", "_text")

    def __init__(self, starts: array[int], text: str = "") -> None:
        self._starts = starts
        self._text = text
        self._reached = 0

    @classmethod
    def build(cls, text: str) -> LineIndex:
        """Return the line index of `text`."""
        return cls(array("I", (0,)), text)

    @property
    def starts(self) -> array[int]:
        """The offsets at which all lines start."""
        return self._up_to(len(self._text))

    def _up_to(self, offset: int) -> array[int]:
        """Return the starts of all lines that start at or before `offset`, and possibly more."""
        text = self._text
        if self._reached <= offset and self._reached < len(text):
            end = text.find("\n", offset) + 1 or len(text)
            # A rule may be stopped between the next two statements: what it left is taken away first.
            del self._starts[bisect_right(self._starts, self._reached) :]
            self._starts.extend([found.end() for found in _BREAK.finditer(text, self._reached, end)])
            self._reached = end
        return self._starts

    def seed(self, starts: Sequence[int]) -> None:
        """Store line starts that are already known, from the second line on."""
        if not self._reached:
            self._starts.extend(starts)
            self._reached = starts[-1]

    def prefix(self, offset: int) -> LineIndex:
        """Return an index of the lines that start at or before `offset`, which holds no reference to the text."""
        starts = self._up_to(offset)
        return LineIndex(starts[: bisect_right(starts, offset)])

    def to_bytes(self) -> bytes:
        """Encode the index: two bytes per line where that suffices, else four."""
        starts = self.starts
        whole = starts.tobytes()
        if starts[-1] >= _SHORT:
            return b"I" + whole
        size = starts.itemsize  # to take two of its bytes from each is seven times as fast as to go through the numbers
        low = 0 if byteorder == "little" else size - 2
        short = bytearray(2 * len(starts))
        short[::2], short[1::2] = whole[low::size], whole[low + 1 :: size]
        return b"H" + short

    @classmethod
    def from_bytes(cls, data: bytes) -> LineIndex:
        """Decode an index that `to_bytes` encoded."""
        return cls(array(chr(data[0]), data[1:]))

    def line_of(self, offset: int) -> int:
        """Return the number, from 1, of the line that contains `offset`."""
        return bisect_right(self._up_to(offset), offset)

    def line_start(self, line: int) -> int:
        """Return the offset at which line `line` (from 1) starts."""
        return (self._starts if line <= len(self._starts) else self.starts)[line - 1]

    def __len__(self) -> int:
        """Return the number of lines, including the one after a final newline."""
        return len(self.starts)

    def region(self, span: Span) -> Region:
        """Return `span` in lines and columns."""
        start, end = span.start, span.end
        starts = self._starts if end < self._reached else self._up_to(end)
        line = bisect_right(starts, start)
        end_line = line
        if line < len(starts) and end >= starts[line]:
            end_line = bisect_right(starts, end)
        return Region(line, start - starts[line - 1] + 1, end_line, end - starts[end_line - 1] + 1)


class Source:
    """A file as read: its path, its bytes, and its text decoded as UTF-8.

    Attributes:
        path: as users see it, with `/`; it also names the file in edits.
        data: the bytes on disk.
        text: the bytes decoded as UTF-8, a byte order mark included; invalid bytes become U+FFFD.
        lines: the line index of `text`.
        decode_error: where and why the bytes are not valid UTF-8, or None.
    """

    __slots__ = ("_rare", "data", "decode_error", "lines", "path", "text")

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.decode_error: UnicodeDecodeError | None = None
        try:
            self.text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            self.decode_error = error
            self.text = data.decode("utf-8", "replace")
        self.lines = LineIndex.build(self.text)
        self._rare: bytes | None = None

    @property
    def uncommon_bytes(self) -> bytes:
        """The bytes that a text has few of, in their order: `<`, `>`, line feeds, other control characters, first bytes of letters.

        A file is gone through once for them. Whether something made of them is there is then asked of some hundred
        bytes: what is in `data` in a row is in a row here too.
        """
        if self._rare is None:
            self._rare = self.data.translate(None, _USUAL)
        return self._rare

    def contains_any(self, bytes_: bytes) -> bool:
        """Return whether one of some bytes, all of them among the `rare` ones, is in the file."""
        return len(self.uncommon_bytes.translate(None, bytes_)) < len(self.uncommon_bytes)

    def line_text(self, line: int) -> str:
        """Return the text of line `line` (from 1) without its line ending."""
        text = self.text[slice(*self._line_bounds(line))]
        return text[:-1].removesuffix("\r") if text.endswith("\n") else text

    def line_span(self, line: int) -> Span:
        """Return the span of line `line` (from 1) without its line ending."""
        start, _ = self._line_bounds(line)
        return Span(start, start + len(self.line_text(line)))

    def region(self, span: Span) -> Region:
        """Return `span` in lines and columns."""
        return self.lines.region(span)

    def slice(self, span: Span) -> str:
        """Return the text that `span` covers."""
        return self.text[span.start : span.end]

    def _line_bounds(self, line: int) -> tuple[int, int]:
        starts = self.lines.starts
        return starts[line - 1], starts[line] if line < len(starts) else len(self.text)
