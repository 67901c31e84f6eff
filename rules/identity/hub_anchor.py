from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Entry, Example, Library, LibraryRule, Meta, Severity

_HUB = "---\norbital_layer: {}\nslug: {}\n---\n"
_FAR = "---\ntitle: Gärten\n{}slug: far\n---\n"


class HubAnchor(LibraryRule):
    """A pattern in orbit 3 or 4 has a gravitational hub in orbit 0, 1 or 2."""

    name = "hub-anchor"
    severity = Severity.ERROR
    why = "Every pattern of the outer orbits must lead back to a principle; without one nobody can tell what it is for."
    notes = (
        "The finding points at the list of hubs, or at the orbit where there is no such list. A hub that is "
        "not in the library may be the anchor: `hub-exists` reports it. A hub whose own front matter does not parse is "
        "taken for one, because nobody knows its orbit."
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
            note="`hub-exists` reports it",
        ),
    )

    orbits: Annotated[tuple[int, ...], Meta(description="The orbits that need an anchor.")] = (3, 4)
    anchors: Annotated[tuple[int, ...], Meta(description="The orbits that are one.")] = (0, 1, 2)

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Resolve the hubs of every pattern of an outer orbit."""
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
                f"a pattern in orbit {entry.orbit:g} without a hub in orbit {_listed(self.anchors)}",
                route=(spec.hubs if at_hubs else spec.orbit,),
                help=f"add the id of the principle that this pattern follows from to `{spec.hubs}`",
            )

    def _is_anchor(self, hub: Entry | None) -> bool:
        return hub is not None and (hub.failed_to_parse or hub.orbit in self.anchors)


def _listed(numbers: tuple[int, ...]) -> str:
    *first, last = (str(number) for number in numbers)
    return f"{', '.join(first)} or {last}" if first else last
