from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

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
    links,
)

_REVEALED = ("cycle", "missing-inverse", "missing-reciprocal")
"""Rules that may report a corrected link."""

_LINK = re.compile(r"!?\[[^\]]*\]\((?P<file>[^)#\s]+)[^)]*\)|\[\[(?P<page>[^\]|#]+)[^\]]*\]\]")


def _file(slug: str, title: str, rest: str = "") -> str:
    return f'id: pat_{slug}\nslug: {slug}\ntitle: "{title}"\nontology:\n  domain: gärten\n{rest}'


def _bread(rest: str) -> str:
    return _file("bread", "Bröd", rest)


_TABLE = _file("long-table", "Long Table")
_OLDER = "id: pat_01kg5023vdecr9aqhgjf4vp12v\nslug: bröd\nclassification: {}\n"


class DanglingTarget(LibraryRule):
    """Relationships and inferred links lead to patterns of the library."""

    name = "dangling-target"
    severity = Severity.ERROR
    why = "A broken link misleads readers and leaves a gap in the graph."
    notes = (
        "A target is the slug or id of a pattern of this library, or of an external library in the configuration. Patterns "
        "whose front matter does not parse count. If a file has the name of the target but is not a pattern (it is empty, "
        "or a Git LFS pointer), or the configuration excludes it, the finding names that file. No fix is offered then, "
        "because the link is correct.\n\n"
        "For an item with `typeid` and `slug` the slug is checked. If only the `typeid` is known, the pattern was probably "
        "renamed, and the help names it. If only the slug is known, `typeid-slug-mismatch` reports the item.\n\n"
        "Where a specification links by id, as 1.3 does, a slug is reported, and the fix, which is safe, writes the id of the "
        "pattern.\n\n"
        "A former slug or id in `redirects.toml` leads to the pattern that has replaced it, and the fix is safe. "
        "`patternlint redirects` writes the former ids that it finds in the git history to that file.\n\n"
        "Otherwise, the suggested pattern is the first match of: the same title or alias; the same slug with or without `ce-`; the "
        "same words, ignoring *and, of, the, a, to, in*; the same words except for one with the same first three letters; "
        "an edit distance of one or two; a slug that starts with the target, or the reverse. Among several matches the "
        "closest wins, then the first in alphabetical order. Ids are compared with ids. No fix is offered if the suggested "
        "pattern is already linked, because one of the two items is probably superfluous, or if the corrected link would "
        "conflict with the type of an inferred link."
    )
    bad = (
        Example(
            {
                "bread.md": _bread(
                    "relationships:\n  enables:\n    - slug: «long-tabel»\n      weight: 0.8\n    - 'long-table'\n"
                    "  requires:\n    - slug: «nothing-like-it»\n      weight: 0.8\n",
                ),
                "table.md": _TABLE,
            },
            note="the suggested pattern is already linked",
        ),
        Example(
            {
                "bread.md": _bread(
                    'relationships:\n  enables:\n    - slug: «"long-bench"»\n      weight: 0.8\n'
                    "graph_garden:\n  inferred_links:\n    - target: «the-table-long»\n      type: enables\n",
                ),
                "bench.md": _file("longer-bench", "Longer Bench").replace("title", 'aliases: ["Long Bench"]\ntitle'),
                "table.md": _TABLE,
            },
            {
                "bread.md": _bread(
                    'relationships:\n  enables:\n    - slug: "longer-bench"\n      weight: 0.8\n'
                    "graph_garden:\n  inferred_links:\n    - target: long-table\n      type: enables\n",
                )
            },
            unsafe=True,
        ),
        Example(
            {
                "bread.md": _bread(
                    "orbital_layer: 5\nrelationships:\n  enables:\n"
                    "    - typeid: pat_gone\n      slug: «long-tables»\n      weight: 0.8\n"
                    "    - typeid: pat_oven\n      slug: «stove»\n      weight: 0.7\n",
                ),
                "table.md": _TABLE,
                "oven.md": _file("oven", "Oven"),
            },
            {
                "bread.md": _bread(
                    "orbital_layer: 5\nrelationships:\n  enables:\n"
                    "    - typeid: pat_long-table\n      slug: long-table\n      weight: 0.8\n"
                    "    - typeid: pat_oven\n      slug: oven\n      weight: 0.7\n",
                )
            },
            unsafe=True,
        ),
        Example(
            {
                "a.md": f"{_OLDER}related:\n- «long-table»\n- 'pat_01kg5023vyfzhvteh02a487gvh'\n- «oven» # Öfen\n",
                "b.md": "id: pat_01kg5023vyfzhvteh02a487gvh\nslug: long-table\nclassification: {}\n",
                "c.md": "id: pat_01kg5023vdecr9aqhgjf4vp99v\nslug: oven\nclassification: {}\n",
            },
            {
                "a.md": f"{_OLDER}related:\n- long-table\n- 'pat_01kg5023vyfzhvteh02a487gvh'\n"
                "- pat_01kg5023vdecr9aqhgjf4vp99v # Öfen\n",
            },
            spec="1.3",
            note="specification 1.3 links by id; one of the patterns is already linked",
        ),
        Example(
            {
                "a.md": f"{_OLDER}related:\n- «pat_01kg5023vdecr9aqhgjf4vp99v»\n- pat_01kg5023vyfzhvteh02a487gvh\n",
                "b.md": "id: pat_01kg5023vyfzhvteh02a487gvh\nslug: table\nclassification: {}\n",
            },
            spec="1.3",
        ),
        Example(
            {
                "bread.md": "---\n" + _bread("relationships:\n  enables:\n    - slug: «long-table»\n") + "---\n",
                "long-table.md": "",
                "table.md": f"---\n{_file('long-tables', 'Long Tables')}---\n",
            },
            raw=True,
            note="the intended file is empty",
        ),
    )
    good = (
        Example(
            {
                "bread.md": _bread(
                    "relationships:\n  enables:\n    - slug: long-table\n      weight: 0.8\n    - id: pat_long-table\n"
                    "graph_garden:\n  inferred_links:\n    - target: long-table\n      type: enables\n",
                ),
                "table.md": _TABLE,
            }
        ),
        Example(
            {
                "bread.md": _bread(
                    "orbital_layer: 5\nrelationships:\n  requires:\n    - slug: broken\n"
                    "  tools:\n    - name: Pen\n      slug: paper-and-pen\n",
                ),
                "broken.md": "slug: broken\nontology: {\n",
            },
            note="a pattern that does not parse counts; the tools of 8.2 are external",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        slugs, ids = library.by_slug, library.by_id
        for entry in library.targets:
            missing = [link for link in entry.links if link.target not in ids]
            spec = library.spec(entry)
            if not missing or spec is None:
                continue
            broken = [link for link in missing if link.target not in slugs or _is_by_id(link, spec)]
            if broken:
                yield from self._diagnostics(library, entry, spec, broken)

    def _diagnostics(self, library: Library, entry: Entry, spec: Spec, broken: Sequence[Link]) -> Iterator[Diagnostic]:
        linked = {
            (link.is_curated, to.path)
            for link in entry.links
            if link not in broken and (to := library.resolve(link.target)) is not None
        }
        counts = Counter(link.relation for link in entry.links)
        for link in broken:
            route = links.link_route(link, spec)
            kind = _kind(link, spec, library)
            message = f"no {spec.noun} has the {kind} `{link.target}`"
            removal = _removal(link, spec, is_only=counts[link.relation] == 1)
            advice = f"write the {kind} of an existing {spec.noun}, or {removal}"
            fix = None
            former = library.resolve_former(link.target)
            renamed = former or (library.resolve_former(link.typeid) if link.typeid else None)
            stray = library.stray(link.target) if renamed is None else None
            named = library.by_slug.get(link.target, ())
            if named:
                message = f"`{link.target}` is a slug, expected an id"
                advice = f"write the id of {named[0].label}"
                if (link.is_curated, named[0].path) in linked:
                    advice = f"delete the item: {named[0].label} is already linked by its id"
                else:
                    safety = Safety.SAFE if len(named) == 1 else Safety.UNSAFE
                    fix = _fix(link, named[0], entry, spec, route, safety)
                linked.add((link.is_curated, named[0].path))
            elif stray is not None:
                message = f"`{link.target}` is the file `{stray.path}`, which is {stray.reason}"
                advice = f"{stray.remedy}, and keep this link"
            elif meant := renamed or _suggestion(link.target, entry, library):
                if (link.is_curated, meant.path) in linked:
                    advice = (
                        f"did you mean {meant.label}? it is already linked, so delete one of the two items"
                        if former is None
                        else f"delete the item: it is a former name of {meant.label}, which is already linked"
                    )
                else:
                    typeid = ", which has the typeid of this item" if renamed else ""
                    advice = f"did you mean {meant.label}{typeid}?"
                    if former is not None:
                        advice = f"`{link.target}` is a former name of {meant.label}; write the current one"
                    safety = Safety.UNSAFE if former is None else Safety.SAFE
                    fix = _fix(link, meant, entry, spec, route, safety, is_id=kind == "id")
                linked.add((link.is_curated, meant.path))
            yield self.at(entry, link.span, message, route=route, subject=link.target, help=advice, fix=fix)


def _suggestion(target: str, entry: Entry, library: Library) -> Entry | None:
    """Return the pattern that was probably meant; a path, a Markdown or a wiki link stands for the file at its end."""
    link = _LINK.fullmatch(target)
    path = target if link is None else link["file"] or link["page"]
    if link is None and not ("/" in path or path.endswith(".md")):
        return library.suggest(target, entry)
    name = path.rpartition("/")[2].removesuffix(".md")
    return library.resolve(name) or library.suggest(name, entry)


def _kind(link: Link, spec: Spec, library: Library) -> str:
    if _is_by_id(link, spec) or library.specs.is_known_prefix(link.target):
        return "id"
    return spec.name_key or "name"


def _is_by_id(link: Link, spec: Spec) -> bool:
    """Return whether the target of a link must be an id."""
    return link.key == "typeid" or (not link.key and link.is_curated and spec.relationships.targets == "typeid")


def _removal(link: Link, spec: Spec, *, is_only: bool) -> str:
    """Return how to remove a link so that the front matter stays valid; `is_only` if its list has no other item."""
    if link.in_text:
        return f"delete `{link.target}`"
    if is_only:
        return f"write `{links.list_route(link, spec)[-1]}: []` instead of the list"
    return "delete the item with all its keys" if link.key else "delete the item"


def _fix(  # noqa: PLR0913, PLR0917 - a link, and what it becomes
    link: Link, meant: Entry, entry: Entry, spec: Spec, route: Route, safety: Safety, *, is_id: bool = False
) -> Fix | None:
    by_id = _is_by_id(link, spec) or (link.key == "id" and is_id and bool(meant.id))  # the key `id` may hold a slug
    name = meant.id if by_id else meant.slug
    is_part = link.in_text or bool(spec.relationships.form)
    if is_part and len(link.span) not in (len(link.target), len(link.target) + len('""')):
        return None  # the text has escapes, and the span is all of it
    if not name or _has_type_conflict(link, name, entry):
        return None
    title = f"replace `{link.target}` with `{name}`"
    edits = [_rewrite(link.span, link.target, name)]
    changes = [DeclaredChange(route)]
    if link.typeid and meant.id and link.typeid != meant.id:
        title += f" and `{link.typeid}` with `{meant.id}`"
        edits.append(_rewrite(link.typeid_span, link.typeid, meant.id))
        changes.append(DeclaredChange((*route[:-1], "typeid")))
    return Fix(title, safety, tuple(edits), tuple(changes), _REVEALED)


def _has_type_conflict(link: Link, name: str, entry: Entry) -> bool:
    """Return whether `link`, once it leads to `name`, differs in type from an inferred or curated link to the same."""
    others = [
        other for other in entry.links if other.target in (name, link.target) and other is not link and other.type
    ]
    curated = {other.type for other in others if other.is_curated}
    if link.is_curated:
        return not curated and any(other.type != link.type for other in others)
    return bool(curated) and link.type not in {*curated, ""}


def _rewrite(span: Span, old: str, new: str) -> Replacement:
    """Return the edit that replaces `old` with `new`, inside its quotes if it has some."""
    quotes = 1 if len(span) == len(old) + 2 else 0
    return Replacement(Span(span.start + quotes, span.end - quotes), new)
