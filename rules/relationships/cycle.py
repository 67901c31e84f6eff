from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from patternlint.rule import Diagnostic, Entry, Example, Library, LibraryRule, Link, Severity, graph, label

_SHOWN = 20
"""A longer way is shortened."""


def _file(slug: str, links: str) -> str:
    return f"id: pat_{slug}\nslug: {slug}\nontology:\n  domain: gärten\nrelationships:\n{links}"


class Cycle(LibraryRule):
    """No pattern requires itself by way of others, and none is its own special case."""

    name = "cycle"
    severity = Severity.WARNING
    why = (
        "Of patterns that require each other in a circle none can be the first, and a hierarchy in a circle has no top."
    )
    notes = (
        "Two things are looked at, each by itself: `requires`, and the hierarchy, that is `generalizes_from` joined with "
        "`specializes_to` read backwards. Patterns that can all be reached from each other are a knot, and one finding: at "
        "the first of them by path, with one shortest way from there back to it. When that is mended, another way may "
        "come to light. A pattern that names itself is a matter of `self-reference`."
    )
    bad = (
        Example(
            {
                "a.md": _file("öven", "  requires:\n    - slug: salt\n    - slug: «bread»\n"),
                "b.md": _file("bread", "  requires:\n    - id: pat_flour\n"),
                "c.md": _file("flour", "  requires:\n    - slug: öven\n    - slug: bread\n"),
                "d.md": _file("salt", "  enables:\n    - slug: öven\n"),
            }
        ),
        Example(
            {
                "a.md": _file("öven", "  generalizes_from: []\n").replace("slug: öven", "slug: «öven»"),
                "b.md": _file("fire", "  specializes_to:\n    - slug: öven\n  generalizes_from:\n    - slug: öven\n"),
            },
            note="both links are in the other file",
        ),
        Example(
            {
                "a.md": _file("öven", "  specializes_to:\n    - slug: «fire»\n"),
                "b.md": _file("fire", "  specializes_to:\n    - slug: öven\n"),
            }
        ),
    )
    good = (
        Example(
            {
                "a.md": _file("öven", "  requires:\n    - slug: bread\n    - slug: öven\n"),
                "b.md": _file("bread", "  enables:\n    - slug: öven\n  requires:\n    - slug: gone\n"),
            }
        ),
        Example(
            {
                "a.md": _file("öven", "  generalizes_from:\n    - slug: fire\n"),
                "b.md": _file("fire", "  specializes_to:\n    - slug: öven\n"),
            },
            note="the same said from both sides",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Look for circles in what is required, and in each hierarchy."""
        inverse = dict.fromkeys(pair for spec in library.specs.all for pair in spec.relationships.inverse)
        asked = [entry.path for entry in library.targets]
        for kinds in (("requires", ""), *inverse):
            ways = library.graph(*kinds)
            for paths in graph.strongly_connected_components(ways, asked):
                circle = {path: library.by_path[path] for path in paths}
                first = _first(library, circle.values())
                if first is not None and library.is_target(first):
                    yield self._finding(library, circle, ways, first, kinds)

    def _finding(
        self, library: Library, circle: Mapping[str, Entry], ways: graph.Graph, first: Entry, kinds: tuple[str, str]
    ) -> Diagnostic:
        way = [circle[path] for path in graph.shortest_cycle(ways, first.path)]
        links = [_link(library, one, other, *kinds) for one, other in pairwise(way[: _SHOWN + 1])]
        own = next((link for entry, link in links if entry is first), None)
        knot = f", in a knot of {len(circle)} patterns" if len(circle) >= len(way) else ""
        return self.at(
            first,
            own.span if own is not None else first.span("slug"),
            f"`{kinds[0]}` leads from `{first.name}` back to it: {_shown(way)}{knot}",
            route=("slug",),  # whichever pattern lists the first link
            subject=kinds[0],
            labels=tuple(
                label(entry, link.span, f"`{entry.name}` lists it under `{link.relation}`")
                for entry, link in links
                if link is not own
            ),
            help="find the link that is wrong, or the wrong way round, and delete it or turn it",
        )


def _shown(way: list[Entry]) -> str:
    names = [entry.name for entry in way]
    return " → ".join(names if len(names) <= _SHOWN else [*names[: _SHOWN - 2], "…", names[-1]])


def _link(library: Library, one: Entry, other: Entry, forward: str, backward: str) -> tuple[Entry, Link]:
    """Return the link by which `one` leads to `other`, and the pattern that has it: `one` if it can be."""
    return next(
        (owner, link)
        for owner, kind, target in ((one, forward, other), (other, backward, one))
        for link in owner.links
        if link.relation == kind and library.resolve(link.target) is target
    )


def _first(library: Library, circle: Iterable[Entry]) -> Entry | None:
    """Return the first pattern of a circle to report on, one whose specification has all rules before any other."""

    def rank(entry: Entry) -> tuple[bool, str]:
        spec = library.spec(entry)
        return spec is None or "ALL" not in spec.rules, entry.path

    return min((entry for entry in circle if entry.internal), key=rank, default=None)
