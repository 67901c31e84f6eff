from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, text_links


def _file(slug: str, rest: str) -> str:
    return f"id: pat_{slug.strip('«»')}\nslug: {slug}\norbital_layer: 5\nsector: Gärten\n{rest}"


class Orphan(LibraryRule):
    """Patterns are connected to at least one other pattern."""

    name = "orphan"
    severity = Severity.INFO
    why = "Readers who follow links never find a pattern that has no links."
    notes = (
        "Connections are relationships, hubs and links in the text that [broken-link](../body/broken-link.md) checks, in "
        "either direction. A relationship to an unknown pattern counts, because `dangling-target` reports it. Inferred links "
        "and self-references do not count. A pattern whose summary is still the prompt of the template is skipped, and so "
        "are files of a specification without relationships, hubs and links in the text."
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
        Example(
            {
                "a.md": f"---\n{_file('öven', '')}---\n\n[bread](b.md)\n",
                "b.md": _file("bread", ""),
                "c.md": f"---\n{_file('flour', '')}---\n\n[[öven]]\n",
            },
            spec="8.2",
            note="links in the text",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        for entry in library.targets:
            spec = library.spec_of(entry)
            if (spec.link_routes or spec.hubs or spec.body.links) and not (
                entry.failed_to_parse
                or entry.has_template_summary
                or library.is_referenced(entry.slug)
                or library.is_referenced(entry.id)
                or entry.foreign_targets
                or any(text_links.linked_from(library, entry))
                or any(text_links.linking_to(library, entry))
            ):
                forms = {
                    "relationship": spec.link_routes or spec.hubs,
                    "hub": spec.hubs,
                    "link": not (spec.link_routes or spec.hubs),
                }
                kinds = [kind for kind, is_used in forms.items() if is_used]
                message = f"no {' or '.join(kinds)} connects `{entry.name}` to another {spec.noun}"
                advice = f"add a {kinds[0]} to a related {spec.noun}, here or in that {spec.noun}"
                route = (spec.name_key,) if spec.name_key else ()
                yield self.at(entry, entry.span("slug"), message, route=route, help=advice)
