"""The graph of the links between patterns, computed where it is visited."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from patternlint.library.entry import Entry


class Links(Protocol):
    """Entries, as far as a graph needs them."""

    def pattern_paths(self) -> Sequence[str]:
        """Return the paths of all patterns, sorted."""
        ...

    def get(self, path: str) -> Entry | None:
        """Return the entry of a file."""
        ...

    def resolve(self, target: str) -> Entry | None:
        """Return the pattern whose slug or id is `target`."""
        ...

    def linking(self, relation: str, name: str) -> Sequence[Entry]:
        """Return the patterns with a link under a relationship to a name."""
        ...


class LinkGraph(Mapping[str, Sequence[str]]):
    """The paths of the successors of each pattern, sorted, by path. Iterating yields the paths of all patterns.

    Args:
        links: the entries.
        forward: the relationship whose links are edges from the pattern to the target.
        backward: the inverse relationship, if any, whose links are edges from the target to the pattern.
    """

    def __init__(self, links: Links, forward: str, backward: str) -> None:
        self._links = links
        self.forward = forward
        self.backward = backward
        self._successors: dict[str, Sequence[str]] = {}

    def __getitem__(self, path: str) -> Sequence[str]:
        successors = self._successors.get(path)
        if successors is None:
            successors = self._successors[path] = self._compute(path)
        return successors

    def _compute(self, path: str) -> Sequence[str]:
        entry = self._links.get(path)
        if entry is None or entry.left_alone:
            raise KeyError(path)
        found = {other.path for target in self.targets(entry) if (other := self._links.resolve(target)) is not None}
        for name in {entry.slug, entry.id} - {""} if self.backward else ():
            if self._links.resolve(name) is entry:
                found.update([other.path for other in self._links.linking(self.backward, name)])
        return sorted(found - {path})

    def targets(self, entry: Entry) -> Iterator[str]:
        """Yield the names that an entry links to in the direction of the graph."""
        return (link.target for link in entry.links if link.relation == self.forward)

    def __iter__(self) -> Iterator[str]:
        return iter(self._links.pattern_paths())

    def __len__(self) -> int:
        return len(self._links.pattern_paths())


class ChangedGraph(LinkGraph):
    """A graph in which some entries differ. Only successors that the change can affect are computed again.

    Those are the successors of a changed entry, of one that links to a name of a changed entry, of one that shares a name
    with it, and of one to which a changed entry links in the other direction; before or after the change.

    Args:
        links: the entries after the change.
        below: the entries before the change.
        graph: the graph before the change.
        paths: the changed files.
        changed: their entries, before and after the change.
    """

    def __init__(
        self, links: Links, below: Links, graph: LinkGraph, paths: Collection[str], changed: Iterable[Entry]
    ) -> None:
        super().__init__(links, graph.forward, graph.backward)
        self._below = below
        self._graph = graph
        self._paths = paths
        different = list(changed)
        self._names = {name for entry in different for name in (entry.slug, entry.id) if name}
        backward = graph.backward
        linked = {link.target for entry in different for link in entry.links if backward and link.relation == backward}
        self._reached = self._names | linked

    def _compute(self, path: str) -> Sequence[str]:
        if path in self._paths:
            return super()._compute(path)
        entry = self._below.get(path)
        if entry is None:
            raise KeyError(path)
        is_affected = (
            entry.slug in self._reached
            or entry.id in self._reached
            or any(target in self._names for target in self.targets(entry))
        )
        return super()._compute(path) if is_affected else self._graph[path]
