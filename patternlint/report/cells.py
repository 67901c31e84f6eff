"""The width of a line on a terminal, character by character.

A tab takes up to four cells, 日 two, a combining accent none, a control character the length of its name. Underlines are
exact because the line and the marks below it are both measured here.
"""

from __future__ import annotations

from msgspec import Struct

from patternlint.report.escape import command_brackets, escape_line

_TAB = 4
_JOINER = "\u200d"
_EMOJI = "\ufe0f"


class DisplayLine(Struct, frozen=True):
    """A part of a line as displayed.

    Attributes:
        text: the displayed text.
        starts: the first cell of each character of the piece, and the cell after the last one.
        offsets: the offset in `text` of each character of the piece, and its end.
    """

    text: str
    starts: list[int] | range
    offsets: list[int] | range

    @property
    def width(self) -> int:
        """The width of the whole in cells."""
        return self.starts[-1]


def cells(piece: str, encoding: str = "") -> DisplayLine:
    """Return a part of a line as displayed: tabs become spaces, harmful characters become their names.

    Args:
        piece: the text, without line feeds.
        encoding: the encoding of a stream that cannot write all of Unicode; other characters are escaped as well.
    """
    brackets = command_brackets(piece)
    if piece.isascii() and piece.isprintable() and not brackets:
        plain = range(len(piece) + 1)
        return DisplayLine(piece, plain, plain)
    from rich.cells import cell_len, get_character_cell_size  # noqa: PLC0415 - most lines never need it

    out: list[str] = []
    starts: list[int] = []
    offsets: list[int] = []
    at = offset = 0
    before = ""
    for place, character in enumerate(piece):
        starts.append(at)
        offsets.append(offset)
        if character == "\t":
            show = " " * (_TAB - at % _TAB)
            wide = len(show)
        elif character == _EMOJI:
            show, wide = character, max(cell_len(before + character) - cell_len(before), 0) if before else 0
        elif character == _JOINER:
            show, wide = character, 0
        else:
            show = escape_line(character) if place not in brackets else f"\\{character}"
            if encoding:
                show = show.encode(encoding, "backslashreplace").decode(encoding)
            joined = before == _JOINER
            wide = len(show) if show != character else 0 if joined else get_character_cell_size(character)
        before = character
        out.append(show)
        at += wide
        offset += len(show)
    starts.append(at)
    offsets.append(offset)
    return DisplayLine("".join(out), starts, offsets)
