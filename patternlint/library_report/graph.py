"""The patterns of a run and the links between them, as one frozen value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.library.card import Card
from patternlint.library.entry import Entry
from patternlint.library.library import Library

ONE_SIDED_RULES = ("missing-reciprocal", "missing-inverse")
"""The rules that report links without a link back."""

NO_CARD = Card()


LinkKey = tuple[str, str, str]
"""The path of a pattern, and the target and the relationship type of a link in it."""

OneSided = set[LinkKey]
"""The links that their targets do not return, according to the rules."""


def plain_number(value: float | None) -> float | None:
    """Return a number as an integer where it is one: the cache returns `1` as `1.0`."""
    return int(value) if value is not None and float(value).is_integer() else value


class PatternNode(Struct, frozen=True):
    """A pattern of the graph."""

    entry: Entry
    card: Card = NO_CARD

    @property
    def title(self) -> str:
        """The title, or the name without one."""
        return self.entry.title or self.entry.name


class LinkEdge(Struct, frozen=True, gc=False):
    """A curated link.

    Attributes:
        source: the index of the pattern with the link.
        target: the index of its target; negative for a name that no pattern has: -1 is the first of `Graph.missing`. None
            for a pattern outside of the report.
        name: the target as the pattern names it.
        type: the relationship type.
        weight: the weight, or None.
        one_sided: whether a rule reports that its target does not link back.
        mutual: whether its target should link back.
    """

    source: int
    target: int | None
    name: str
    type: str
    weight: float | None = None
    one_sided: bool = False
    mutual: bool = False


class Graph(Struct, frozen=True, dict=True):
    """The patterns of a run, the curated links between them, and the names that are linked to and do not exist."""

    patterns: tuple[PatternNode, ...] = ()
    links: tuple[LinkEdge, ...] = ()
    missing: tuple[str, ...] = ()

    @cached_property
    def incoming(self) -> Sequence[int]:
        """The number of links to each pattern from others."""
        counts = [0] * len(self.patterns)
        for link in self.links:
            if link.target is not None and link.target >= 0 and link.target != link.source:
                counts[link.target] += 1
        return counts

    @property
    def unresolved(self) -> int:
        """The number of links to names that do not exist."""
        return sum(link.target is not None and link.target < 0 for link in self.links)


def build_graph(libraries: Iterable[Library], one_sided: OneSided) -> Graph:
    """Return the graph of the patterns that some libraries check.

    Args:
        libraries: the libraries, with different patterns to check.
        one_sided: the links that their targets do not return.
    """
    builder = _Builder(one_sided)
    libraries = list(libraries)
    for library in libraries:
        builder.add_patterns(library)
    for library in libraries:
        for entry in library.own_patterns:
            builder.add_links(library, entry)
    return Graph(tuple(builder.nodes), tuple(builder.links), tuple(builder.missing))


class _Builder:
    def __init__(self, one_sided: OneSided) -> None:
        self._one_sided = one_sided
        self.nodes: list[PatternNode] = []
        self.links: list[LinkEdge] = []
        self.missing: dict[str, int] = {}
        self._index: dict[str, int] = {}

    def add_patterns(self, library: Library) -> None:
        for entry in library.own_patterns:
            if entry.path not in self._index:
                self._index[entry.path] = len(self.nodes)
                self.nodes.append(PatternNode(entry, library.cards.get(entry.path, NO_CARD)))

    def add_links(self, library: Library, entry: Entry) -> None:
        spec = library.spec_of(entry)
        mutual = {*spec.relationships.symmetric, *spec.inverse_of}
        source = self._index[entry.path]
        for link in entry.links:
            if not link.is_curated:
                continue
            found = library.resolve(link.target)
            if found is None:
                target: int | None = -1 - self.missing.setdefault(link.target, len(self.missing))
            else:
                target = self._index.get(found.path)
            self.links.append(
                LinkEdge(
                    source,
                    target,
                    link.target,
                    link.type,
                    plain_number(link.weight),
                    (entry.path, link.target, link.relation) in self._one_sided,
                    link.relation in mutual and found is not None and found is not entry,
                )
            )


def link_key(finding: Diagnostic) -> LinkKey:
    """Return the link that a finding of `ONE_SIDED_RULES` is about; its type is the key before the first index."""
    route = finding.route
    first = next((at for at, step in enumerate(route) if isinstance(step, int)), len(route))
    return finding.path, finding.subject, str(route[first - 1]) if first else ""
