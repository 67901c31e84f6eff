"""Nodes and edges of a graph with plain values, as exports write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from patternlint.diagnostics.severity import Severity
from patternlint.library_report.graph import Graph, plain_number
from patternlint.library_report.model import LibraryReport

Value = str | int | float | bool


class Node(Struct, frozen=True, omit_defaults=True):
    """A pattern, or a name that is linked to and does not exist.

    Attributes:
        id: the path of a pattern, which is unique, or the missing name.
        name: what links say.
        title: the title, or the name.
        missing: whether no pattern has the name.
    """

    id: str
    name: str
    title: str
    missing: bool = False
    spec: str = ""
    domain: str = ""
    sector: str = ""
    status: str = ""
    score: float | None = None
    errors: int = 0
    warnings: int = 0
    infos: int = 0


class Edge(Struct, frozen=True, omit_defaults=True):
    """A link between two nodes, by their ids; `one_sided` if its target should link back and does not."""

    source: str
    target: str
    type: str
    weight: float | None = None
    one_sided: bool = False


class Export(Struct, frozen=True):
    """The nodes and edges of an export, the patterns first."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]


def export_of(report: LibraryReport, names: Iterable[str] = ()) -> Export:
    """Return the graph of a report, or the patterns with some names, their neighbors and the links between these.

    Raises:
        KeyError: when no pattern has one of the names.
    """
    graph = report.graph
    levels = report.findings.levels
    chosen = _chosen(graph, list(names))
    missing_chosen: set[int] = set()
    edges: list[Edge] = []
    for link in graph.links:
        target = link.target
        if target is None or (chosen is not None and link.source not in chosen):
            continue
        if target < 0:
            missing_chosen.add(-1 - target)
            name = _missing_id(graph.missing[-1 - target])
        elif chosen is not None and target not in chosen:
            continue
        else:
            name = graph.patterns[target].entry.path
        edges.append(Edge(graph.patterns[link.source].entry.path, name, link.type, link.weight, link.one_sided))
    nodes = [
        Node(
            node.entry.path,
            node.entry.name,
            node.title,
            spec=node.entry.spec,
            domain=node.card.domain,
            sector=node.card.sector,
            status=node.card.status,
            score=plain_number(node.card.overall),
            errors=levels[Severity.ERROR][index],
            warnings=levels[Severity.WARNING][index],
            infos=levels[Severity.INFO][index],
        )
        for index, node in enumerate(graph.patterns)
        if chosen is None or index in chosen
    ]
    missing = [graph.missing[index] for index in sorted(missing_chosen)]
    nodes += [Node(_missing_id(name), name, name, missing=True) for name in missing]
    return Export(nodes, edges)


def _missing_id(name: str) -> str:
    """Return an id that differs from every path of a pattern."""
    return f"missing:{name}"


def _chosen(graph: Graph, names: Sequence[str]) -> frozenset[int] | None:
    """Return the indexes of the patterns with some names and of their neighbors; None without names."""
    if not names:
        return None
    by_name = {key: index for index, node in enumerate(graph.patterns) for key in (node.entry.path, node.entry.name)}
    roots = {by_name[name] for name in names}
    found = set(roots)
    for link in graph.links:
        if link.target is not None and link.target >= 0:
            if link.source in roots:
                found.add(link.target)
            if link.target in roots:
                found.add(link.source)
    return frozenset(found)
