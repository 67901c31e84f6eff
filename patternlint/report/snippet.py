"""Source lines with the parts that a finding is about underlined."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from patternlint.report.cells import DisplayLine, cells
from patternlint.report.color import Paint
from patternlint.report.escape import escape_line
from patternlint.report.locations import is_located
from patternlint.report.locations import location as location_text
from patternlint.source import Region, Source

_ROOM = 20
"""The number of characters displayed before a mark when the line is cut."""
_MIN_WIDTH = 40
_LONG = 4
"""A line longer than this multiple of the width is cut before its cells are measured."""


class Glyphs(Struct, frozen=True):
    """The characters that snippets are drawn with."""

    corner: str = "┌─"
    bar: str = "│"
    cut: str = "…"


UNICODE = Glyphs()
ASCII = Glyphs("-->", "|", "...")


class Annotation(Struct, frozen=True):
    """A region to underline and the message beside it. `role` is the color, `sign` the character."""

    region: Region
    message: str
    role: str
    sign: str


class SnippetStyle(Struct, frozen=True):
    """Colors, glyphs, the width in columns and the width of the gutter.

    `encoding` is that of a stream without all of Unicode, or empty.
    """

    paint: Paint
    glyphs: Glyphs
    width: int
    gutter: int
    encoding: str = ""

    def location(self, path: str, region: Region, message: str = "") -> str:
        """Return the line with a location, followed by a message that has no source line."""
        suffix = f": {escape_line(message)}" if message else ""
        return (
            f"{' ' * (self.gutter + 1)}{self.paint('gutter', self.glyphs.corner)} {location_text(path, region)}{suffix}"
        )

    def row(self, text: str = "", number: int | str = "") -> str:
        """Return a line with the gutter and `number` in it before `text`."""
        head = self.paint("gutter", f"{number:>{self.gutter}} {self.glyphs.bar}")
        return f"{head} {text}" if text else head

    @property
    def room(self) -> int:
        """The number of cells for a source line."""
        return max(self.width - self.gutter - 3, _MIN_WIDTH)


def fits(region: Region, source: Source | None) -> bool:
    """Return whether the file still has the lines of `region`."""
    return source is not None and is_located(region) and region.end_line <= len(source.lines)


def render_snippet(canvas: SnippetStyle, source: Source, marks: list[Annotation]) -> Iterator[str]:
    """Yield the lines of a snippet, a blank one first.

    Args:
        canvas: how to draw.
        source: the file.
        marks: what to underline, the most important first; all `fits` the file.
    """
    by_line: dict[int, list[Annotation]] = {}
    for mark in marks:
        for piece in _split_mark(mark, source):
            by_line.setdefault(piece.region.line, []).append(piece)
    yield canvas.row()
    last = min(by_line) - 1
    if last > 0 and source.line_text(last).strip():
        yield canvas.row(_draw_line(canvas, source.line_text(last), [])[0], last)
    for line in sorted(by_line):
        if line == last + 2:  # one line between is shown, more are left out
            yield canvas.row(_draw_line(canvas, source.line_text(last + 1), [])[0], last + 1)
        elif line > last + 2:
            yield canvas.row(number=canvas.glyphs.cut[: canvas.gutter])
        text, *below = _draw_line(canvas, source.line_text(line), by_line[line])
        yield canvas.row(text, line)
        yield from map(canvas.row, below)
        last = line


def _split_mark(mark: Annotation, source: Source) -> Iterator[Annotation]:
    """Yield a mark, or the first and the last line of a mark over several lines."""
    region = mark.region
    line, column, end_line, end_column = region.line, region.column, region.end_line, region.end_column
    if end_line > line and end_column == 1:
        end_line -= 1
        end_column = len(source.line_text(end_line)) + 1
    if line == end_line:
        yield replace(mark, region=Region(line, column, line, max(column, end_column)))
        return
    first_end = len(source.line_text(line)) + 1
    if column < first_end:
        yield replace(mark, region=Region(line, column, line, first_end), message="")
    text = source.line_text(end_line)
    start = len(text) - len(text.lstrip()) + 1
    yield replace(mark, region=Region(end_line, min(start, end_column), end_line, end_column))


class _Bar(Struct, frozen=True):
    """A mark in cells of the displayed line."""

    start: int
    end: int
    mark: Annotation


def _draw_line(canvas: SnippetStyle, text: str, marks: list[Annotation]) -> list[str]:
    """Return a source line, cut to the available width, and the lines with its marks."""
    text, shift, before, after = _cut_characters(text, marks, canvas.room)
    line = cells(text, canvas.encoding)
    bars = [_bar(mark, line, shift) for mark in marks]
    cut = canvas.glyphs.cut
    if before or after or line.width > canvas.room:
        start, end = _window(line.width, bars, canvas.room - 2 * len(cut), before=before)
    else:
        start, end = 0, line.width
    before, after = before or start > 0, after or end < line.width
    first = bisect_right(line.starts, start) - 1
    last = bisect_right(line.starts, end) - 1
    start, end = line.starts[first], line.starts[last]
    indent = len(cut) if before else 0
    piece = line.text[line.offsets[first] : line.offsets[last]]
    shown_line = f"{cut if before else ''}{piece if after else piece.rstrip()}{cut if after else ''}"
    limit = indent + end - start + (len(cut) if after else 1)
    moved = [_move(bar, indent - start, limit) for bar in bars]
    return [shown_line, *_draw_marks(canvas, moved)] if moved else [shown_line]


def _cut_characters(text: str, marks: list[Annotation], room: int) -> tuple[str, int, bool, bool]:
    """Return the part of a very long line around its first mark, its offset, and whether it is cut at either end."""
    if len(text) <= _LONG * room:
        return text, 0, False, False
    start = max(0, marks[0].region.column - 1 - room) if marks else 0
    end = start + _LONG * room
    return text[start:end], start, start > 0, end < len(text)


def _bar(mark: Annotation, line: DisplayLine, shift: int) -> _Bar:
    last = len(line.starts) - 1
    first_character = mark.region.column - 1 - shift
    start = line.starts[min(max(first_character, 0), last)]
    end = line.starts[min(max(mark.region.end_column - 1 - shift, 0), last)]
    if end <= start:
        accent = mark.region.end_column > mark.region.column and 0 < first_character < last
        start, end = (start - 1, start) if accent else (start, start + 1)
    return _Bar(start, end, mark)


def _window(width: int, bars: list[_Bar], room: int, *, before: bool) -> tuple[int, int]:
    """Return the range of cells to display of a line that is too long, with its first mark inside."""
    if not bars:
        return 0, min(room, width)
    left, right = min(bar.start for bar in bars), max(bar.end for bar in bars)
    if right - left > room - _ROOM:
        left, right = bars[0].start, min(bars[0].end, bars[0].start + room - _ROOM)
    if right <= room and not before:
        return 0, min(room, width)
    start = max(0, min(left - (room - (right - left)) // 2, width - room))
    return start, min(start + room, width)


def _move(bar: _Bar, by: int, limit: int) -> _Bar:
    """Return a bar in the cells of the cut line; one outside of it moves below the ellipsis."""
    start = min(max(bar.start + by, 0), limit - 1)
    return _Bar(start, max(min(bar.end + by, limit), start + 1), bar.mark)


def _draw_marks(canvas: SnippetStyle, bars: list[_Bar]) -> Iterator[str]:
    """Yield the underline with the message of the rightmost mark beside it, and the other messages below."""
    length = max(bar.end for bar in bars)
    owner: list[_Bar | None] = [None] * length
    for bar in reversed(bars):
        owner[bar.start : bar.end] = [bar] * (bar.end - bar.start)
    underline = _paint_runs(canvas.paint, owner)
    messages = sorted((bar for bar in bars if bar.mark.message), key=lambda bar: -bar.start)
    if messages and messages[0].end == length and owner[messages[0].end - 1] is messages[0]:
        beside = messages.pop(0)
        underline += " " + canvas.paint(beside.mark.role, escape_line(beside.mark.message))
    yield underline
    if messages:
        yield _draw_stems(canvas, messages)
    for index, bar in enumerate(messages):
        stems = _draw_stems(canvas, [one for one in messages[index + 1 :] if one.start < bar.start], bar.start)
        yield stems + canvas.paint(bar.mark.role, escape_line(bar.mark.message))


def _paint_runs(paint: Paint, owner: list[_Bar | None]) -> str:
    parts: list[str] = []
    start = 0
    for at in range(1, len(owner) + 1):
        if at == len(owner) or owner[at] is not owner[start]:
            bar = owner[start]
            parts.append(" " * (at - start) if bar is None else paint(bar.mark.role, bar.mark.sign * (at - start)))
            start = at
    return "".join(parts)


def _draw_stems(canvas: SnippetStyle, bars: list[_Bar], width: int = 0) -> str:
    """Return a line of `width` cells with the stems of the marks whose messages follow below."""
    parts: list[str] = []
    at = 0
    for start, role in sorted({bar.start: bar.mark.role for bar in bars}.items()):
        parts.append(" " * (start - at) + canvas.paint(role, canvas.glyphs.bar))
        at = start + 1
    return "".join(parts) + " " * (width - at)
