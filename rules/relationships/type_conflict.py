from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Link, Pattern, Rule, Severity, label, links, phrases

_BREAD = "slug: bröd\nontology:\n  domain: gärten\nrelationships:\n"


class TypeConflict(Rule):
    """Relationships to the same pattern have the same type."""

    name = "type-conflict"
    severity = Severity.WARNING
    why = "A requirement is not an alternative. Two types for the same pattern contradict each other."
    notes = (
        "All relationship types count, including `tools` that are patterns. Inferred links are compared by "
        "`inferred-conflict`. Each target is reported once, at the first item whose type differs. No fix is offered, because "
        "the right type is unknown."
    )
    bad = (
        Example(
            _BREAD + "  enables:\n    - slug: öven\n    - slug: salt\n  requires:\n    - slug: «öven»\n"
            "  complementary:\n    - slug: öven\n    - slug: «salt»\n"
        ),
        Example(_BREAD + "  enables: [öven]\n  requires: [{slug: «öven», weight: 0.5}]\n"),
    )
    good = (
        Example(
            _BREAD + "  enables:\n    - slug: öven\n    - slug: öven\n  requires:\n    - slug: salt\n"
            "graph_garden:\n  inferred_links:\n    - target: öven\n      type: requires\n"
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        curated = pattern.curated
        if len({link.target for link in curated}) == len(curated):
            return
        listed: defaultdict[str, list[Link]] = defaultdict(list)
        for link in curated:
            listed[link.target].append(link)
        for target, group in listed.items():
            types = dict.fromkeys(link.relation for link in group)
            if len(types) == 1:
                continue
            second = next(link for link in group if link.relation != group[0].relation)
            yield self.at(
                pattern,
                second.span,
                f"`{target}` is listed under {phrases.join_and(phrases.backticked(types))}",
                route=links.link_route(second, pattern.spec),
                subject=target,
                labels=(label(pattern, group[0].span, "first item"),),
                help="keep the item under the type that describes the relationship best, and delete the others",
            )
