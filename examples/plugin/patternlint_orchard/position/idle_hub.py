"""orchard/idle-hub."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity

_CENTRE = 1


class IdleHub(LibraryRule):
    """A principle is the hub of at least one pattern."""

    name = "orchard/idle-hub"
    severity = Severity.WARNING
    why = "A principle that no pattern orbits is unused, or not a principle."
    bad = (
        Example(
            {
                "fürsorge.md": "---\ntitle: Fürsorge\nslug: care\norbital_layer: «1»\n---\n",
                "garden.md": "---\nslug: garden\norbital_layer: 4\ngravitational_hubs: [{hub_id: trust}]\n---\n",
            }
        ),
    )
    good = (
        Example(
            {
                "care.md": "---\nslug: care\norbital_layer: 1\n---\n",
                "garden.md": "---\nslug: garden\norbital_layer: 4\ngravitational_hubs: [{hub_id: care}]\n---\n",
            }
        ),
        Example({"commons.md": "---\nslug: commons\norbital_layer: 2\n---\n"}, note="orbit 2 needs no pattern"),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Report principles that are not the hub of any pattern."""
        hubs = {hub.target for entry in library for hub in entry.hubs}
        for entry in library.targets:
            if entry.orbit is not None and entry.orbit <= _CENTRE and not hubs & {entry.slug, entry.id}:
                yield self.at(
                    entry,
                    entry.span("orbit"),
                    f"principle `{entry.name}` is not the hub of any pattern",
                    route=("orbital_layer",),
                    help="add it to `gravitational_hubs` of a pattern, or increase `orbital_layer`",
                )
