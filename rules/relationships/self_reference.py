from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from patternlint.rule import (
    Diagnostic,
    Example,
    Fix,
    Link,
    Pattern,
    Route,
    Rule,
    Safety,
    Severity,
    delete_items,
    links,
)

_BREAD = "id: pat_01kg5023vdecr9aqhgjf4vp12v\nslug: bröd\nontology:\n  domain: gärten\n"
_REDUNDANT_KEYS = frozenset(("slug", "id", "typeid", "target", "weight", "confidence", "source", "type"))


class SelfReference(Rule):
    """Patterns do not link to themselves."""

    name = "self-reference"
    severity = Severity.ERROR
    why = "A link from a pattern to itself has no meaning, and makes a cycle in the graph."
    notes = (
        "Relationships and inferred links are checked, by slug and by id. A pattern may be its own hub. The fix deletes the "
        "item. It is unsafe if the item has a description or other keys that may tell which pattern was meant. An item "
        "with a comment has no fix."
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
        own = {pattern.name, pattern.text(pattern.spec.identity.id)} - {""}
        lists: dict[Route, list[Link]] = {}
        for link in pattern.links:
            if link.target in own:
                lists.setdefault(links.list_route(link, pattern.spec), []).append(link)
        for route, group in lists.items():
            fixes = self._fixes(pattern, route, group)
            for link in group:
                yield self.at(
                    pattern,
                    link.span,
                    f"the {pattern.spec.noun} links to itself under `{route[-1]}`",
                    route=links.link_route(link, pattern.spec),
                    subject=link.target,
                    help=f"delete the item, or write the {pattern.spec.name_key or 'name'} of the intended {pattern.spec.noun}",
                    fix=fixes.get(link.index),
                )

    def _fixes(self, pattern: Pattern, route: Route, group: Sequence[Link]) -> Mapping[int, Fix]:
        node = pattern.get(*route)
        items = node.items if node is not None else ()
        removable = {link.index for link in group if not items or _REDUNDANT_KEYS.issuperset(items[link.index].keys)}
        title = f"delete {'the item that links' if len(group) == 1 else 'all items that link'} to the {pattern.spec.noun} itself"
        safe = [link.index for link in group if link.index in removable]
        unsafe = [link.index for link in group if link.index not in removable]
        return {
            **delete_items(pattern, route, safe, title),
            **delete_items(pattern, route, unsafe, title, Safety.UNSAFE),
        }
