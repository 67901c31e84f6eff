"""The order of keys, by the spec."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from patternlint.diagnostics.route import Route
from patternlint.document.pattern import Pattern
from patternlint.parser.yaml.compose import compose
from patternlint.spec.model import Spec


def top_order(spec: Spec, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the order of the top-level keys, of those that the spec accepts, in which the fewest of `keys` are out of place."""
    if not spec.key_orders:
        return spec.keys
    return min(
        (spec.keys, *spec.key_orders), key=lambda order: len(keys) - len(longest_increasing(_ranks(order, keys)))
    )


def _ranks(order: Sequence[str], keys: Iterable[str]) -> list[int]:
    places = {key: place for place, key in enumerate(order)}
    return [places[key] for key in keys if key in places]


def longest_increasing(ranks: Sequence[int]) -> list[int]:
    """Return the longest rising part of `ranks`: what can stay where it is while the rest moves."""
    tails: list[int] = []
    for rank in ranks:
        at = bisect_left(tails, rank)
        tails[at : at + 1] = [rank]
    return tails


def key_order(pattern: Pattern, above: Route) -> tuple[str, ...]:
    """Return the keys that the spec has in the mapping at `above`, in order; none where it says nothing of it."""
    spec = pattern.spec
    if not above:
        return top_order(spec, tuple(pattern.front.root.keys))
    if above == (spec.relationships.key,):
        return spec.relationships.types
    default = spec.defaults.get(str(above[0]), "").replace("{{", "").replace("}}", "")
    root = compose(default).root
    found = root.get(*above) if root is not None else None
    return tuple(found.keys) if found is not None else ()
