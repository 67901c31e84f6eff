from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    Diagnostic,
    Entry,
    Example,
    Fix,
    Hub,
    Library,
    LibraryRule,
    Route,
    Safety,
    Severity,
    replace_value,
)

_FILE = "---\ntitle: Gärten\norbital_layer: 5\ngravitational_hubs:\n{}slug: far\n---\n"
_HUB = "---\nid: pat_01m3250v00fay828t5cy4tqkff\norbital_layer: 1\nslug: adversarial-growth\n---\n"


class HubExists(LibraryRule):
    """Gravitational hubs are patterns of the library."""

    name = "hub-exists"
    severity = Severity.ERROR
    why = "Hubs lead readers from a pattern to the principles behind it. An unknown hub is a broken link."
    notes = (
        "A hub is given by id or slug. The suggested pattern is the one whose title or alias is the principle of the hub, "
        "else it is found as described for `dangling-target`. A former name in `redirects.toml` leads to the pattern that has "
        "replaced it, and the fix is safe."
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
        Example(
            {
                "far.md": _FILE.format("  - {hub_id: «core_growth», principle: Größe durch Not}\n"),
                "adversarial-growth.md": _HUB.replace("slug", "title: Größe durch Not\nslug"),
            },
            {
                "far.md": _FILE.format("  - {hub_id: adversarial-growth, principle: Größe durch Not}\n"),
                "adversarial-growth.md": _HUB.replace("slug", "title: Größe durch Not\nslug"),
            },
            spec="8.2",
            unsafe=True,
        ),
        Example({"far.md": _FILE.format("  - {hub_id: «core_resilience»}\n")}, spec="8.2"),
        Example(
            {"far.md": _FILE.format("  - «resilience»\n"), "resilience.md": ""},
            raw=True,
            note="the intended file is empty",
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
        Example({"far.md": _FILE.format("  - influence: 0.5\n")}, spec="8.2", note="reported by `missing-key`"),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        for entry in library.targets:
            spec = library.spec(entry)
            if spec is None:
                continue
            for hub in entry.hubs:
                if library.contains(hub.target):
                    continue
                route: Route = (spec.hubs, hub.index, hub.step) if hub.step else (spec.hubs, hub.index)
                message = f"no pattern has the slug or id `{hub.target}`"
                advice = "write the slug or id of an existing pattern"
                fix = None
                stray = library.stray(hub.target)
                if stray is not None:
                    message = f"`{hub.target}` is the file `{stray.path}`, which is {stray.reason}"
                    advice = f"{stray.remedy}, and keep this hub"
                elif former := library.resolve_former(hub.target):
                    advice = f"`{hub.target}` is a former name of {former.label}; write the current one"
                    fix = _fix(_name(former, hub), hub, route, Safety.SAFE)
                elif meant := library.named(hub.principle, entry) or library.suggest(hub.target, entry):
                    name = _name(meant, hub)
                    advice = f"did you mean `{name}` ({meant.title or meant.slug})?"
                    fix = _fix(name, hub, route, Safety.UNSAFE)
                yield self.at(entry, hub.span, message, route=route, subject=hub.target, help=advice, fix=fix)


def _name(meant: Entry, hub: Hub) -> str:
    """Return the id of a pattern if the hub is given by id, else its slug."""
    by_id = hub.target.partition("_")[0] == meant.id.partition("_")[0] != ""
    return meant.id if by_id or not meant.slug else meant.slug


def _fix(name: str, hub: Hub, route: Route, safety: Safety) -> Fix:
    quote = '"' if len(hub.span) > len(hub.target) else ""
    old, new = (f"{quote}{target}{quote}" for target in (hub.target, name))
    return replace_value(hub.span, old, new, route, safety)
