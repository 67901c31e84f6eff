from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Link,
    Pattern,
    Rule,
    Safety,
    Severity,
    label,
    links,
    list_items,
)

_BREAD = "slug: bröd\nontology:\n  domain: gärten\nrelationships:\n"


class UnsortedWeights(Rule):
    """Relationships are sorted by descending weight."""

    name = "unsorted-weights"
    severity = Severity.INFO
    why = "People read a list from the top and expect the most important items first."
    notes = (
        "Items of equal weight may be in any order, which the fix keeps. A list with an item that has no numeric weight is "
        "skipped, and so are inferred links. The fix moves the items unchanged, each with its comments and the blank lines "
        "above it. No fix is offered if a comment may belong to the list instead of an item (above the first item, below the "
        "last)."
    )
    bad = (
        Example(
            _BREAD + "  «requires»:\n    - slug: öven\n      weight: 0.5\n    # the best there is\n"
            "    - slug: flour  # local\n      weight: 0.9\n    - weight: 0.90\n      slug: salt\n",
            _BREAD + "  requires:\n    # the best there is\n    - slug: flour  # local\n      weight: 0.9\n"
            "    - weight: 0.90\n      slug: salt\n    - slug: öven\n      weight: 0.5\n",
        ),
        Example(
            _BREAD + "  enables: «[{slug: öven, weight: 0.5}, {slug: salt, weight: 1}]»\n",
            _BREAD + "  enables: [{slug: salt, weight: 1}, {slug: öven, weight: 0.5}]\n",
        ),
        Example(
            _BREAD + "  «enables»:\n    # about the first, or about all?\n    - slug: öven\n      weight: 0.5\n"
            "    - slug: salt\n      weight: 0.6\n"
        ),
    )
    good = (
        Example(_BREAD + "  enables:\n    - slug: öven\n      weight: 0.5\n    - slug: salt\n      weight: 0.5\n"),
        Example(_BREAD + "  enables:\n    - slug: öven\n      weight: 0.5\n    - slug: salt\n    - salt\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        heavier: dict[str, Link] = {}  # by relation, the first link that weighs more than the one before
        for previous, link in pairwise(pattern.curated):
            if previous.relation == link.relation and _weighs_less(previous, link):
                heavier.setdefault(link.relation, link)
        for relation, link in heavier.items():
            weights = [each.weight for each in pattern.curated if each.relation == relation and each.weight is not None]
            route = links.list_route(link, pattern.spec)
            node = pattern.get(*route)
            if node is None or len(weights) < len(node.items):
                continue
            order = [index for _, index in sorted((-weight, index) for index, weight in enumerate(weights))]
            edit = list_items.reorder_items(pattern.source, node, order)
            title = f"sort `{relation}` by descending weight"
            yield self.at(
                pattern,
                node.label_span,
                f"`{relation}` is not sorted by descending weight",
                route=route,
                labels=(label(pattern, link.span, "weighs more than the item above"),),
                help="sort the items by descending `weight`",
                fix=Fix(title, Safety.SAFE, (edit,), (DeclaredChange(route),)) if edit is not None else None,
            )


def _weighs_less(link: Link, other: Link) -> bool:
    return link.weight is not None and other.weight is not None and link.weight < other.weight
