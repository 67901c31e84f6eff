"""What can be written at a place: names of patterns, keys, values of the schema, headings, names of rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any
from zlib import crc32

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.document.cursor import Cursor, TokenKind, line_before
from patternlint.document.links import INFERRED
from patternlint.editor.names import Name, NameIndex
from patternlint.editor.view import OWN, Place, View, item_key, place_of
from patternlint.library.entry import Entry, fold_title, is_template
from patternlint.library.library import Library
from patternlint.library.store import link_kind
from patternlint.source import Span
from patternlint.spec.model import Spec
from patternlint.spec.schema_lookup import allowed_values, required_types, subschemas

MAX_ITEMS = 100
_MAX_NEIGHBORS = 40  # whose links are followed for candidates
_MAX_REFERRERS = 300  # that are loaded: loading thousands takes longer than a keystroke may
_EXPECTED, _LINKED = 12, 3
_MIN_WORD = 4  # letters of a word of the own name that finds related names

_SUPPRESSION = re.compile(
    r"patternlint:[ \t]*ignore(?:-file|-start|-end)?[ \t]*\[(?:[^\]]*[,\s])?(?P<typed>[^\],\s]*)\Z"
)
_HEADING = re.compile(r"#{1,6}[ \t]?[^\n]*\Z")


class Kind(Enum):
    """What an item is."""

    PATTERN = "pattern"
    KEY = "key"
    VALUE = "value"
    SECTION = "section"
    RULE = "rule"


class Item(Struct, frozen=True):
    """Something that can be written at a place.

    Attributes:
        label: its name in the menu.
        kind: what it is.
        text: what is written in place of `span`.
        span: the characters to replace.
        detail: a few words about it, such as the title of a pattern.
        about: more about it, in Markdown; for a pattern it is loaded later.
        is_listed: whether the list already has it.
    """

    label: str
    kind: Kind
    text: str
    span: Span
    detail: str = ""
    about: str = ""
    is_listed: bool = False


class Items(Struct, frozen=True):
    """The items at a place, the best first, and whether there are more."""

    items: Sequence[Item]
    is_incomplete: bool = False


_NOTHING = Items(())


def complete(  # noqa: PLR0911 - one return for each kind of place
    view: View, offset: int, names: Callable[[], NameIndex], rules: Iterable[str] = ()
) -> Items:
    """Return what can be written at an offset.

    Args:
        view: the file.
        offset: a character offset.
        names: returns the names of all patterns.
        rules: the names of rules and groups, for suppressions.
    """
    before = line_before(view.text, offset)
    suppression = _SUPPRESSION.search(before)
    if suppression is not None:
        span = Span(offset - len(suppression["typed"]), offset)
        return Items([Item(name, Kind.RULE, name, span) for name in sorted(rules)])
    spec = view.spec
    cursor = view.cursor(offset)
    if spec is None:
        return _NOTHING
    if cursor is None:
        is_in_body = view.front is None or offset > view.front.end
        return Items(list(_sections(view, spec, offset, before))) if is_in_body and _HEADING.match(before) else _NOTHING
    if cursor.token.kind is TokenKind.TEXT:
        return _NOTHING
    target = _target_of(spec, cursor)
    if target is not None:
        return _patterns(view, spec, cursor, target, names())
    if cursor.token.kind is TokenKind.VALUE:
        own_keys = _keys(spec, cursor) if cursor.token.is_item else ()
        return Items([*_values(spec, cursor), *own_keys])
    return Items(list(_keys(spec, cursor)))


class _Target(Struct, frozen=True):
    """The name of a pattern to write: where, and the text before it in a new item."""

    place: Place
    lead: str = ""


def _target_of(spec: Spec, cursor: Cursor) -> _Target | None:
    token = cursor.token
    place = place_of(spec, token.route)
    if place is None or place.relation == OWN:
        return None
    if token.kind is TokenKind.VALUE:
        if place.key or place.index < 0:
            return _Target(place) if place.index >= 0 or "array" not in required_types(spec, token.route) else None
        key = item_key(spec, place)
        return _Target(_with_key(place, key), f"{key}: " if key and not token.quote else "")
    if token.kind is TokenKind.WORD and place.index < 0:
        key = item_key(spec, place)
        return _Target(_with_key(place, key), f"- {key}: " if key else "- ")
    return None


def _with_key(place: Place, key: str) -> Place:
    return Place(place.relation, place.list_route, key, place.index)


def _patterns(view: View, spec: Spec, cursor: Cursor, target: _Target, names: NameIndex) -> Items:
    """Return the patterns that can be named at a place, the most related first.

    What is typed is compared with the words of slug and title. Neither the alphabet nor the number of links decides: a list
    in such an order makes the next hubs.
    """
    typed = fold_title(cursor.typed.removeprefix(target.lead.rstrip()))
    words = typed.split()
    related = _Related(view, spec, target.place)
    if words:
        found = names.find(words)
        if not found and target.place.is_id:
            found = [(Name(entry.slug, entry.title), 1) for entry in _by_id(view.library, cursor.typed)]
    else:
        found = [(Name(slug), 0) for slug in related.candidates(names)]
    own = view.entry
    own_slug = own.slug if own is not None else ""
    ranked = sorted(
        ((related.rank(name, whole, typed), name) for name, whole in found if name.slug and name.slug != own_slug),
        key=lambda one: one[0],
    )
    items: list[Item] = []
    for _, name in ranked[: MAX_ITEMS * 2]:
        entry = view.library.resolve(name.slug)
        if entry is None or is_template(entry) or len(items) == MAX_ITEMS:
            continue
        items.append(_pattern_item(entry, cursor, target, is_listed=entry.slug in related.listed))
    return Items(items, is_incomplete=True)


def _by_id(library: Library, typed: str) -> Iterable[Entry]:
    near = [identity for identity in library.store.ids() if identity.startswith(typed)][:MAX_ITEMS]
    return filter(None, map(library.resolve, near))


def _pattern_item(entry: Entry, cursor: Cursor, target: _Target, *, is_listed: bool) -> Item:
    written = entry.id if target.place.is_id and entry.id else entry.slug
    space = " " if cursor.follows_colon else ""
    detail = f"{entry.title} (already listed)" if is_listed else entry.title
    return Item(
        entry.slug, Kind.PATTERN, f"{space}{target.lead}{written}", cursor.token.span, detail, is_listed=is_listed
    )


class _Related:
    """How closely the patterns of the library are related to a file."""

    def __init__(self, view: View, spec: Spec, place: Place) -> None:
        self._view = view
        own = view.entry
        library = view.library
        named = [one for one in view.names() if one.place.relation != OWN]
        here = [one for one in named if one.place.list_route == place.list_route]
        self.listed = {one.name for one in here if one.place.index != place.index}
        self._elsewhere = {one.name for one in named} - self.listed
        self._words = frozenset(fold_title(f"{own.title} {own.slug}").split()) if own is not None else frozenset()
        self._own_names = {own.slug, own.id} - {""} if own is not None else set()
        self._referrers = self._find_referrers(library, spec, place.relation)
        self._second = self._neighbors_of_neighbors(library, [one.name for one in named])

    def _find_referrers(self, library: Library, spec: Spec, relation: str) -> Mapping[str, int]:
        """Return the patterns that link to this one with a weight; most weighs a link that expects one in return."""
        expected = {relation} if relation in spec.relationships.symmetric else set()
        expected |= {spec.inverse_of[relation]} if relation in spec.inverse_of else set()
        found: dict[str, int] = {}
        for kind in (*(route[-1] for route in spec.link_routes), INFERRED):
            for name in self._own_names:
                for entry in library.store.find(link_kind(kind), name)[:_MAX_REFERRERS]:
                    weight = _EXPECTED if kind in expected else _LINKED
                    found[entry.slug] = max(found.get(entry.slug, 0), weight)
        return found

    def _neighbors_of_neighbors(self, library: Library, names: Sequence[str]) -> Mapping[str, int]:
        counts: Counter[str] = Counter()
        for name in dict.fromkeys(names[:_MAX_NEIGHBORS]):
            entry = library.resolve(name)
            if entry is not None:
                counts.update({link.target for link in entry.links})
        return counts

    def candidates(self, names: NameIndex) -> Iterable[str]:
        """Return the slugs of the patterns that may be meant when nothing is typed."""
        alike = [
            name.slug
            for word in sorted(self._words)
            if len(word) >= _MIN_WORD
            for name, _ in names.find([word])[: MAX_ITEMS * 3]
        ]
        second = [slug for slug, _ in Counter(self._second).most_common(MAX_ITEMS)]
        return dict.fromkeys((*self._referrers, *self._elsewhere, *second, *alike))

    def rank(self, name: Name, whole: int, typed: str) -> tuple[object, ...]:
        """Return the key to sort a name by."""
        slug = name.slug
        words = frozenset(fold_title(f"{slug} {name.title}").split())
        closeness = (
            self._referrers.get(slug, 0)
            + 2 * (slug in self._elsewhere)
            + min(self._second.get(slug, 0), 4)
            + 2 * len(words & self._words)
        )
        is_beginning = bool(typed) and fold_title(slug).startswith(typed)
        shuffled = crc32(f"{self._view.path}\0{slug}".encode())
        return slug in self.listed, -whole, -closeness, not is_beginning, shuffled


def _values(spec: Spec, cursor: Cursor) -> Iterator[Item]:
    route, token = cursor.route, cursor.token
    space = " " if cursor.follows_colon else ""
    values = list(allowed_values(spec, route))
    if not values and required_types(spec, route) == {"boolean"}:
        values = ["true", "false"]
    values += [one["const"] for one in subschemas(spec, route) if isinstance(one.get("const"), str)]
    for value in dict.fromkeys(values):
        yield Item(value, Kind.VALUE, f"{space}{value}", token.span)


def _keys(spec: Spec, cursor: Cursor) -> Iterator[Item]:
    """Yield the keys that the mapping at a place still lacks, in the order of the specification."""
    route, token = cursor.route, cursor.token
    colon = "" if token.kind is TokenKind.KEY else ":"
    for key, schema in _properties(spec, route).items():
        if key not in cursor.siblings:
            space = "" if not colon or _is_block(spec, (*route, key)) else " "
            title = schema.get("title", "")
            yield Item(key, Kind.KEY, f"{key}{colon}{space}", token.span, title, key_help(spec, (*route, key)))


def _is_block(spec: Spec, route: Route) -> bool:
    return not required_types(spec, route).isdisjoint(("array", "object"))


def _properties(spec: Spec, route: Route) -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for schema in subschemas(spec, route):
        for key, below in schema.get("properties", {}).items():
            if below is not False and key not in found:
                found[key] = below if isinstance(below, Mapping) else {}
    if route:
        return found
    known = [key for key in spec.keys if key in found]
    return {key: found[key] for key in (*known, *(one for one in found if one not in spec.group_of))}


def key_help(spec: Spec, route: Route) -> str:
    """Return what the schema says about the value at `route`, in Markdown; empty without a description."""
    schemas = subschemas(spec, route)
    parts = [next((one["description"] for one in schemas if "description" in one), "")]
    values = allowed_values(spec, route)
    if values:
        parts.append("Allowed values: " + ", ".join(f"`{value}`" for value in values))
    bounds = [
        f"{word} {one[bound]}"
        for bound, word in (("minimum", "at least"), ("maximum", "at most"))
        for one in schemas
        if bound in one
    ]
    if bounds:
        parts.append(f"A number of {' and '.join(dict.fromkeys(bounds))}.")
    example = next((one["examples"][0] for one in schemas if one.get("examples")), None)
    if isinstance(example, str | int | float) and not values:
        parts.append(f"Example: `{example}`")
    return "\n\n".join(filter(None, parts))


def _sections(view: View, spec: Spec, offset: int, before: str) -> Iterator[Item]:
    """Yield the headings of the sections that the body still lacks."""
    form = spec.body.form
    pattern = view.parsed.pattern
    here = offset - len(before)
    present = {
        heading.text.casefold()
        for heading in (pattern.body.headings if pattern is not None else ())
        if heading.span.start != here
    }
    following = len(pattern.body.sections) + 1 if pattern is not None else 1
    for number, section in enumerate(spec.body.sections, 1):
        line = form.heading(following if spec.body.any_number else number, section.title)
        if not any(title.casefold() in text for title in section.titles for text in present):
            yield Item(line, Kind.SECTION, line, Span(here, offset), about=section.prompt)
