"""unsorted-weights."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from patternlint.rule import (
    Change,
    Diagnostic,
    Example,
    Fix,
    Node,
    Pattern,
    Rule,
    Safety,
    Severity,
    label,
    with_items,
)

_BREAD = "slug: bröd\nontology:\n  domain: gärten\nrelationships:\n"


class UnsortedWeights(Rule, frozen=True):
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
        for route in pattern.spec.link_routes:
            items = pattern.get(*route)
            if items is None or len(items.items) < 2:  # noqa: PLR2004 - one item is always in order
                continue
            weights = [_weight(item) for item in items.items]
            known = [weight for weight in weights if weight is not None]
            if len(known) < len(weights) or all(one >= other for one, other in pairwise(known)):
                continue
            heavier = next(index for index, (one, other) in enumerate(pairwise(known), 1) if one < other)
            order = sorted(range(len(known)), key=lambda index: -known[index])
            edit = with_items(pattern.source, items, order)
            node = items.items[heavier].get("weight")
            yield self.at(
                pattern,
                items.mark,
                f"`{route[-1]}` is not in falling order of weight",
                route=route,
                labels=(label(pattern, node.span, "more than the one above"),) if node is not None else (),
                help="put what weighs most first",
                fix=Fix("sort it by weight", Safety.SAFE, (edit,), (Change(route),)) if edit is not None else None,
            )


def _weight(item: Node) -> float | None:
    value = item.value.get("weight") if isinstance(item.value, dict) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
