from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    Diagnostic,
    Entry,
    Example,
    Library,
    LibraryRule,
    Safety,
    Severity,
    label,
    links,
    replace_value,
)

_TABLE = "id: pat_01kg5023vdecr9aqhgjf4vp12v\nslug: long-table\ntitle: Long Table\norbital_layer: 5\n"
_OVEN = "id: pat_01kg5023vyfzhvteh02a487gvh\nslug: oven\ntitle: Oven\norbital_layer: 5\n"


def _bread(items: str) -> str:
    return f"slug: bread\ntitle: Bröd\norbital_layer: 5\nrelationships:\n  enables:\n{items}"


class TypeidSlugMismatch(LibraryRule):
    """The `typeid` and `slug` of an item identify the same pattern."""

    name = "typeid-slug-mismatch"
    severity = Severity.ERROR
    why = "Some programs follow the id and others the slug. If they differ, the link leads to two patterns."
    notes = (
        "The fix writes the id of the pattern with this slug, because slugs are written by people and ids are copied. It "
        "is unsafe, because the slug may be wrong instead. A `typeid` of no pattern is reported if the slug is known; an "
        "unknown slug is reported by `dangling-target`. If several patterns have the slug, the id of any of them matches."
    )
    bad = (
        Example(
            {
                "bread.md": _bread(
                    "    - typeid: «pat_01kg5023vyfzhvteh02a487gvh»\n      slug: long-table\n"
                    "    - slug: oven\n      weight: 0.5\n      typeid: «'pat_01kg5023vyfzhvteh02a487gvx'»\n"
                ),
                "table.md": _TABLE,
                "oven.md": _OVEN,
            },
            {
                "bread.md": _bread(
                    "    - typeid: pat_01kg5023vdecr9aqhgjf4vp12v\n      slug: long-table\n"
                    "    - slug: oven\n      weight: 0.5\n      typeid: pat_01kg5023vyfzhvteh02a487gvh\n"
                )
            },
            unsafe=True,
        ),
        Example(
            {
                "bread.md": _bread("    - typeid: «pat_01kg5023vyfzhvteh02a487gvh»\n      slug: table\n"),
                "table.md": "slug: table\norbital_layer: 5\n",
                "oven.md": _OVEN,
            },
            note="the pattern with this slug has no id",
        ),
    )
    good = (
        Example(
            {
                "bread.md": _bread(
                    "    - typeid: pat_01kg5023vdecr9aqhgjf4vp12v\n      slug: long-table\n"
                    "    - typeid: pat_01kg5023vdecr9aqhgjf4vp12v\n      slug: renamed\n"
                    "    - typeid: pat_gone\n      slug: gone\n"
                    "    - typeid:\n      slug: oven\n"
                ),
                "table.md": _TABLE,
                "oven.md": _OVEN,
            },
            note="an unknown slug is reported by `dangling-target`",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        for entry in library.targets:
            spec = library.spec(entry)
            for link in entry.links:
                if not link.typeid or spec is None:
                    continue
                with_slug = library.by_slug.get(link.target, ())
                if not with_slug or any(other.id == link.typeid for other in with_slug):
                    continue
                meant = with_slug[0]
                with_typeid = library.resolve(link.typeid)
                owner = f"`{with_typeid.name}`" if with_typeid is not None else f"no {spec.noun}"
                route = (*links.link_route(link, spec)[:-1], "typeid")
                fix = None
                if len(with_slug) == 1 and meant.id:
                    fix = replace_value(link.typeid_span, link.typeid, meant.id, route, Safety.UNSAFE)
                yield self.at(
                    entry,
                    link.typeid_span,
                    f"the typeid next to slug `{link.target}` is the id of {owner}",
                    route=route,
                    subject=link.target,
                    help=_advice(meant, with_typeid),
                    labels=(label(entry, link.span, f"the slug of {meant.label}"),),
                    fix=fix,
                )


def _advice(meant: Entry, with_typeid: Entry | None) -> str:
    advice = f"write `typeid: {meant.id}`" if meant.id else "delete the typeid"
    if with_typeid is None or not with_typeid.slug:
        return advice
    return f"{advice}, or write `slug: {with_typeid.slug}` if you mean {with_typeid.label}"
