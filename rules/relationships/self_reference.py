from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Link,
    Pattern,
    Route,
    Rule,
    Safety,
    Severity,
    links,
    list_items,
)

_BREAD = "id: pat_01kg5023vdecr9aqhgjf4vp12v\nslug: bröd\nontology:\n  domain: gärten\n"


_PLAIN = frozenset(("slug", "id", "typeid", "target", "weight", "confidence", "source", "type"))


class SelfReference(Rule):
    """No pattern is related to itself."""

    name = "self-reference"
    severity = Severity.ERROR
    why = "A link from a pattern to itself leads nowhere, and makes a circle where there is none."
    notes = (
        "A pattern names itself by its slug or by its id, in a relationship or in an inferred link. A pattern that names "
        "itself as its hub may be its own centre: that is left alone. The fix deletes the item. It is unsafe where the item "
        "has a description or anything else that may tell which pattern was meant; where a comment stands with it, there "
        "is no fix."
    )
    bad = (
        Example(
            _BREAD + "relationships:\n  requires:\n    - slug: «bröd»\n      weight: 0.5\n  enables: []\n",
            _BREAD + "relationships:\n  requires: []\n  enables: []\n",
        ),
        Example(
            _BREAD + "relationships:\n  requires:\n    - slug: oven\n    - id: «pat_01kg5023vdecr9aqhgjf4vp12v»\n"
            "graph_garden:\n  inferred_links:\n  - target: oven\n  - target: «bröd»\n    type: enables\n  - target: salt\n",
            _BREAD + "relationships:\n  requires:\n    - slug: oven\n"
            "graph_garden:\n  inferred_links:\n  - target: oven\n  - target: salt\n",
        ),
        Example(_BREAD + "relationships:\n  requires:\n    - slug: «bröd» # really?\n      weight: 0.5\n"),
        Example(
            _BREAD + "relationships:\n  requires:\n    - slug: «bröd»\n      description: the oven\n    - slug: salt\n",
            _BREAD + "relationships:\n  requires:\n    - slug: salt\n",
            unsafe=True,
        ),
    )
    good = (Example(_BREAD + "relationships:\n  requires:\n    - slug: bröd-baking\n      weight: 0.5\n"),)

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Look for the pattern's own slug and id among its targets."""
        own = pattern.text("slug"), pattern.text("id")
        lists: dict[Route, list[Link]] = {}
        for link in pattern.links:
            if link.target in own:
                lists.setdefault(links.list_route(link, pattern.spec), []).append(link)
        for where, group in lists.items():
            items = pattern.get(*where)
            telling = [
                link.index
                for link in group
                if items is not None and not _PLAIN.issuperset(items.items[link.index].keys)
            ]
            plain = [link.index for link in group if link.index not in telling]
            edits = {
                **list_items.remove_items(pattern.source, items, plain),
                **list_items.remove_items(pattern.source, items, telling),
            }
            title = "delete it" if len(group) == 1 else "delete them all"
            for link in group:
                safety = Safety.UNSAFE if link.index in telling else Safety.SAFE
                edit = edits.get(link.index)
                yield self.at(
                    pattern,
                    link.span,
                    f"the pattern names itself under `{where[-1]}`",
                    route=links.link_route(link, pattern.spec),
                    subject=link.target,
                    help="delete the item, or write the pattern that is meant",
                    fix=Fix(title, safety, (edit,), (DeclaredChange(where),)) if edit is not None else None,
                )
