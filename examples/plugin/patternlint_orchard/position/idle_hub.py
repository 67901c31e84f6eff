"""orchard/idle-hub."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity

_CENTRE = 1


class IdleHub(LibraryRule):
    """A principle is the hub of at least one pattern."""

    name = "orchard/idle-hub"
    severity = Severity.WARNING
    why = "A principle that no pattern orbits is either not yet used or no principle."
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
        Example({"commons.md": "---\nslug: commons\norbital_layer: 2\n---\n"}, note="orbit 2 may stand alone"),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Look for principles that are nobody's hub."""
        hubs = {hub.target for entry in library for hub in entry.hubs}
        for entry in library.targets:
            if entry.orbit is not None and entry.orbit <= _CENTRE and not hubs & {entry.slug, entry.id}:
                yield self.at(
                    entry,
                    entry.span("orbit"),
                    f"the principle `{entry.name}` is no pattern's hub",
                    route=("orbital_layer",),
                    help="name it as a hub where it is at work, or give it a higher orbit",
                )
