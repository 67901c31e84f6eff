"""Where a pattern is defined, and where it is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from msgspec import Struct

from patternlint.document.links import INFERRED, Link
from patternlint.editor.names import NameIndex
from patternlint.editor.view import OWN, Named, View
from patternlint.library import text_links
from patternlint.library.entry import Entry, fold_title
from patternlint.library.library import Library
from patternlint.library.store import HUB, TYPEID, link_kind
from patternlint.source import Region, Span

_MAX_SYMBOLS = 100
_FILE_START = Region(1, 1, 1, 1)


class Location(Struct, frozen=True, order=True):
    """A place in a file.

    Attributes:
        path: the path, as displayed.
        region: the lines and columns.
        is_plain: whether all programs count them alike, so that nobody need read the file.
    """

    path: str
    region: Region
    is_plain: bool = False


class Symbol(Struct, frozen=True):
    """A pattern as a search finds it: its title, its slug, and where it is defined."""

    title: str
    slug: str
    location: Location


class Call(Struct, frozen=True):
    """Links between two patterns.

    Attributes:
        entry: the other pattern.
        relations: the relationship types.
        regions: the places of the links, in the file that has them.
    """

    entry: Entry
    relations: tuple[str, ...]
    regions: tuple[Region, ...]


def target_of(view: View, named: Named) -> Entry | None:
    """Return the pattern or other file that a name in a file refers to; for the name of the file itself that file."""
    if named.link is not None:
        return text_links.target_of(view.library, view.entry, named.link) if view.entry is not None else None
    return view.entry if named.place.relation == OWN else view.library.resolve(named.name)


def target_at(view: View, offset: int) -> Entry | None:
    """Return the pattern that is named at an offset, or None."""
    named = view.named_at(offset)
    return target_of(view, named) if named is not None else None


def definition(view: View, offset: int) -> Location | None:
    """Return where the pattern that is named at an offset is defined, or None.

    A link in the text names a file, so it leads to its start.
    """
    named = view.named_at(offset)
    entry = target_of(view, named) if named is not None else None
    if named is None or entry is None:
        return None
    return location_of(entry) if named.link is None else Location(entry.path, _FILE_START)


def location_of(entry: Entry) -> Location:
    """Return where a pattern is defined: its slug, or its title."""
    span = entry.span("slug" if "slug" in entry.spans else "title")
    is_plain = "slug" in entry.spans and not entry.has_wide_names
    return Location(entry.path, entry.region(_inside(span, entry.slug)), is_plain)


def references(library: Library, entry: Entry) -> Iterator[Location]:
    """Yield every place that names a pattern, by path and place, without its own slug and id."""
    names = {entry.slug, entry.id} - {""}
    in_text = {other.path: other for other in text_links.mentioning(library, entry)}
    others = {other.path: other for other in (*referrers(library, entry), *in_text.values())}
    for path, other in sorted(others.items()):
        named = {
            *(_inside(link.span, link.target) for link in other.links if link.target in names),
            *(_inside(link.typeid_span, link.typeid) for link in other.links if link.typeid in names),
            *(_inside(hub.span, hub.target) for hub in other.hubs if hub.target in names),
        }
        linked = {link.span for link in text_links.links_to(library, other, entry)} if path in in_text else set()
        for span in sorted(named | linked):
            yield Location(path, other.region(span), span in named and not other.has_wide_names)


def referrers(library: Library, entry: Entry) -> list[Entry]:
    """Return the patterns that name a pattern, by path."""
    kinds = (HUB, TYPEID, *map(link_kind, (*library.store.relations, INFERRED)))
    names = {entry.slug, entry.id} - {""}
    found = chain.from_iterable(library.store.find(kind, name) for kind in kinds for name in names)
    return sorted({other.path: other for other in found}.values(), key=lambda other: other.path)


def linking(library: Library, entry: Entry) -> Mapping[str, frozenset[str]]:
    """Return the paths of the patterns that link to a pattern, by the relationship type of their links."""
    names = {entry.slug, entry.id} - {""}
    found = (
        (relation, frozenset(other.path for name in names for other in library.store.linking(relation, name)))
        for relation in sorted(library.store.relations)
    )
    return {relation: paths for relation, paths in found if paths}


def _inside(span: Span, name: str) -> Span:
    """Return the span of a name without the quotes around it."""
    return Span(span.start + 1, span.end - 1) if name and len(span) == len(name) + 2 else span


def highlights(view: View, offset: int) -> Iterator[Span]:
    """Yield the spans in the same file that name the pattern at an offset."""
    entry = target_at(view, offset)
    if entry is not None:
        for named in chain(view.names(), view.text_names()):
            if target_of(view, named) is entry:
                yield named.span


def links(view: View) -> Iterator[tuple[Named, Entry]]:
    """Yield every name of another pattern in a file with that pattern."""
    for named in chain(view.names(), view.text_names()):
        entry = target_of(view, named) if named.place.relation != OWN else None
        if entry is not None:
            yield named, entry


def search(library: Library, names: NameIndex, query: str) -> list[Symbol]:
    """Return the patterns whose title, slug or alias has words with the beginnings in `query`, in this order of rank."""
    words = fold_title(query).split()
    if not words:
        return []
    folded = " ".join(words)

    def rank(found: tuple[Entry, int]) -> tuple[object, ...]:
        entry, whole = found
        title = fold_title(entry.title)
        in_title = all(f" {word}" in f" {title}" for word in words)
        return not in_title, not title.startswith(folded), -whole, len(title), entry.path

    found: dict[str, tuple[Entry, int]] = {}
    for name, whole in names.find(words):
        for entry in library.by_slug.get(name.slug, ()):
            found[entry.path] = entry, whole
        if len(found) >= _MAX_SYMBOLS:
            break
    ranked = [entry for entry, _ in sorted(found.values(), key=rank)]
    aliases = [entry for entry in library.by_alias.get(folded, ()) if entry.path not in found]
    return [Symbol(entry.title, entry.slug, location_of(entry)) for entry in (*ranked, *aliases)]


def incoming(library: Library, entry: Entry) -> Iterator[Call]:
    """Yield the patterns with curated links to a pattern."""
    names = {entry.slug, entry.id}
    for other in referrers(library, entry):
        yield from _call(other, other, (link for link in other.links if link.is_curated and link.target in names))


def outgoing(library: Library, entry: Entry) -> Iterator[Call]:
    """Yield the patterns that the curated links of a pattern lead to."""
    by_target: dict[str, tuple[Entry, list[Link]]] = {}
    for link in entry.links:
        other = library.resolve(link.target) if link.is_curated else None
        if other is not None:
            by_target.setdefault(other.path, (other, []))[1].append(link)
    for other, some in by_target.values():
        yield from _call(entry, other, some)


def _call(place: Entry, other: Entry, some: Iterable[Link]) -> Iterator[Call]:
    found = list(some)
    if found:
        relations = tuple(dict.fromkeys(link.relation for link in found))
        yield Call(other, relations, tuple(place.region(_inside(link.span, link.target)) for link in found))
