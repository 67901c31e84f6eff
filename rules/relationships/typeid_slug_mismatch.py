from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Entry,
    Example,
    Fix,
    Library,
    LibraryRule,
    Replacement,
    Safety,
    Severity,
    label,
    links,
)

_TABLE = "id: pat_01kg5023vdecr9aqhgjf4vp12v\nslug: long-table\ntitle: Long Table\norbital_layer: 5\n"
_OVEN = "id: pat_01kg5023vyfzhvteh02a487gvh\nslug: oven\ntitle: Oven\norbital_layer: 5\n"


def _bread(items: str) -> str:
    return f"slug: bread\ntitle: Bröd\norbital_layer: 5\nrelationships:\n  enables:\n{items}"


class TypeidSlugMismatch(LibraryRule):
    """The `typeid` and the `slug` of one item name the same pattern."""

    name = "typeid-slug-mismatch"
    severity = Severity.ERROR
    why = "One reader follows the id and another one the slug; where they part, the link means two things at once."
    notes = (
        "The fix takes the slug for right and writes its id: slugs are written and read by people, ids are copied. "
        "It is unsafe, because only a person knows. A `typeid` that no pattern has counts when the slug is known; when "
        "the slug is unknown, `dangling-target` says so, and nothing is said here. Of several patterns with one slug "
        "any may be the one that is meant."
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
            note="the pattern that the slug names has no id to write",
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
            note="an unknown slug is a matter of `dangling-target`",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Compare what the slug and the typeid of each item stand for."""
        for entry in library.targets:
            spec = library.spec(entry)
            for link in entry.links:
                if not link.typeid or spec is None:
                    continue
                named = library.by_slug.get(link.target, ())
                if not named or any(one.id == link.typeid for one in named):
                    continue
                other = library.resolve(link.typeid)
                route = (*links.link_route(link, spec)[:-1], "typeid")
                yield self.at(
                    entry,
                    link.typeid_span,
                    f"the typeid beside `{link.target}` is "
                    + (f"that of `{other.name}`" if other is not None else "no pattern's"),
                    route=route,
                    subject=link.target,
                    help=_help(named[0], other),
                    labels=(label(entry, link.span, f"the slug of {_called(named[0])}"),),
                    fix=Fix(
                        f"write the id of `{link.target}`",
                        Safety.UNSAFE,
                        (Replacement(link.typeid_span, named[0].id),),
                        (DeclaredChange(route),),
                    )
                    if len(named) == 1 and named[0].id
                    else None,
                )


def _called(entry: Entry) -> str:
    return f"`{entry.slug}` ({entry.title})" if entry.title else f"`{entry.slug}`"


def _help(named: Entry, other: Entry | None) -> str:
    by_slug = (
        f"if the slug is right, write its id `{named.id}`" if named.id else "if the slug is right, delete the typeid"
    )
    if other is None or not other.slug:
        return by_slug
    return f"{by_slug}; if {_called(other)} is meant, write that slug"
