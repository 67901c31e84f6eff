from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Link, Pattern, Rule, Severity, label, links, phrases

_BREAD = "slug: bröd\nontology:\n  domain: gärten\nrelationships:\n"


class TypeConflict(Rule):
    """A pattern is related to another one in one way."""

    name = "type-conflict"
    severity = Severity.WARNING
    why = "What a pattern requires is no alternative to it: a reader who finds both learns neither."
    notes = (
        "Every relationship type counts, `tools` as well where they are patterns; inferred links do not: "
        "`inferred-conflict` compares them. One finding for each target, at the first place where its type is another "
        "than before. Which type is right, only a person knows, so there is no fix."
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
        """Look for targets that are listed under several types."""
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
                labels=(label(pattern, group[0].span, "the first"),),
                help="keep it under the type that says best how the two belong together",
            )
