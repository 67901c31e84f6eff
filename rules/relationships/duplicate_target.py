from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Route,
    Rule,
    Safety,
    Severity,
    Span,
    label,
    links,
    list_items,
)


class _Place(NamedTuple):
    """Where a list names a target: the list's route, the item's place, the target, its span and its route."""

    list: Route
    item: int
    target: str
    span: Span
    route: Route


_BREAD = "slug: bröd\nontology:\n  domain: gärten\n"
_HUBS = "slug: bröd\norbital_layer: 5\ngravitational_hubs:\n"


class DuplicateTarget(Rule):
    """A list of links names each pattern once."""

    name = "duplicate-target"
    severity = Severity.WARNING
    why = "What is there twice counts twice, and when one of the two is changed they contradict each other."
    notes = (
        "Each list is looked at by itself: every relationship type, the inferred links, and the hubs. The same pattern "
        "under two relationship types is a matter of `type-conflict`. Each further item is a finding. The fix deletes "
        "those of a list that are the same as the first in every value, all at once; where values differ, only a person "
        "knows which is right, and what has a comment with it stays."
    )
    bad = (
        Example(
            _BREAD + "relationships:\n  requires:\n    - slug: öven\n      weight: 0.5\n    - slug: salt\n"
            "    - weight: 0.50\n      slug: «öven»\n",
            _BREAD + "relationships:\n  requires:\n    - slug: öven\n      weight: 0.5\n    - slug: salt\n",
        ),
        Example(
            _BREAD + "relationships:\n  requires:\n    - slug: öven\n      weight: 0.9\n    - slug: «öven»\n"
            "      weight: 0.5\ngraph_garden:\n  inferred_links:\n    - target: öven\n      type: requires\n"
            "    - target: «öven»\n      type: enables\n",
            note="they differ",
        ),
        Example(
            _HUBS + "  - hub_id: pat_01kg5023vdecr9aqhgjf4vp12v\n  - hub_id: «pat_01kg5023vdecr9aqhgjf4vp12v»\n",
            _HUBS + "  - hub_id: pat_01kg5023vdecr9aqhgjf4vp12v\n",
        ),
    )
    good = (
        Example(
            _BREAD + "relationships:\n  requires:\n    - slug: öven\n  enables:\n    - slug: öven\n"
            "graph_garden:\n  inferred_links:\n    - target: öven\n",
            note="once in each list",
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Look for targets and hubs that a list has named before."""
        seen: dict[tuple[Route, str], _Place] = {}
        lists: dict[Route, list[tuple[_Place, _Place]]] = {}
        for place in (*_links(pattern), *_hubs(pattern)):
            first = seen.setdefault((place.list, place.target), place)
            if first is not place:
                lists.setdefault(place.list, []).append((first, place))
        for where, pairs in lists.items():
            yield from self._again(pattern, where, pairs)

    def _again(self, pattern: Pattern, where: Route, pairs: Sequence[tuple[_Place, _Place]]) -> Iterator[Diagnostic]:
        """Yield the findings of one list, each with the first place of the target and a further one."""
        found = pattern.get(*where)
        items = found.items if found is not None else ()
        same = [place.item for first, place in pairs if items[first.item].value == items[place.item].value]
        equal = frozenset(same)
        edits = list_items.remove_items(pattern.source, found, same)
        title = "delete it" if len(same) == 1 else "delete them all"
        for first, place in pairs:
            edit = edits.get(place.item)
            is_same = place.item in equal
            yield self.at(
                pattern,
                place.span,
                f"`{place.target}` is in `{where[-1]}` twice",
                route=place.route,
                subject=place.target,
                labels=(label(pattern, first.span, "the first"),),
                help="delete one of the two"
                if is_same
                else "keep the one whose values are right, and delete the other",
                fix=Fix(title, Safety.SAFE, (edit,), (DeclaredChange(where),)) if edit is not None else None,
            )


def _links(pattern: Pattern) -> Iterator[_Place]:
    spec, listed = pattern.spec, pattern.links
    if len({(link.relation, link.target) for link in listed}) == len(listed):
        return
    for link in listed:
        yield _Place(links.list_route(link, spec), link.index, link.target, link.span, links.link_route(link, spec))


def _hubs(pattern: Pattern) -> Iterator[_Place]:
    where = (pattern.spec.hubs,)
    hubs = pattern.get(*where) if pattern.spec.hubs else None
    for index, item in enumerate(hubs.items if hubs is not None else ()):
        step = () if item.children is None else ("hub_id",)
        node = item.get(*step)
        if node is not None and isinstance(node.value, str) and node.value:
            yield _Place(where, index, node.value, node.span, (*where, index, *step))
