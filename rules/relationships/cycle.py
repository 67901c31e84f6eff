from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from patternlint.rule import Diagnostic, Entry, Example, Library, LibraryRule, Link, Severity, graph, label, phrases

_SHOWN = 20  # patterns that the message names


def _file(slug: str, links: str) -> str:
    return f"id: pat_{slug}\nslug: {slug}\nontology:\n  domain: gärten\nrelationships:\n{links}"


class Cycle(LibraryRule):
    """Requirements and hierarchies have no cycles."""

    name = "cycle"
    severity = Severity.WARNING
    why = "Patterns that require each other in a cycle cannot be applied in any order, and a cyclic hierarchy has no root."
    notes = (
        "The specification names the types without cycles (`acyclic`) and the inverse types. Each graph is checked by itself: "
        "in 7.1 and 8.2, `requires`, and the hierarchy of `generalizes_from` and reversed `specializes_to`. Patterns that can all be reached from each other (a strongly connected component) are one "
        "finding, at the first of them by path, with a shortest cycle through it. Removing that cycle may reveal another "
        "one. A pattern that links to itself is reported by `self-reference`."
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
            note="the same relationship, listed on both sides",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        targets = [entry.path for entry in library.targets]
        for relations in library.hierarchies:
            successors = library.graph(*relations)
            for paths in graph.strongly_connected_components(successors, targets):
                component = _entries(library, paths)
                first = _first(library, component)
                if first is not None and library.is_target(first):
                    yield self._diagnostic(library, component, successors, first, relations)

    def _diagnostic(
        self,
        library: Library,
        component: Sequence[Entry],
        successors: graph.Graph,
        first: Entry,
        relations: tuple[str, str],
    ) -> Diagnostic:
        cycle = _entries(library, graph.shortest_cycle(successors, first.path))
        names = [entry.name for entry in cycle]
        if len(names) > _SHOWN:
            names[_SHOWN - 2 : -1] = ["…"]
        links = [_link(library, source, target, *relations) for source, target in pairwise(cycle[: _SHOWN + 1])]
        own = next((link for entry, link in links if entry is first), None)
        spec = library.spec_of(first)
        more = f", in a group of {len(component)} {phrases.plural(spec.noun)}" if len(component) >= len(cycle) else ""
        return self.at(
            first,
            own.span if own is not None else first.span("slug"),
            f"cycle in `{relations[0]}`: {' → '.join(names)}{more}",
            route=(spec.name_key,) if spec.name_key else (),  # the same whichever pattern lists the first link
            subject=relations[0],
            labels=tuple(
                label(entry, link.span, f"`{entry.name}` lists it under `{link.relation}`")
                for entry, link in links
                if link is not own
            ),
            help="delete or reverse the link that is wrong",
        )


def _entries(library: Library, paths: Iterable[str]) -> list[Entry]:
    return [entry for path in paths if (entry := library.entry(path)) is not None]


def _link(library: Library, source: Entry, target: Entry, forward: str, backward: str) -> tuple[Entry, Link]:
    """Return a link that leads from `source` to `target`, after the pattern that lists it: `source` if possible."""
    return next(
        (owner, link)
        for owner, relation, other in ((source, forward, target), (target, backward, source))
        for link in owner.links
        if link.relation == relation and library.resolve(link.target) is other
    )


def _first(library: Library, component: Iterable[Entry]) -> Entry | None:
    """Return the pattern to report on: the first by path, preferably one whose specification enables all rules."""

    def rank(entry: Entry) -> tuple[bool, str]:
        spec = library.spec(entry)
        return spec is None or "ALL" not in spec.rules, entry.path

    return min((entry for entry in component if entry.internal), key=rank, default=None)
