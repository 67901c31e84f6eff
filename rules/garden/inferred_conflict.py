from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Link, Pattern, Rule, Severity, label, links, phrases

_LISTS = "slug: bröd\nontology:\n  domain: gärten\nrelationships:\n  requires:\n    - slug: öven\n      weight: 0.8\n"


class InferredConflict(Rule):
    """An inferred link to a related pattern is of a type that a person gave it."""

    name = "inferred-conflict"
    severity = Severity.INFO
    why = "Where the machine and a person see two patterns tied in different ways, one of them has missed something."
    notes = (
        "An inferred link is compared with all relationships to the same target: it is enough that it agrees with one "
        "of them. A link without a type, and one to a pattern that no relationship names, is left alone."
    )
    bad = (
        Example(
            _LISTS + "  enables:\n    - slug: öven\ngraph_garden:\n  inferred_links:\n"
            "    - target: öven\n      type: enables\n    - target: «öven»\n      type: complementary\n"
        ),
    )
    good = (
        Example(
            _LISTS + "graph_garden:\n  inferred_links:\n    - target: öven\n      type: requires\n"
            "    - target: öven\n    - target: salt\n      type: enables\n"
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Compare the type of each inferred link with those of the relationships."""
        inferred = [link for link in pattern.inferred if link.type]
        if not inferred:
            return
        listed: dict[str, dict[str, Link]] = {}
        for link in pattern.curated:
            listed.setdefault(link.target, {}).setdefault(link.type, link)
        for link in inferred:
            same = listed.get(link.target)
            if same and link.type not in same:
                types = phrases.join_and(phrases.backticked(same))
                first = next(iter(same.values()))
                yield self.at(
                    pattern,
                    link.span,
                    f"`{link.target}` is inferred as `{link.type}` and listed under {types}",
                    route=links.link_route(link, pattern.spec),
                    subject=link.target,
                    labels=(label(pattern, first.span, "listed here"),),
                    help="if the machine is right, move the relationship; else delete the inferred link, or let it be",
                )
