from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from patternlint.library.graph import shortest_cycle, strongly_connected_components

NODES = "abcdefg"
GRAPHS = st.dictionaries(st.sampled_from(NODES), st.lists(st.sampled_from(NODES), unique=True))


def reached(graph: dict[str, list[str]], start: str) -> dict[str, int]:
    """Return how many steps each node is away from `start`, by a slow definition: spread until nothing is new."""
    steps: dict[str, int] = {}
    front = {start}
    for count in range(1, len(NODES) + 1):
        front = {way for node in front for way in graph.get(node, ())}
        for node in front:
            steps.setdefault(node, count)
    return steps


@given(GRAPHS)
def test_a_component_contains_all_that_reach_each_other(graph: dict[str, list[str]]) -> None:
    reach = {node: reached(graph, node) for node in NODES}
    expected = {
        tuple(sorted({node, *(other for other in NODES if other in reach[node] and node in reach[other])}))
        for node in NODES
    }
    found = list(strongly_connected_components(graph, graph))
    assert sorted(found) == sorted(component for component in expected if len(component) > 1)


@given(GRAPHS, st.sampled_from(NODES))
def test_the_way_back_is_a_shortest_one(graph: dict[str, list[str]], start: str) -> None:
    others = {node: [way for way in ways if way != node] for node, ways in graph.items()}
    way = shortest_cycle(graph, start)
    steps = reached(others, start).get(start)
    if steps is None:
        assert way == ()
    else:
        assert way[0] == way[-1] == start
        assert len(way) == steps + 1
        assert all(other in graph[node] for node, other in pairwise(way))


def test_a_long_chain_does_not_overflow_the_stack() -> None:
    size = 100_000
    graph = {str(node): [str((node + 1) % size)] for node in range(size)}
    assert [len(members) for members in strongly_connected_components(graph, graph)] == [size]
    assert len(shortest_cycle(graph, "0")) == size + 1
