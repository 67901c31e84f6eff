from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from patternlint.rule import (
    Diagnostic,
    Example,
    Pattern,
    Route,
    Rule,
    Severity,
    Span,
    delete_items,
    label,
    links,
)


class _Item(NamedTuple):
    """A target in a list: the route of the list, the position of the item, the target, its span and its route."""

    list: Route
    position: int
    target: str
    span: Span
    route: Route


_BREAD = "slug: bröd\nontology:\n  domain: gärten\n"
_HUBS = "slug: bröd\norbital_layer: 5\ngravitational_hubs:\n"


class DuplicateTarget(Rule):
    """Each list of links contains a pattern at most once."""

    name = "duplicate-target"
    severity = Severity.WARNING
    why = "A duplicate is counted again, and contradicts the first item when only one of them is edited."
    notes = (
        "Each list is checked separately: the relationship types, the inferred links and the hubs. A pattern under two "
        "relationship types is reported by `type-conflict`. The fix deletes all items of a list that equal the first "
        "one in every value. No fix is offered for items with other values or with a comment."
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
            note="the values differ",
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
        first: dict[tuple[Route, str], _Item] = {}
        lists: dict[Route, list[_Item]] = {}
        for item in (*_links(pattern), *_hubs(pattern)):
            if first.setdefault((item.list, item.target), item) is not item:
                lists.setdefault(item.list, []).append(item)
        for route, repeated in lists.items():
            yield from self._diagnostics(pattern, route, [(first[route, item.target], item) for item in repeated])

    def _diagnostics(
        self, pattern: Pattern, route: Route, pairs: Sequence[tuple[_Item, _Item]]
    ) -> Iterator[Diagnostic]:
        """Yield the findings of one list, each for the first item of a target and a further one."""
        node = pattern.get(*route)
        items = node.items if node is not None else ()
        equal = [
            item.position
            for first, item in pairs
            if items and items[first.position].value == items[item.position].value
        ]
        deleted = "all duplicate items" if len(equal) > 1 else "the duplicate item"
        removals = delete_items(pattern, route, equal, f"delete {deleted} from `{route[-1]}`")
        for first, item in pairs:
            yield self.at(
                pattern,
                item.span,
                f"duplicate item `{item.target}` in `{route[-1]}`",
                route=item.route,
                subject=item.target,
                labels=(label(pattern, first.span, "first item"),),
                help="delete one of the two items"
                if item.position in equal
                else "delete the item whose values are wrong",
                fix=removals.get(item.position),
            )


def _links(pattern: Pattern) -> Iterator[_Item]:
    spec, listed = pattern.spec, pattern.links
    if len({(link.relation, link.target) for link in listed}) == len(listed):
        return
    for link in listed:
        yield _Item(links.list_route(link, spec), link.index, link.target, link.span, links.link_route(link, spec))


def _hubs(pattern: Pattern) -> Iterator[_Item]:
    route = (pattern.spec.hubs,)
    hubs = pattern.get(*route) if pattern.spec.hubs else None
    for index, item in enumerate(hubs.items if hubs is not None else ()):
        step = () if item.children is None else (pattern.spec.hub_key,)
        node = item.get(*step)
        if node is not None and isinstance(node.value, str) and node.value:
            yield _Item(route, index, node.value, node.span, (*route, index, *step))
