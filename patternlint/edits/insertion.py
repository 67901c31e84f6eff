"""Insertions into the text of one file, for edits of its data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.source import Span


class Insertion(Struct, frozen=True):
    """Text to insert for an edit of data.

    Attributes:
        span: the text that it replaces; usually empty.
        text: the new text.
        created: the route of the new key, or of the list of the new item.
        rank: the order among several insertions at one offset.
        head: the banner of the group of the key; several keys of one group share it.
    """

    span: Span
    text: str
    created: Route
    rank: tuple[float, ...] = ()
    head: str = ""


ITEM = 0
KEY = 1


def insertion_rank(lines: Sequence[str], kind: int, order: float = 0) -> tuple[float, ...]:
    """Return the rank of an insertion of whole lines.

    The deepest come first, since they continue the lines above; then items before keys.
    """
    depth = len(lines[0]) - len(lines[0].lstrip(" "))
    return -depth, kind, order


def join_lines(lines: Iterable[str], eol: str) -> str:
    """Return lines as text with line endings."""
    return "".join(line + eol for line in lines)


def merge_insertions(insertions: Iterable[Insertion]) -> list[Replacement]:
    """Return insertions as edits; those at one span are joined in the order of their ranks."""
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
