from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.document.identifiers import ALPHABET, decode_suffix, is_slug, is_wikidata_id


def encode(bits: int) -> str:
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(125, -1, -5))


@given(st.integers(0, 2**128 - 1))
def test_what_is_written_is_read(bits: int) -> None:
    assert decode_suffix(encode(bits)) == bits


@given(st.integers(2**128, 2**130 - 1))
def test_more_than_128_bits_are_none(bits: int) -> None:
    assert decode_suffix(encode(bits)) is None


@pytest.mark.parametrize(
    "suffix",
    [
        "",
        "0" * 25,
        "0" * 27,
        *("0" * 25 + wrong for wrong in "iloué A_-+ٳ"),
        "0_" * 13,
        "O" * 26,
    ],
)
def test_what_is_no_suffix(suffix: str) -> None:
    assert decode_suffix(suffix) is None


@pytest.mark.parametrize("text", ["a", "5s", "a-b", "the-9-layers", "0"])
def test_slugs(text: str) -> None:
    assert is_slug(text)


@pytest.mark.parametrize("text", ["", "-", "A", "a-", "-a", "a--b", "a_b", "a b", "ä", "a\n", "a.b", "٣"])
def test_what_is_no_slug(text: str) -> None:
    assert not is_slug(text)


def test_a_long_text_is_judged_quickly() -> None:
    begun = time.perf_counter()
    assert is_slug("a-" * 500_000 + "a")
    assert not is_slug("a-" * 500_000)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("text", "expected"), [("Q42", True), ("Q0", False), ("q42", False), ("Q", False), ("Q4 ", False)]
)
def test_wikidata_numbers(text: str, expected: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert is_wikidata_id(text) == expected
