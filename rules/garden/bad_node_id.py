from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Node, Pattern, Route, Rule, Severity, identifiers, label

_ENTITIES = "graph_garden:\n  entities:\n"


class BadNodeId(Rule):
    """The id of an entity or community is a slug or a Wikidata number, and is there once."""

    name = "bad-node-id"
    severity = Severity.WARNING
    why = "Patterns that name the same thing meet in one node of the graph only when all write its id alike."
    notes = (
        "A Wikidata number is `Q` and digits, such as `Q42`. Letters with marks are no part of a slug: `brené-brown` "
        "and `brene-brown` would be two nodes. An item without an id, or that is a mere text, is the matter of "
        "`item-shape`. An entity and a community may have the same id."
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
        Example(_ENTITIES + "    - Feedback Loop\n    - id:\n", note="`item-shape` says so"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Look at the ids of both lists."""
        names = pattern.spec.garden
        garden = pattern.get(names.key) if names.key else None
        if garden is None:
            return
        for name, one in ((names.entities, "entity"), (names.communities, "community")):
            nodes = garden.get(name)
            if nodes is not None and nodes.items:
                yield from self._check_list(pattern, (names.key, name), one, nodes)

    def _check_list(self, pattern: Pattern, route: Route, one: str, nodes: Node) -> Iterator[Diagnostic]:
        named = [node for item in nodes.items if (node := item.keys.get("id")) is not None]
        usual = {node.value for node in named if isinstance(node.value, str)}
        if len(usual) == len(named) and identifiers.are_slugs(usual):
            return
        seen: dict[str, Node] = {}
        for index, item in enumerate(nodes.items):
            node = item.keys.get("id")
            if node is None or not isinstance(node.value, str):
                continue
            identity = node.value
            if identity in seen:
                yield self.at(
                    pattern,
                    node.label_span,
                    f"the {one} `{identity}` is there twice",
                    route=(*route, index, "id"),
                    subject=identity,
                    labels=(label(pattern, seen[identity].label_span, "for the first time"),),
                    help="delete one of them",
                )
            elif not identifiers.is_slug(identity) and not identifiers.is_wikidata_id(identity):
                yield self.at(
                    pattern,
                    node.label_span,
                    f"the {one} id `{identity}` is neither a slug nor a Wikidata number",
                    route=(*route, index, "id"),
                    subject=identity,
                    help="write lower-case words of a–z and 0–9 with hyphens between them, or a number such as `Q42`",
                )
            seen.setdefault(identity, node)
