from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Node, Pattern, Route, Rule, Severity, identifiers, label

_ENTITIES = "graph_garden:\n  entities:\n"


class BadNodeId(Rule):
    """Ids of entities and communities are unique slugs or Wikidata ids."""

    name = "bad-node-id"
    severity = Severity.WARNING
    why = "Patterns share a node of the graph only if they all use the same id for it."
    notes = (
        "A Wikidata id is `Q` and digits, such as `Q42`. Accented letters are not allowed, because `brené-brown` and "
        "`brene-brown` would be two nodes. Items that are strings or have no id are reported by `item-shape`. An entity and "
        "a community may have the same id."
    )
    bad = (
        Example(_ENTITIES + "    - id: «kierkegaard-søren»\n      type: person\n"),
        Example(
            "title: Größe\ngraph_garden:\n  communities:\n    - id: open-source\n    - id: «Open Source»\n"
            "    - id: «open-source»\n"
        ),
        Example(_ENTITIES + '    - {id: «"Q 42"», label: "…"}\n    - {id: «Q0»}\n'),
    )
    good = (
        Example(_ENTITIES + "    - id: trust\n    - id: Q42\n    - id: q42\n  communities:\n    - id: trust\n"),
        Example(_ENTITIES + "    - Feedback Loop\n    - id:\n", note="reported by `item-shape`"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        spec = pattern.spec.garden
        garden = pattern.get(spec.key) if spec.key else None
        if garden is None:
            return
        for key, kind in ((spec.entities, "entity"), (spec.communities, "community")):
            nodes = garden.get(key)
            if nodes is not None and nodes.items:
                yield from self._check_list(pattern, (spec.key, key), kind, nodes)

    def _check_list(self, pattern: Pattern, route: Route, kind: str, nodes: Node) -> Iterator[Diagnostic]:
        key = pattern.spec.garden.node_id
        ids = [node for item in nodes.items if (node := item.keys.get(key)) is not None]
        distinct = {node.value for node in ids if isinstance(node.value, str)}
        if len(distinct) == len(ids) and identifiers.are_slugs(distinct):
            return
        first: dict[str, Node] = {}
        for index, item in enumerate(nodes.items):
            node = item.keys.get(key)
            if node is None or not isinstance(node.value, str):
                continue
            identity = node.value
            original = first.setdefault(identity, node)
            if original is not node:
                message = f"duplicate {kind} `{identity}`"
                advice = "delete one of the two items"
            elif identifiers.is_slug(identity) or identifiers.is_wikidata_id(identity):
                continue
            else:
                message = f"{kind} id `{identity}` is not a slug or Wikidata id"
                advice = "write lower-case words of a–z and 0–9 joined by hyphens, or an id such as `Q42`"
            yield self.at(
                pattern,
                node.label_span,
                message,
                route=(*route, index, key),
                subject=identity,
                labels=(label(pattern, original.label_span, "first item"),) if original is not node else (),
                help=advice,
            )
