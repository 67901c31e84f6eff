from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Entry, Example, Library, LibraryRule, Meta, Severity, phrases

_HUB = "---\norbital_layer: {}\nslug: {}\n---\n"
_FAR = "---\ntitle: Gärten\n{}slug: far\n---\n"


class HubAnchor(LibraryRule):
    """Patterns in orbit 3 or 4 have a gravitational hub in orbit 0, 1 or 2."""

    name = "hub-anchor"
    severity = Severity.ERROR
    why = "Each pattern in the outer orbits must be derived from a principle, which explains its purpose."
    notes = (
        "The finding is reported at the list of hubs, or at the orbit if the list is missing. Patterns with an unknown hub, "
        "which `hub-exists` reports, and with a hub whose front matter does not parse, are skipped, because the orbit "
        "of the hub is unknown."
    )
    bad = (
        Example(
            {
                "far.md": _FAR.format("orbital_layer: 4\n«gravitational_hubs»:\n  - hub_id: near\n"),
                "near.md": _HUB.format(5, "near"),
            },
            spec="8.2",
        ),
        Example({"far.md": _FAR.format("orbital_layer: 3\n«gravitational_hubs»: []\n")}, spec="8.2"),
        Example({"far.md": _FAR.format("orbital_layer: «3»\n")}, spec="8.2"),
    )
    good = (
        Example(
            {
                "far.md": _FAR.format("orbital_layer: 4\ngravitational_hubs:\n  - hub_id: near\n"),
                "near.md": _HUB.format(2, "near"),
            },
            spec="8.2",
        ),
        Example({"far.md": _FAR.format("orbital_layer: 5\ngravitational_hubs: []\n")}, spec="8.2"),
        Example(
            {"far.md": _FAR.format("orbital_layer: 4\ngravitational_hubs:\n  - hub_id: naer\n")},
            spec="8.2",
            note="reported by `hub-exists`",
        ),
    )

    orbits: Annotated[
        tuple[int, ...], Meta(description="Orbits whose patterns need a hub in one of the `anchors`.")
    ] = (3, 4)
    anchors: Annotated[tuple[int, ...], Meta(description="Orbits that such a hub may be in.")] = (0, 1, 2)

    def check(self, library: Library) -> Iterator[Diagnostic]:
        for entry in library.targets:
            spec = library.spec(entry)
            if spec is None or entry.orbit not in self.orbits:
                continue
            hubs = [library.resolve(hub.target) for hub in entry.hubs]
            if None in hubs or any(map(self._is_anchor, hubs)):
                continue
            at_hubs = "hubs" in entry.spans
            yield self.at(
                entry,
                entry.span("hubs" if at_hubs else "orbit"),
                f"orbit {entry.orbit:g} without a hub in orbit {phrases.join_or([str(orbit) for orbit in self.anchors])}",
                route=(spec.hubs if at_hubs else spec.orbit,),
                help=f"add the principle that this {spec.noun} is derived from to `{spec.hubs}`, by its slug or id",
            )

    def _is_anchor(self, hub: Entry | None) -> bool:
        return hub is not None and (hub.failed_to_parse or hub.orbit in self.anchors)
