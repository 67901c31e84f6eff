from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.library.entry import build_entry
from patternlint.server.positions import Encoding, Position, Positions, is_counted_alike, range_of
from patternlint.source import Source, Span
from tests.support.views import parse_text

_ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])
_TEXTS = st.text(alphabet="aä𝒳🌱e\u0301\u2028\x85\x0c\r\n", max_size=40)
_UNIT = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


def _by_the_book(text: str, offset: int, encoding: str) -> Position:
    """Return the position as the protocol defines it: three ends of lines, and code units."""
    before = text[:offset]
    is_inside = before.endswith("\r") and text[offset : offset + 1] == "\n"
    lines = (before[:-1] if is_inside else before).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    last = lines[-1] + ("\r" if is_inside else "")
    codec = "utf-8" if encoding == "utf-8" else f"{encoding}-le"
    return Position(len(lines) - 1, len(last.encode(codec)) // _UNIT[encoding])


@given(_TEXTS, st.integers(0, 40), _ENCODINGS)
def test_positions_are_those_of_the_protocol(text: str, offset: int, encoding: Encoding) -> None:
    offset = min(offset, len(text))
    positions = Positions(text, encoding)
    assert positions.position(offset) == _by_the_book(text, offset, encoding)


@given(_TEXTS, st.integers(0, 40), _ENCODINGS)
def test_offsets_come_back(text: str, offset: int, encoding: Encoding) -> None:
    offset = min(offset, len(text))
    if text[offset - 1 : offset + 1] == "\r\n":
        return
    positions = Positions(text, encoding)
    assert positions.offset(positions.position(offset)) == offset


@given(_TEXTS, st.integers(0, 9), st.integers(0, 90), _ENCODINGS)
def test_any_position_is_in_the_text(text: str, line: int, character: int, encoding: Encoding) -> None:
    positions = Positions(text, encoding)
    assert 0 <= positions.offset(Position(line, character)) <= len(text)


@pytest.mark.parametrize(("encoding", "expected"), [("utf-8", 1), ("utf-16", 1), ("utf-32", 1)])
def test_a_position_inside_a_character_is_its_start(encoding: Encoding, expected: int) -> None:
    positions = Positions("a🌱b", encoding)
    assert positions.offset(Position(0, 1)) == expected
    if encoding != "utf-32":
        assert positions.offset(Position(0, 2)) == expected


@given(_TEXTS, st.integers(0, 40), st.integers(0, 40), _ENCODINGS)
def test_regions_of_other_files_have_the_same_range(text: str, one: int, other: int, encoding: Encoding) -> None:
    source = Source("a.md", text.encode())
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    span = Span(start, end)
    assert range_of(source.region(span), source, encoding) == Positions(text, encoding).range(span)


@given(_TEXTS, _ENCODINGS)
def test_files_that_are_counted_alike_need_no_text(text: str, encoding: Encoding) -> None:
    source = Source("a.md", text.encode())
    if is_counted_alike(source.data, encoding):
        span = Span(0, len(text))
        assert range_of(source.region(span), None, encoding) == Positions(text, encoding).range(span)


@given(
    st.lists(
        st.sampled_from(["- bench", "- 'bench'  # ä", "- {slug: shed, note: ä}", "- {note: 🌱, slug: shed}", "- ä-b"])
    ),
    st.sampled_from(["title: a", "title: ä🌱"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    _ENCODINGS,
)
def test_names_in_plain_lines_are_counted_without_the_text(
    items: list[str], title: str, ending: str, encoding: Encoding
) -> None:
    lines = "".join(f"\n    {item}" for item in items)
    text = f"---\n{title}{ending}slug: oven\nontology:\n  domain: x\nrelationships:\n  requires:{lines or ' []'}\n---\n"
    parsed = parse_text("oven.md", text)
    entry = build_entry(parsed)
    if parsed.pattern is None or entry.has_wide_names:
        return
    positions = Positions(text, encoding)
    for span in [entry.span("slug"), *(link.span for link in entry.links)]:
        assert range_of(entry.region(span), None, encoding) == positions.range(span)
