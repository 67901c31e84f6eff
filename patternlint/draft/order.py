"""The usual order of keys and headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

_SAMPLE = 2_000  # sequences that are compared


def usual_order(sequences: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return all items of some sequences in an order that most sequences have.

    The most frequent item comes first; each other one is inserted where it contradicts the fewest sequences.
    """
    sample = sequences[:: len(sequences) // _SAMPLE + 1]
    counts = Counter(item for sequence in sequences for item in dict.fromkeys(sequence))
    before = Counter[tuple[str, str]]()
    for sequence in sample:
        items = tuple(dict.fromkeys(sequence))
        before.update((one, other) for place, one in enumerate(items) for other in items[place + 1 :])
    ordered: list[str] = []
    for item in sorted(counts, key=lambda item: (-counts[item], item)):
        ordered.insert(_best_place(item, ordered, before), item)
    return tuple(ordered)


def _best_place(item: str, ordered: Sequence[str], before: Counter[tuple[str, str]]) -> int:
    """Return the place with the fewest contradictions; of equal ones, the last."""
    score = sum(before[item, other] for other in ordered[:0]) + sum(before[other, item] for other in ordered)
    best, place = score, 0
    for at, other in enumerate(ordered, 1):
        score += before[item, other] - before[other, item]
        if score <= best:
            best, place = score, at
    return place


def is_in_order(sequence: Sequence[str], ordered: Sequence[str]) -> bool:
    """Return whether the items of a sequence that are in `ordered` have its order."""
    places = {item: place for place, item in enumerate(ordered)}
    found = [places[item] for item in sequence if item in places]
    return found == sorted(found)


def shared(items: Collection[str], others: Collection[str]) -> float:
    """Return the share of the items of both collections that are in both; 1 for two empty ones."""
    together = {*items, *others}
    return len({*items} & {*others}) / len(together) if together else 1.0
