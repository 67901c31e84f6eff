from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    Diagnostic,
    Example,
    Link,
    Pattern,
    Rule,
    Safety,
    Severity,
    delete_items,
    label,
    links,
)

_LISTS = "slug: bröd\nontology:\n  domain: gärten\nrelationships:\n  requires:\n    - slug: öven\n      weight: 0.80\n"


class InferredRedundant(Rule):
    """Inferred links do not repeat a relationship."""

    name = "inferred-redundant"
    severity = Severity.INFO
    enabled = False
    why = "A link that repeats a relationship adds no information."
    notes = (
        "An inferred link repeats a relationship if target and type are equal, and its `confidence` equals the `weight`. "
        "If only the numbers differ, `inferred-weight` reports it. The fix deletes the inferred link. It is unsafe, because "
        "the reason of the link is lost."
    )
    bad = (
        Example(
            _LISTS + "graph_garden:\n  inferred_links:\n    - target: «öven»\n      type: requires\n"
            "      confidence: 0.8\n      reason: Heat\n",
            _LISTS + "graph_garden:\n  inferred_links: []\n",
            unsafe=True,
        ),
    )
    good = (
        Example(
            _LISTS
            + "graph_garden:\n  inferred_links:\n    - target: öven\n      type: requires\n      confidence: 0.9\n"
            "    - target: öven\n      type: enables\n      confidence: 0.8\n    - target: öven\n      type: requires\n"
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        spec = pattern.spec
        curated = {(link.target, link.type, link.weight): link for link in pattern.curated}
        repeated: list[tuple[Link, Link]] = []
        for link in pattern.inferred:
            relationship = curated.get((link.target, link.type, link.weight))
            if link.weight is not None and relationship is not None:
                repeated.append((link, relationship))
        if not repeated:
            return
        route = links.list_route(repeated[0][0], spec)
        title = "delete the redundant link" if len(repeated) == 1 else "delete all redundant links"
        fixes = delete_items(pattern, route, [link.index for link, _ in repeated], title, Safety.UNSAFE)
        for link, relationship in repeated:
            yield self.at(
                pattern,
                link.span,
                f"inferred link to `{link.target}` repeats a relationship",
                route=links.link_route(link, spec),
                subject=link.target,
                labels=(label(pattern, relationship.span, "the relationship"),),
                help="delete the inferred link",
                fix=fixes.get(link.index),
            )
