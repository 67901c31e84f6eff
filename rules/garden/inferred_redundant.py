from __future__ import annotations

from collections.abc import Iterator

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

_LISTS = "slug: bröd\nontology:\n  domain: gärten\nrelationships:\n  requires:\n    - slug: öven\n      weight: 0.80\n"


class InferredRedundant(Rule):
    """An inferred link says something that no relationship says."""

    name = "inferred-redundant"
    severity = Severity.INFO
    enabled = False
    why = "A link that repeats what a person has written adds a line to read and nothing to know."
    notes = (
        "It repeats a relationship when target, type and number are the same: the `confidence` of the one, the `weight` "
        "of the other. Where only the numbers differ, `inferred-weight` says so. The fix deletes the inferred link, and "
        "with it its reason: that is why it is unsafe."
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
        """Look for a relationship of the same type and number for each inferred link."""
        spec = pattern.spec
        written = {(link.target, link.type, link.weight): link for link in pattern.curated}
        found: list[tuple[Link, Link]] = []
        for link in pattern.inferred:
            same = written.get((link.target, link.type, link.weight))
            if link.weight is not None and same is not None:
                found.append((link, same))
        if not found:
            return
        where = links.list_route(found[0][0], spec)
        edits = list_items.remove_items(pattern.source, pattern.get(*where), [link.index for link, _ in found])
        title = "delete it" if len(found) == 1 else "delete them all"
        for link, same in found:
            edit = edits.get(link.index)
            yield self.at(
                pattern,
                link.span,
                f"the inferred link to `{link.target}` repeats a relationship",
                route=links.link_route(link, spec),
                subject=link.target,
                labels=(label(pattern, same.span, "the relationship"),),
                help="delete the inferred link",
                fix=Fix(title, Safety.UNSAFE, (edit,), (DeclaredChange(where),)) if edit is not None else None,
            )
