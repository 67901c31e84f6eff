"""Join short texts: one write per line costs more than making the lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

_SIZE = 1000


def batches(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts joined in batches."""
    rest = iter(texts)
    while batch := "".join(islice(rest, _SIZE)):
        yield batch


def separated(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts as the members of a JSON array, one per line."""
    before = "\n"
    for text in texts:
        yield before + text
        before = ",\n"
