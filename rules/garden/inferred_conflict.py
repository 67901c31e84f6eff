from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Link, Pattern, Rule, Severity, label, links, phrases

_LISTS = "slug: bröd\nontology:\n  domain: gärten\nrelationships:\n  requires:\n    - slug: öven\n      weight: 0.8\n"


class InferredConflict(Rule):
    """Inferred links have the type of a relationship to the same pattern."""

    name = "inferred-conflict"
    severity = Severity.INFO
    why = "If a program and a person disagree about the type of a link, one of them is probably wrong."
    notes = (
        "The type must match one of the relationships to the same target. Links without a type, and links to patterns that "
        "no relationship names, are skipped."
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
        inferred = [link for link in pattern.inferred if link.type]
        if not inferred:
            return
        listed: dict[str, dict[str, Link]] = {}
        for link in pattern.curated:
            listed.setdefault(link.target, {}).setdefault(link.type, link)
        for link in inferred:
            by_type = listed.get(link.target)
            if by_type and link.type not in by_type:
                types = phrases.join_and(phrases.backticked(by_type))
                first = next(iter(by_type.values()))
                yield self.at(
                    pattern,
                    link.span,
                    f"`{link.target}` is inferred as `{link.type}` but listed under {types}",
                    route=links.link_route(link, pattern.spec),
                    subject=link.target,
                    labels=(label(pattern, first.span, "listed here"),),
                    help=f"move the relationship to `{link.type}`, or delete the inferred link",
                )
