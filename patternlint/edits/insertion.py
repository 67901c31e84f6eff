"""What an edit of data comes to in the text of one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.source import Span


class Insertion(Struct, frozen=True):
    """A place in the text where an edit of data puts something.

    Attributes:
        span: what is replaced; empty where something is put in.
        text: what is put there.
        created: the route of what comes into being: a key, or the list that an item is added to.
        rank: which of several at one place comes first.
        head: the lines that open the group of the key; several keys of one group share them.
    """

    span: Span
    text: str
    created: Route
    rank: tuple[float, ...] = ()
    head: str = ""


ITEM = 0
KEY = 1


def insertion_rank(lines: Sequence[str], kind: int, order: float = 0) -> tuple[float, ...]:
    """Return which of several insertions of whole lines at one place comes first.

    The deepest do, since they go on with what stands above; then items before keys.
    """
    depth = len(lines[0]) - len(lines[0].lstrip(" "))
    return -depth, kind, order


def join_lines(lines: Iterable[str], eol: str) -> str:
    """Return lines as text."""
    return "".join(line + eol for line in lines)


def merge_insertions(insertions: Iterable[Insertion]) -> list[Replacement]:
    """Return insertions as edits, those at one place joined in the order of their ranks."""
    by_span: dict[Span, list[Insertion]] = {}
    for insertion in insertions:
        by_span.setdefault(insertion.span, []).append(insertion)
    edits: list[Replacement] = []
    for span, here in sorted(by_span.items()):
        parts: list[str] = []
        head = ""
        for insertion in sorted(here, key=lambda one: one.rank):
            if insertion.head and insertion.head != head:
                parts.append(insertion.head)
                head = insertion.head
            parts.append(insertion.text)
        edits.append(Replacement(span, "".join(parts)))
    return edits
