from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.source import BOM, WHOLE_FILE, LineIndex, Region, Source, Span

PIECES = (
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "a",
    "é",
    "e\u0301",
    "═",
    "𝄞",
    "👩‍🌾",
    "\x85",
    "\u2028",
    "\x0c",
    BOM,
    "\x00",
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def slow_place(text: str, offset: int) -> tuple[int, int]:
    """Walk to `offset` and count: the definition that `Lines` must agree with."""
    line, column = 1, 1
    for character in text[:offset]:
        line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
    return line, column


def slow_lines(text: str) -> list[str]:
    """Cut at LF and CRLF. A CR that no LF follows ends no line, so it stays, at the end of the text too."""
    *ended, last = text.split("\n")
    return [*(line.removesuffix("\r") for line in ended), last]


@given(TEXTS, st.data())
def test_places_are_those_of_a_slow_count(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert LineIndex.build(text).region(Span(start, end)) == Region(*slow_place(text, start), *slow_place(text, end))
    assert LineIndex.build(text).line_of(start) == slow_place(text, start)[0]


@given(TEXTS)
def test_every_offset_comes_back_from_its_line_and_column(text: str) -> None:
    lines = LineIndex.build(text)
    for offset in range(len(text) + 1):
        region = lines.region(Span(offset, offset))
        assert lines.line_start(region.line) + region.column - 1 == offset
        assert (region.line, region.column) == (region.end_line, region.end_column)
    assert len(lines) == text.count("\n") + 1


@given(TEXTS, st.data())
def test_a_cut_index_is_the_same_as_far_as_it_goes(text: str, data: st.DataObject) -> None:
    limit = data.draw(st.integers(0, len(text)))
    whole, cut = LineIndex.build(text), LineIndex.build(text).prefix(limit)
    assert len(cut) == slow_place(text, limit)[0]
    for start in range(limit + 1):
        assert cut.region(Span(start, limit)) == whole.region(Span(start, limit))


@given(TEXTS)
def test_an_index_comes_back_from_its_bytes(text: str) -> None:
    lines = LineIndex.build(text)
    assert LineIndex.from_bytes(lines.to_bytes()).starts == lines.starts
    assert LineIndex.from_bytes(lines.to_bytes()).to_bytes() == lines.to_bytes()


@given(TEXTS)
def test_a_source_shows_the_lines_of_its_text(text: str) -> None:
    source = Source("a.md", text.encode())
    assert source.text == text
    assert source.decode_error is None
    expected = slow_lines(text)
    assert [source.line_text(line) for line in range(1, len(source.lines) + 1)] == expected
    for line, shown in enumerate(expected, 1):
        span = source.line_span(line)
        assert source.slice(span) == shown
        assert source.region(span) == Region(line, 1, line, len(shown) + 1)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_source(data: bytes) -> None:
    source = Source("a.md", data)
    assert source.data is data
    assert source.text == data.decode("utf-8", "replace")
    assert (source.decode_error is None) == (source.text.encode() == data)


def test_invalid_utf_8_is_located() -> None:
    error = Source("a.md", b"title: M\xfcll\n").decode_error
    assert error is not None
    assert (error.start, error.end) == (8, 9)


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        pytest.param("", 0, 1, 1, id="nothing"),
        pytest.param("a", 1, 1, 2, id="no newline at the end"),
        pytest.param("a\n", 2, 2, 1, id="behind a final newline"),
        pytest.param("a\r\nb", 3, 2, 1, id="CRLF"),
        pytest.param("a\r\nb", 2, 1, 3, id="between CR and LF"),
        pytest.param("a\rb", 2, 1, 3, id="a lone CR ends no line"),
        pytest.param("a\u2028b\x85c", 4, 1, 5, id="LS and NEL end no line"),
        pytest.param("𝄞x", 1, 1, 2, id="a character beyond the BMP is one column"),
        pytest.param(f"{BOM}---", 1, 1, 2, id="a byte order mark is a character"),
    ],
)
def test_where_an_offset_is(text: str, offset: int, line: int, column: int) -> None:
    assert LineIndex.build(text).region(Span(offset, offset)) == Region(line, column, line, column)


def test_spans_have_a_length_and_an_order() -> None:
    assert len(Span(3, 7)) == 4
    assert sorted([Span(2, 3), Span(1, 9), Span(1, 2)]) == [Span(1, 2), Span(1, 9), Span(2, 3)]
    assert Region(1, 1, 1, 1) == WHOLE_FILE


@given(st.lists(st.integers(0, 3), max_size=4))
def test_blank_lines_count(counts: list[int]) -> None:
    text = "x".join("\n" * count for count in counts)
    assert LineIndex.build(text).line_of(len(text)) == 1 + sum(counts)
