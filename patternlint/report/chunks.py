"""Joins short texts into long ones: writing half a million lines one by one costs more than making them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

_SIZE = 1000


def batches(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts joined, so many at a time."""
    rest = iter(texts)
    while batch := "".join(islice(rest, _SIZE)):
        yield batch


def separated(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts as the members of a JSON array: each on a line of its own, a comma before all but the first."""
    before = "\n"
    for text in texts:
        yield before + text
        before = ",\n"
