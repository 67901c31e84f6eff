"""Cycles in a directed graph.

networkx and igraph can do this too, at 0.2 to 0.4 s for their import alone: as long as checking a thousand files.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping

Graph = Mapping[str, Collection[str]]
"""The successors of each node, in a fixed order. A node without successors may be missing."""


def strongly_connected_components(graph: Graph, roots: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield the strongly connected components of more than one node, each with its nodes in sorted order.

    Only the nodes that can be reached from `roots` are visited.

    This is Tarjan's algorithm (1972) without recursion, because a path may be as long as the library is large.
    """
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_nodes: dict[str, None] = {}
    for root in (node for node in roots if node not in number and node in graph):
        number[root] = lowest[root] = len(number)
        open_nodes[root] = None
        path = [(root, iter(graph.get(root, ())))]
        while path:
            node, successors = path[-1]
            for successor in successors:
                if successor not in number:
                    number[successor] = lowest[successor] = len(number)
                    open_nodes[successor] = None
                    path.append((successor, iter(graph.get(successor, ()))))
                    break
                if successor in open_nodes:
                    lowest[node] = min(lowest[node], number[successor])
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
    """Remove `first` and all nodes after it from the open ones, and return them."""
    component: list[str] = []
    while first in open_nodes:
        component.append(open_nodes.popitem()[0])
    return component


def shortest_cycle(graph: Graph, start: str) -> tuple[str, ...]:
    """Return the nodes of a shortest cycle through `start` and at least one other, `start` at both ends; or nothing.

    Of several, return the one whose nodes come first in the graph's order.
    """
    predecessors: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for successor in graph.get(node, ()):
            if successor == start and node != start:
                cycle = [start, node]
                while cycle[-1] != start:
                    cycle.append(predecessors[cycle[-1]])
                return tuple(reversed(cycle))
            if successor not in predecessors and successor != start:
                predecessors[successor] = node
                queue.append(successor)
    return ()
