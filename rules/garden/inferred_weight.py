from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Link, Pattern, Rule, Severity, label, links

_LISTS = "slug: bröd\nontology:\n  domain: gärten\nrelationships:\n  requires:\n    - slug: öven\n      weight: 0.80\n"


class InferredWeight(Rule):
    """Where an inferred link repeats a relationship, its number is the same."""

    name = "inferred-weight"
    severity = Severity.INFO
    enabled = False
    why = "Two numbers for one tie between two patterns: whoever ranks by them gets two answers."
    notes = (
        "Target and type are the same, and the `confidence` of the inferred link differs from the `weight` of every such "
        "relationship. Where one of the two has no number, nothing is said."
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
        """Compare the number of each inferred link with those of the relationships that it repeats."""
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
                    f"the inferred link to `{link.target}` says {link.weight}, the relationship {same[0].weight}",
                    route=links.link_route(link, pattern.spec),
                    subject=link.target,
                    labels=(label(pattern, same[0].span, "the relationship"),),
                    help="decide which number is right, and write it in both places",
                )
