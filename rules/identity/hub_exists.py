from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Entry,
    Example,
    Fix,
    Hub,
    Library,
    LibraryRule,
    Replacement,
    Route,
    Safety,
    Severity,
)

_FILE = "---\ntitle: Gärten\norbital_layer: 5\ngravitational_hubs:\n{}slug: far\n---\n"
_HUB = "---\nid: pat_01m3250v00fay828t5cy4tqkff\norbital_layer: 1\nslug: adversarial-growth\n---\n"


class HubExists(LibraryRule):
    """Every gravitational hub is a pattern of the library."""

    name = "hub-exists"
    severity = Severity.ERROR
    why = "The hubs lead a reader from the pattern to the principles behind it; one that does not exist leads nowhere."
    notes = (
        "A hub may be named by its id or by its slug. Help and fix name the pattern that was most likely meant, found "
        "in the same way as for `dangling-target`."
    )
    bad = (
        Example(
            {
                "far.md": _FILE.format('  - hub_id: «"adverse-growth"»\n    influence: 0.8\n'),
                "adversarial-growth.md": _HUB,
            },
            {"far.md": _FILE.format('  - hub_id: "adversarial-growth"\n    influence: 0.8\n')},
            spec="8.2",
            unsafe=True,
        ),
        Example(
            {
                "far.md": _FILE.format("  - «pat_01m3250v00fay828t5cy4tqkfg»\n"),
                "adversarial-growth.md": _HUB,
            },
            {"far.md": _FILE.format("  - pat_01m3250v00fay828t5cy4tqkff\n")},
            spec="8.2",
            unsafe=True,
        ),
        Example({"far.md": _FILE.format("  - {hub_id: «core_resilience»}\n")}, spec="8.2"),
        Example(
            {"far.md": _FILE.format("  - «resilience»\n"), "resilience.md": ""},
            raw=True,
            note="the file that is meant is empty",
        ),
    )
    good = (
        Example(
            {
                "far.md": _FILE.format("  - hub_id: adversarial-growth\n  - hub_id: pat_01m3250v00fay828t5cy4tqkff\n"),
                "adversarial-growth.md": _HUB,
            },
            spec="8.2",
        ),
        Example({"far.md": _FILE.format("  - influence: 0.5\n")}, spec="8.2", note="`missing-key` says so"),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Look every hub up."""
        for entry in library.targets:
            spec = library.spec(entry)
            if spec is None:
                continue
            for hub in entry.hubs:
                if library.contains(hub.target):
                    continue
                route: Route = (spec.hubs, hub.index, hub.step) if hub.step else (spec.hubs, hub.index)
                stray = library.stray(hub.target)
                meant = library.suggest(hub.target, entry) if stray is None else None
                yield self.at(
                    entry,
                    hub.span,
                    f"no pattern has the slug or id `{hub.target}`"
                    if stray is None
                    else f"`{hub.target}` is the file `{stray.path}`, which is {stray.reason}",
                    route=route,
                    subject=hub.target,
                    help=f"{stray.remedy}, and leave this hub as it is"
                    if stray is not None
                    else "write the slug or the id of a pattern of this library"
                    if meant is None
                    else f"did you mean `{_name(meant, hub)}` ({meant.title or meant.slug})?",
                    fix=None if meant is None else _fix(meant, hub, route),
                )


def _name(meant: Entry, hub: Hub) -> str:
    """Return what the hub is to be called: by its id where an id is written, else by its slug."""
    by_id = hub.target.partition("_")[0] == meant.id.partition("_")[0] != ""
    return meant.id if by_id or not meant.slug else meant.slug


def _fix(meant: Entry, hub: Hub, route: Route) -> Fix:
    name = _name(meant, hub)
    quoted = hub.end - hub.start > len(hub.target)
    edit = Replacement(hub.span, f'"{name}"' if quoted else name)
    return Fix(f"write {name}", Safety.UNSAFE, (edit,), (DeclaredChange(route),))
