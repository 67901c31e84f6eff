from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Entry,
    Example,
    Fix,
    Library,
    LibraryRule,
    Link,
    Replacement,
    Route,
    Safety,
    Severity,
    Span,
    Spec,
    Stray,
    links,
)

_BRINGS = ("cycle", "missing-inverse", "missing-reciprocal")
"""What may come to light once a target is the right one."""


def _file(slug: str, title: str, relationships: str = "") -> str:
    return f'id: pat_{slug}\nslug: {slug}\ntitle: "{title}"\nontology:\n  domain: gärten\n{relationships}'


_TO_TABLE = "relationships:\n  enables:\n    - slug: «long-table»\n      weight: 0.8\n"
_TABLE = _file("long-table", "Long Table")


_LINK = re.compile(r"!?\[[^\]]*\]\((?P<file>[^)#\s]+)[^)]*\)|\[\[(?P<page>[^\]|#]+)[^\]]*\]\]")


class DanglingTarget(LibraryRule):
    """Every relationship and every inferred link leads to a pattern of the library."""

    name = "dangling-target"
    severity = Severity.ERROR
    why = "A link that leads nowhere is a promise to the reader that nobody keeps, and a hole in the graph."
    notes = (
        "A target is good when it is the slug or the id of a pattern: of this library, or of another one that the config "
        "names to resolve against. Also a pattern whose front matter does not parse is there. Where a file has the "
        "target's name and is not a pattern as it is (it is empty, or a Git LFS pointer), or the configuration excludes "
        "it, the finding names that file, and there is no fix: the link is right, and the file or the configuration "
        "is to be changed.\n\n"
        "Of an item with `typeid` and `slug` the slug counts here. Where it is unknown and the `typeid` is not, the "
        "pattern was probably renamed, and the help names it. Where the slug is known and the `typeid` is not, "
        "`typeid-slug-mismatch` says so.\n\n"
        "The likeliest pattern is the first that there is of these: one with this title or alias; the same slug with or "
        "without `ce-`; the same words, apart from *and, of, the, a, to, in*; the same words but one that begins with "
        "the same three letters; at most two letters added, dropped or changed; a slug that begins with this one, or "
        "the other way round. Of several the nearest counts, then the first in the alphabet. An unknown id is compared "
        "with ids. There is no fix where the likeliest pattern is linked to already: then one of the two lines is "
        "probably too many. Neither is there one where the corrected link would contradict the type of an inferred link."
    )
    bad = (
        Example(
            {
                "bread.md": _file(
                    "bread",
                    "Bröd",
                    "relationships:\n  enables:\n    - slug: «long-tabel»\n      weight: 0.8\n    - 'long-table'\n"
                    "  requires:\n    - slug: «nothing-like-it»\n      weight: 0.8\n",
                ),
                "table.md": _TABLE,
            },
            note="the likeliest pattern is linked to already",
        ),
        Example(
            {
                "bread.md": _file(
                    "bread",
                    "Bröd",
                    'relationships:\n  enables:\n    - slug: «"long-bench"»\n      weight: 0.8\n'
                    "graph_garden:\n  inferred_links:\n    - target: «the-table-long»\n      type: enables\n",
                ),
                "bench.md": _file("longer-bench", "Longer Bench").replace("title", 'aliases: ["Long Bench"]\ntitle'),
                "table.md": _TABLE,
            },
            {
                "bread.md": _file(
                    "bread",
                    "Bröd",
                    'relationships:\n  enables:\n    - slug: "longer-bench"\n      weight: 0.8\n'
                    "graph_garden:\n  inferred_links:\n    - target: long-table\n      type: enables\n",
                )
            },
            unsafe=True,
        ),
        Example(
            {
                "bread.md": _file(
                    "bread",
                    "Bröd",
                    "orbital_layer: 5\nrelationships:\n  enables:\n"
                    "    - typeid: pat_gone\n      slug: «long-tables»\n      weight: 0.8\n"
                    "    - typeid: pat_oven\n      slug: «stove»\n      weight: 0.7\n",
                ),
                "table.md": _TABLE,
                "oven.md": _file("oven", "Oven"),
            },
            {
                "bread.md": _file(
                    "bread",
                    "Bröd",
                    "orbital_layer: 5\nrelationships:\n  enables:\n"
                    "    - typeid: pat_long-table\n      slug: long-table\n      weight: 0.8\n"
                    "    - typeid: pat_oven\n      slug: oven\n      weight: 0.7\n",
                )
            },
            unsafe=True,
        ),
        Example(
            {
                "a.md": "id: pat_01kg5023vdecr9aqhgjf4vp12v\nslug: bröd\nclassification: {}\n"
                "related:\n- «pat_01kg5023vdecr9aqhgjf4vp99v»\n- pat_01kg5023vyfzhvteh02a487gvh\n",
                "b.md": "id: pat_01kg5023vyfzhvteh02a487gvh\nslug: table\nclassification: {}\n",
            },
            spec="1.3",
        ),
        Example(
            {
                "bread.md": f"---\n{_file('bread', 'Bröd', _TO_TABLE)}---\n",
                "long-table.md": "",
                "table.md": f"---\n{_file('long-tables', 'Long Tables')}---\n",
            },
            raw=True,
            note="the file that is meant is empty",
        ),
    )
    good = (
        Example(
            {
                "bread.md": _file(
                    "bread",
                    "Bröd",
                    "relationships:\n  enables:\n    - slug: long-table\n      weight: 0.8\n    - id: pat_long-table\n"
                    "graph_garden:\n  inferred_links:\n    - target: long-table\n      type: enables\n",
                ),
                "table.md": _TABLE,
            }
        ),
        Example(
            {
                "bread.md": _file(
                    "bread",
                    "Bröd",
                    "orbital_layer: 5\nrelationships:\n  requires:\n    - slug: broken\n"
                    "  tools:\n    - name: Pen\n      slug: paper-and-pen\n",
                ),
                "broken.md": "slug: broken\nontology: {\n",
            },
            note="a pattern that does not parse is there; the tools of 8.2 are outside",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Look up every target."""
        slugs, ids = library.by_slug, library.by_id
        for entry in library.targets:
            lost = [link for link in entry.links if link.target not in slugs and link.target not in ids]
            spec = library.spec(entry)
            if not lost or spec is None:
                continue
            called = [library.resolve(link.typeid) if link.typeid else None for link in lost]
            stray = [library.stray(link.target) for link in lost]
            likely = [
                one or (_likely(link.target, entry, library) if other is None else None)
                for one, other, link in zip(called, stray, lost, strict=True)
            ]
            counts = Counter(link.relation for link in entry.links)
            taken = set[tuple[bool, str]]()
            if any(likely):
                taken = {
                    (link.is_curated, found.path) for link in entry.links if (found := library.resolve(link.target))
                }
            for link, one, other, meant in zip(lost, called, stray, likely, strict=True):
                if other is not None and one is None:
                    yield self._not_a_pattern(entry, link, other, links.link_route(link, spec))
                    continue
                free = meant is not None and (link.is_curated, meant.path) not in taken
                if meant is not None:
                    taken.add((link.is_curated, meant.path))
                route = links.link_route(link, spec)
                kind = _kind(link, library)
                yield self.at(
                    entry,
                    link.span,
                    f"no pattern has the {kind} `{link.target}`",
                    route=route,
                    subject=link.target,
                    help=_help(
                        kind,
                        meant,
                        _removal(link, spec, is_only=counts[link.relation] == 1),
                        renamed=one is not None,
                        free=free,
                    ),
                    fix=_fix(link, meant, entry, spec, route) if meant is not None and free else None,
                )

    def _not_a_pattern(self, entry: Entry, link: Link, other: Stray, route: Route) -> Diagnostic:
        return self.at(
            entry,
            link.span,
            f"`{link.target}` is the file `{other.path}`, which is {other.reason}",
            route=route,
            subject=link.target,
            help=f"{other.remedy}, and leave this link as it is",
        )


def _likely(target: str, entry: Entry, library: Library) -> Entry | None:
    """Return the pattern that a target was likely meant to name; a Markdown or wiki link counts as the file it leads to."""
    found = _LINK.fullmatch(target)
    if found is None:
        return library.suggest(target, entry)
    name = (found["file"] or found["page"]).rpartition("/")[2].removesuffix(".md")
    return library.resolve(name) or library.suggest(name, entry)


def _kind(link: Link, library: Library) -> str:
    prefix, underscore, _ = link.target.partition("_")
    return "id" if link.key == "typeid" or (underscore and prefix in library.specs.id_prefixes) else "slug"


def _removal(link: Link, spec: Spec, *, is_only: bool) -> str:
    """Return how to remove a link so that the front matter stays valid; `is_only` when its list has no other."""
    if is_only:
        return f"write `{links.list_route(link, spec)[-1]}: []` in place of the list"
    return "delete the item with all its keys" if link.key else "delete the item"


def _help(kind: str, meant: Entry | None, removal: str, *, renamed: bool, free: bool) -> str:
    if meant is None:
        return f"write the {kind} of an existing pattern, or {removal}"
    called = f"`{meant.slug}` ({meant.title})" if meant.title else f"`{meant.slug}`"
    if not free:
        return f"did you mean {called}? it is linked to already: then delete one of the two items"
    return f"its typeid is that of {called}: was it renamed?" if renamed else f"did you mean {called}?"


def _fix(link: Link, meant: Entry, entry: Entry, spec: Spec, route: Route) -> Fix | None:
    by_id = link.key == "typeid" or (not link.key and spec.relationships.targets == "typeid")
    name = meant.id if by_id else meant.slug
    if not name or _is_contradicted(link, name, entry):
        return None
    edits = [_rewrite(link.span, link.target, name)]
    changes = [DeclaredChange(route)]
    if link.typeid and meant.id and link.typeid != meant.id:
        edits.append(_rewrite(link.typeid_span, link.typeid, meant.id))
        changes.append(DeclaredChange((*route[:-1], "typeid")))
    return Fix("replace it", Safety.UNSAFE, tuple(edits), tuple(changes), _BRINGS)


def _is_contradicted(link: Link, name: str, entry: Entry) -> bool:
    """Return whether `link`, once it leads to `name`, has another type than an inferred or a curated link to the same."""
    others = [one for one in entry.links if one.target in (name, link.target) and one is not link and one.type]
    listed = {one.type for one in others if one.is_curated}
    if link.is_curated:
        return not listed and any(one.type != link.type for one in others)
    return bool(listed) and link.type not in {*listed, ""}


def _rewrite(span: Span, old: str, new: str) -> Replacement:
    """Return the edit that puts `new` where `old` is, inside its quotes if it has some."""
    quotes = 1 if len(span) == len(old) + 2 else 0
    return Replacement(Span(span.start + quotes, span.end - quotes), new)
