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
    """A list of relationships is in falling order of weight."""

    name = "unsorted-weights"
    severity = Severity.INFO
    why = "People read a list from the top, and take what stands there for what matters most."
    notes = (
        "Relationships of equal weight may stand in any order, and the fix leaves them in theirs. A list in which an "
        "item has no weight, or one that is no number, is left alone. The fix moves the items as they are written, "
        "each with its comments and the blank lines above it; where it is not certain whose a comment is (above the "
        "first item, below the last), there is no fix. Inferred links are left in the order in which they were written."
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
        """Compare each weight with the one before."""
        rises: dict[str, Link] = {}
        for one, other in pairwise(pattern.curated):
            if one.relation == other.relation and _rises(one.weight, other.weight):
                rises.setdefault(other.relation, other)
        for kind, heavier in rises.items():
            weights = [link.weight for link in pattern.curated if link.relation == kind and link.weight is not None]
            route = links.list_route(heavier, pattern.spec)
            items = pattern.get(*route)
            if items is None or len(weights) < len(items.items):
                continue
            order = [index for _, index in sorted((-weight, index) for index, weight in enumerate(weights))]
            edit = list_items.reorder_items(pattern.source, items, order)
            yield self.at(
                pattern,
                items.label_span,
                f"`{kind}` is not in falling order of weight",
                route=route,
                labels=(label(pattern, heavier.span, "weighs more than the one above"),),
                help="put what weighs most first",
                fix=Fix("sort it by weight", Safety.SAFE, (edit,), (DeclaredChange(route),))
                if edit is not None
                else None,
            )


def _rises(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and one < other
