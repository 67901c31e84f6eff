from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Link, Pattern, Rule, Severity, label, links

_LISTS = "slug: bröd\nontology:\n  domain: gärten\nrelationships:\n  requires:\n    - slug: öven\n      weight: 0.80\n"


class InferredWeight(Rule):
    """Inferred links have the weight of the relationship that they repeat."""

    name = "inferred-weight"
    severity = Severity.INFO
    enabled = False
    why = "Two numbers for the same link lead to different rankings."
    notes = (
        "A link is reported if target and type are equal to those of relationships, and its `confidence` differs from the "
        "`weight` of each of them. Links without a number are skipped."
    )
    bad = (
        Example(
            _LISTS + "graph_garden:\n  inferred_links:\n    - target: «öven»\n      type: requires\n"
            "      confidence: 0.85\n"
        ),
    )
    good = (
        Example(
            _LISTS
            + "graph_garden:\n  inferred_links:\n    - target: öven\n      type: requires\n      confidence: 0.8\n"
            "    - target: öven\n      type: enables\n      confidence: 0.9\n    - target: öven\n      type: requires\n"
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        listed: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
        for link in pattern.curated:
            if link.weight is not None:
                listed[link.target, link.type].append(link)
        for link in pattern.inferred:
            same = listed.get((link.target, link.type), ()) if link.weight is not None else ()
            if same and all(other.weight != link.weight for other in same):
                yield self.at(
                    pattern,
                    link.span,
                    f"inferred link to `{link.target}` has confidence {link.weight}, the relationship has weight {same[0].weight}",
                    route=links.link_route(link, pattern.spec),
                    subject=link.target,
                    labels=(label(pattern, same[0].span, "the relationship"),),
                    help="write the correct number in both places",
                )
