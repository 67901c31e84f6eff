from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity


def _file(slug: str, rest: str) -> str:
    return f"id: pat_{slug.strip('«»')}\nslug: {slug}\norbital_layer: 5\nsector: Gärten\n{rest}"


class Orphan(LibraryRule):
    """Patterns are connected to at least one other pattern."""

    name = "orphan"
    severity = Severity.INFO
    why = "Readers who follow links never find a pattern that has no links."
    notes = (
        "Connections are relationships and hubs, in either direction. A relationship to an unknown pattern counts, because "
        "`dangling-target` reports it. Inferred links and self-references do not count. A pattern whose summary is still "
        "the prompt of the template is skipped, and so are files of a specification without relationships and hubs."
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
        for entry in library.targets:
            spec = library.spec_of(entry)
            if (spec.link_routes or spec.hubs) and not (
                entry.failed_to_parse
                or entry.has_template_summary
                or library.is_referenced(entry.slug)
                or library.is_referenced(entry.id)
                or entry.foreign_targets
            ):
                links = "relationship or hub" if spec.hubs else "relationship"
                message = f"no {links} connects `{entry.name}` to another {spec.noun}"
                advice = f"add a relationship to a related {spec.noun}, here or in that {spec.noun}"
                route = (spec.name_key,) if spec.name_key else ()
                yield self.at(entry, entry.span("slug"), message, route=route, help=advice)
