"""Circles in a directed graph.

networkx and igraph can do this too, at 0.2 to 0.4 s for their import alone: as long as checking a thousand files.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping

Graph = Mapping[str, Collection[str]]
"""The nodes that each node leads to, in a fixed order. A node that leads nowhere may be left out."""


def strongly_connected_components(graph: Graph, roots: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield the strongly connected components of more than one node, each with its nodes in sorted order.

    All that can be reached from `roots` are found, those that a root is in among them; nothing else is looked at.

    In a component every node can be reached from every other one. This is Tarjan's algorithm (1972), without recursion:
    a chain of links may be as long as the library is large.
    """
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_nodes: dict[str, None] = {}
    for root in (node for node in roots if node not in number and node in graph):
        number[root] = lowest[root] = len(number)
        open_nodes[root] = None
        path = [(root, iter(graph.get(root, ())))]
        while path:
            node, ways = path[-1]
            for way in ways:
                if way not in number:
                    number[way] = lowest[way] = len(number)
                    open_nodes[way] = None
                    path.append((way, iter(graph.get(way, ()))))
                    break
                if way in open_nodes:
                    lowest[node] = min(lowest[node], number[way])
            else:
                path.pop()
                if path:
                    before = path[-1][0]
                    lowest[before] = min(lowest[before], lowest[node])
                if lowest[node] == number[node]:
                    component = _closed(open_nodes, node)
                    if len(component) > 1:
                        yield tuple(sorted(component))


def _closed(open_nodes: dict[str, None], first: str) -> list[str]:
    """Take `first` and all nodes behind it out of the open ones, and return them."""
    component: list[str] = []
    while first in open_nodes:
        component.append(open_nodes.popitem()[0])
    return component


def shortest_cycle(graph: Graph, start: str) -> tuple[str, ...]:
    """Return the nodes of a shortest way from `start` over others back to it, `start` at both ends; empty without one.

    Of several the one that leads over nodes that come first in the graph's order.
    """
    before: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for way in graph.get(node, ()):
            if way == start and node != start:
                back = [start, node]
                while back[-1] != start:
                    back.append(before[back[-1]])
                return tuple(reversed(back))
            if way not in before and way != start:
                before[way] = node
                queue.append(way)
    return ()
