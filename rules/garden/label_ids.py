from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    Diagnostic,
    Entry,
    Example,
    Fix,
    GraphNode,
    Library,
    LibraryRule,
    Route,
    Severity,
    replace_word,
)


def _nodes(*nodes: tuple[str, str], kind: str = "entities") -> str:
    items = "".join(f'\n    - id: {identity}\n      label: "{label}"' for label, identity in nodes)
    return f"---\ngraph_garden:\n  {kind}:{items}\n---\n"


class LabelIds(LibraryRule):
    """A label of entities or communities has one id in the whole library."""

    name = "label-ids"
    severity = Severity.WARNING
    why = "The graph has two nodes for one thing, and patterns that name the one do not lead to those that name the other."
    notes = (
        "Case and punctuation of labels are ignored. An id is reported if more patterns use another one for the label; if several ids are "
        "equally frequent, each place is reported and has no fix. An entity and a community may have the same label. The fix is unsafe, "
        "because two things may have the same label. It is not offered if the list has the other id already. Patterns of external libraries "
        "are not counted."
    )
    bad = (
        Example(
            {
                "a.md": _nodes(("Söderström, Käthe", "kathe-soderstrom")),
                "b.md": _nodes(("Söderström Käthe", "«soderstrom-kathe»")),
                "c.md": _nodes(("Söderström, Käthe", '"kathe-soderstrom"')),
            },
            unsafe=True,
            fixed={"b.md": _nodes(("Söderström Käthe", "kathe-soderstrom"))},
        ),
        Example(
            {
                "a.md": _nodes(("Bürgergarten", "«garden»"), kind="communities"),
                "b.md": _nodes(("Bürgergarten", '"«civic-garden»"'), kind="communities"),
            },
            note="equally frequent",
        ),
        Example(
            {
                "a.md": _nodes(("Bread", "bread")),
                "b.md": _nodes(("Brötchen", "bread"), ("Bread", "«brot»")),
                "c.md": _nodes(("Bread", "bread")),
            },
            note="the list has the other id already",
        ),
    )
    good = (
        Example(
            {
                "a.md": _nodes(("Söderström, Käthe", "kathe-soderstrom")),
                "b.md": _nodes(("Söderström, Käthe", "soderstrom-kathe"), kind="communities"),
                "c.md": _nodes(("…", "kathe-soderstrom")),
                "d.md": _nodes(("…", "soderstrom-kathe")),
            },
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        for entry in library.targets:
            nodes = entry.nodes
            for node in nodes:
                found = library.label_ids(node.key)
                if found is None or node.id == found.usual:
                    continue
                garden = library.spec_of(entry).garden
                route = (garden.key, node.kind, node.index, garden.node_id)
                if found.usual:
                    message = f"`{node.label}` has the id `{node.id}` here and `{found.usual}` in more patterns"
                    share = f"{found.counts[found.usual]:,} of {found.total:,} patterns"
                    advice = f"write `id: {found.usual}` as {share} do, or change the label"
                else:
                    message = f"`{node.label}` has the id `{node.id}` here and another one in other patterns"
                    others = sorted(found.counts.keys() - {node.id})
                    advice = f"use one id everywhere, for example `{others[0]}`, or change the label"
                yield self.at(
                    entry,
                    node.span,
                    message,
                    route=route,
                    subject=node.label,
                    help=advice,
                    fix=_fix(library, entry, node, found.usual, route),
                )


def _fix(library: Library, entry: Entry, node: GraphNode, usual: str, route: Route) -> Fix | None:
    """Return the fix to the usual id, unless another node of the list has it or would get it."""
    others = [other for other in entry.nodes if other.kind == node.kind and other.index != node.index]
    found = [library.label_ids(other.key) for other in others]
    taken = {other.id for other in others}.union([one.usual for one in found if one is not None])
    if not usual or usual in taken or not node.is_literal:
        return None
    return replace_word(node.span, node.id, usual, route, Fix.UNSAFE)
