from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity


def _file(slug: str, rest: str) -> str:
    return f"id: pat_{slug.strip('«»')}\nslug: {slug}\norbital_layer: 5\nsector: Gärten\n{rest}"


class Orphan(LibraryRule):
    """Every pattern is tied to another one."""

    name = "orphan"
    severity = Severity.INFO
    why = "Nobody comes by a pattern that nothing leads to and that leads nowhere."
    notes = (
        "A pattern is tied to others by a relationship that it lists, by one that lists it, by a hub that it names, and "
        "by being the hub of another. A relationship to a pattern that there is not counts as well: that it leads "
        "nowhere, `dangling-target` says. Inferred links do not count, nor does a link to itself. A pattern whose summary "
        "is still a prompt of the template has time."
    )
    bad = (
        Example(
            {
                "a.md": _file(
                    "«öven»",
                    "relationships:\n  requires: []\n  enables:\n    - slug: öven\n"
                    "graph_garden:\n  inferred_links:\n    - target: bread\n",
                ),
                "b.md": _file("bread", "gravitational_hubs:\n  - hub_id: pat_fire\n"),
            }
        ),
    )
    good = (
        Example(
            {
                "a.md": _file("öven", "relationships:\n  requires:\n    - slug: gone\n"),
                "b.md": _file("bread", "gravitational_hubs:\n  - hub_id: pat_fire\n"),
                "c.md": _file("fire", ""),
                "d.md": _file("flour", "relationships:\n  enables:\n    - id: pat_salt\n"),
                "e.md": _file("salt", ""),
                "f.md": "slug: broken\norbital_layer: {\n",
                "g.md": _file("begun", 'summary: "[Say what it is.]"\n'),
            }
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Look for patterns that name none and that none names."""
        named = library.referenced_names
        for entry in library.targets:
            if not (
                entry.failed_to_parse
                or entry.has_template_summary
                or entry.slug in named
                or entry.id in named
                or entry.foreign_targets
            ):
                yield self.at(
                    entry,
                    entry.span("slug"),
                    f"nothing ties `{entry.name}` to another pattern",
                    route=("slug",),
                    help="relate it to the patterns that it goes with, or have them relate to it",
                )
