"""A file in an editor, with the library around it: what every question is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.document.cursor import Cursor, TokenKind, cursor_at, front_matter_span, scan_tokens
from patternlint.document.links import INFERRED
from patternlint.document.text_links import TextLink
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.parser.parser import ParsedFile
from patternlint.source import Span
from patternlint.spec.model import Spec
from patternlint.spec.schema_lookup import required_types

OWN, HUB, TEXT = "own", "hub", "text"
"""The relations of a place with the pattern's own name, of one with a hub, and of a link in the text."""

_TARGET_KEYS = ("slug", "id", "typeid")
_GARDEN_KEYS = ("target", "slug", "id")


class Place(Struct, frozen=True):
    """A place that names a pattern.

    Attributes:
        relation: the relationship type, `INFERRED`, `HUB`, `OWN` or `TEXT`.
        list_route: the route of the list; that of the value itself outside of a list; empty in the text.
        key: the key that holds the name; empty for an item that is the name.
        index: the index in the list; -1 outside of a list.
    """

    relation: str
    list_route: Route
    key: str
    index: int = -1

    @property
    def is_id(self) -> bool:
        """Whether the place holds an id."""
        return self.key in ("id", "typeid")


_TEXT_PLACE = Place(TEXT, (), "")


class Named(Struct, frozen=True):
    """The name of a pattern at one place of a file.

    Attributes:
        name: the name.
        span: its characters; those of the whole destination of a link in the text.
        place: the place.
        link: the link in the text, if the place is one.
    """

    name: str
    span: Span
    place: Place
    link: TextLink | None = None


class View(Struct, frozen=True, dict=True):
    """A file in an editor, and the library around it.

    Attributes:
        parsed: the file with the text in the editor.
        library: the library with this text in it.
    """

    parsed: ParsedFile
    library: Library

    @property
    def path(self) -> str:
        """The path, as displayed."""
        return self.parsed.source.path

    @property
    def text(self) -> str:
        """The text."""
        return self.parsed.source.text

    @property
    def spec(self) -> Spec | None:
        """The specification that the file follows, also while its front matter is invalid."""
        return self.parsed.spec

    @property
    def entry(self) -> Entry | None:
        """The entry of the file."""
        return self.library.entry(self.path)

    @cached_property
    def front(self) -> Span | None:
        """The span of the front matter, also while it is invalid."""
        pattern = self.parsed.pattern
        if pattern is not None:
            return None if pattern.front.is_missing else pattern.front.span
        return front_matter_span(self.text)

    def cursor(self, offset: int) -> Cursor | None:
        """Return where an offset stands in the front matter, or None outside of it."""
        return cursor_at(self.text, offset, self.front) if self.front is not None else None

    def place(self, route: Route) -> Place | None:
        """Return what a value at `route` names, or None if it does not name a pattern."""
        return place_of(self.spec, route) if self.spec is not None else None

    def named_at(self, offset: int) -> Named | None:
        """Return the name of a pattern at an offset, or None."""
        cursor = self.cursor(offset)
        if cursor is None:
            found = self.text_names()
        elif cursor.token.kind is TokenKind.VALUE:
            found = self._names_in(cursor.token.span, cursor.route)
        else:
            return None
        return next((one for one in found if _touches(one.span, offset)), None)

    def names(self) -> Iterator[Named]:
        """Yield the names of patterns in the front matter, in order."""
        for token in scan_tokens(self.text, self.front) if self.front is not None else ():
            if token.kind is TokenKind.VALUE and token.span:
                yield from self._names_in(token.span, token.route)

    def text_names(self) -> Iterator[Named]:
        """Yield the names in the links of the text, in order."""
        pattern = self.parsed.pattern
        for link in pattern.body.links if pattern is not None else ():
            yield Named(link.name, link.span, _TEXT_PLACE, link)

    def _names_in(self, span: Span, route: Route) -> Iterator[Named]:
        place = self.place(route)
        if place is None or self.spec is None:
            return
        text, relationships = self.text[span.start : span.end], self.spec.relationships
        form, split = relationships.name_form, relationships.split
        if place.relation in (OWN, HUB, INFERRED) or not (form or split):
            yield Named(text, span, place)
            return
        at = span.start
        for piece in text.split(split) if split else (text,):
            matches = form.finditer(piece) if form is not None else re.finditer(r"\S.*\S|\S", piece)
            for match in matches:
                group = 1 if match.re.groups and match[1] is not None else 0
                yield Named(match[group], Span(at + match.start(group), at + match.end(group)), place)
            at += len(piece) + len(split)


def _touches(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def place_of(spec: Spec, route: Route) -> Place | None:
    """Return what a value at `route` names in a file that follows `spec`, or None."""
    if len(route) == 1 and route[0] in (spec.name_key, spec.identity.id) and route[0]:
        return Place(OWN, route, "id" if route[0] == spec.identity.id else str(route[0]))
    for links in spec.link_routes:
        if route[: len(links)] == links:
            return _item(links[-1], links, route, _TARGET_KEYS)
    garden = (spec.garden.key, spec.garden.links)
    if spec.garden.key and route[:2] == garden:
        return _item(INFERRED, garden, route, _GARDEN_KEYS)
    if spec.hubs and route[:1] == (spec.hubs,):
        return _item(HUB, (spec.hubs,), route, (spec.hub_key,))
    return None


def _item(relation: str, list_route: Route, route: Route, keys: tuple[str, ...]) -> Place | None:
    match route[len(list_route) :]:
        case (int(index),):
            return Place(relation, list_route, "", index)
        case (int(index), str(key)) if key in keys:
            return Place(relation, list_route, key, index)
        case ():
            return Place(relation, list_route, "")
    return None


def item_key(spec: Spec, place: Place) -> str:
    """Return the key that holds the name in a new item of a list; empty if an item is the name."""
    if "object" not in required_types(spec, (*place.list_route, 0)):
        return ""
    if place.relation == HUB:
        return spec.hub_key
    if place.relation == INFERRED:
        return "target"
    return spec.relationships.targets
