"""The order of keys in the spec."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache

from patternlint.diagnostics.route import Route
from patternlint.document.pattern import Pattern
from patternlint.parser.yaml.compose import compose
from patternlint.spec.model import Spec


def top_order(spec: Spec, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the accepted order of top-level keys in which the fewest of `keys` are out of place."""
    if not spec.key_orders:
        return spec.keys

    def count_in_place(order: tuple[str, ...]) -> int:
        places = _places(order)
        return len(longest_increasing([places[key] for key in keys if key in places]))

    return max((spec.keys, *spec.key_orders), key=count_in_place)


@lru_cache
def _places(order: tuple[str, ...]) -> Mapping[str, int]:
    return {key: place for place, key in enumerate(order)}


def longest_increasing(ranks: Sequence[int]) -> list[int]:
    """Return a list as long as the longest increasing subsequence of `ranks`: the keys that need not move."""
    tails: list[int] = []
    for rank in ranks:
        at = bisect_left(tails, rank)
        tails[at : at + 1] = [rank]
    return tails


def key_order(pattern: Pattern, above: Route) -> tuple[str, ...]:
    """Return the keys of the mapping at `above` in the order of the spec; empty where the spec has no order."""
    spec = pattern.spec
    if not above:
        return top_order(spec, tuple(pattern.front.root.keys))
    if above == (spec.relationships.key,):
        return spec.relationships.types
    default = spec.defaults.get(str(above[0]), "").replace("{{", "").replace("}}", "")
    root = compose(default).root
    found = root.get(*above) if root is not None else None
    return tuple(found.keys) if found is not None else ()
