"""Links from a pattern to others."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.source import Span
from patternlint.spec.model import Spec
from patternlint.spec.schema_lookup import required_types

INFERRED = "inferred"
"""The relation of machine-written links, beside the relationship types."""


class Link(Struct, frozen=True, array_like=True, gc=False):
    """A link from one pattern to another.

    Attributes:
        relation: the relationship type that it is listed under, or `INFERRED`.
        index: its position in the list, from 0; or its position in the text, if it is in one.
        type: the relationship type: that of the list, or the one that an inferred link names, which may be empty.
        target: the slug of its target, or the id if it has no slug. Never empty.
        start, end: the offsets of `target`.
        key: the key in the item that holds the target ("slug", "id", "target", "typeid"), empty for a bare string.
        weight: its weight or confidence, or None.
        typeid: the id that it names beside the slug, or empty.
        typeid_start, typeid_end: the offsets of `typeid`.
        in_text: whether the value of the relationship type is a text or number, not a list.
    """

    relation: str
    index: int
    type: str
    target: str
    start: int
    end: int
    key: str = "slug"
    weight: float | None = None
    typeid: str = ""
    typeid_start: int = 0
    typeid_end: int = 0
    in_text: bool = False

    @property
    def span(self) -> Span:
        """The characters of the target."""
        return Span(self.start, self.end)

    @property
    def typeid_span(self) -> Span:
        """The characters of `typeid`."""
        return Span(self.typeid_start, self.typeid_end)

    @property
    def is_curated(self) -> bool:
        """Whether it is listed under a relationship type, not machine-written."""
        return self.relation != INFERRED


_weight = dict[float | None, float | None]().setdefault
_offset = dict[int, int]().setdefault


def intern_link(link: Link) -> Link:
    """Return an equal link made of interned values: a large library has a million links with a few thousand targets."""
    intern = sys.intern
    return Link(
        intern(link.relation),
        link.index,
        intern(link.type),
        intern(link.target),
        _offset(start := link.start, start),
        _offset(end := link.end, end),
        intern(link.key),
        _weight(weight := link.weight, weight),
        intern(link.typeid),
        _offset(start := link.typeid_start, start),
        _offset(end := link.typeid_end, end),
        link.in_text,
    )


_CURATED_KEYS = ("slug", "id", "typeid")
_INFERRED_KEYS = ("target", "slug", "id")


def extract_links(lists: Iterable[tuple[str, Node]], spec: Spec, text: str) -> tuple[Link, ...]:
    """Return the links in `lists`, made of interned values.

    Args:
        lists: pairs of a relation and its value: a list, or a text or number where the schema allows one.
        spec: the spec of the pattern.
        text: the text of the file.
    """
    reader = _TextReader(spec, text)
    found: list[Link] = []
    for name, value in lists:
        is_curated = name != INFERRED
        if is_curated and (not isinstance(value.children, tuple) or reader.is_wiki_link(value)):
            found += reader.links_in(value, name, None)
            continue
        for index, item in enumerate(value.items):
            children = item.children
            if is_curated and (children.__class__ is tuple or (children is None and reader.reads(item))):
                found += reader.links_in(item, name, index)
            elif (link := _link(name, index, item)) is not None:
                found.append(link)
    return tuple(found)


class _TextReader:
    """Reads names in texts, numbers and wiki links, as the spec says."""

    def __init__(self, spec: Spec, text: str) -> None:
        self._spec, self._text = spec, text
        self._form, self._split = spec.relationships.name_form, spec.relationships.split

    def reads(self, item: Node) -> bool:
        """Return whether an item of a list is not simply a name: it is a number, or names have a form."""
        return self._form is not None or type(item.value) is int

    def is_wiki_link(self, value: Node) -> bool:
        """Return whether a list in a list is a wiki link without quotes: `[[name]]`, which YAML reads as lists."""
        written = self._text[value.start : value.end] if self._form is not None and value.style == "[" else ""
        return written.startswith("[[") and not written.startswith("[[[") and written.count("[") == 2  # noqa: PLR2004

    def _is_admitted(self, value: Node, name: str, index: int | None) -> bool:
        """Return whether the spec lets a text, or a number, stand where links are usually a list of texts or mappings."""
        if self._form is not None or self._split:
            return True
        key = self._spec.relationships.key
        route: Route = (*((key,) if key else ()), name, *(() if index is None else (index,)))
        types = required_types(self._spec, route)
        kind = {"integer", "number"} if value.number is not None else {"string"}
        return not types or not kind.isdisjoint(types)

    def links_in(self, value: Node, name: str, index: int | None) -> Iterator[Link]:
        """Yield the links that a text, a number or a wiki link contains.

        Args:
            value: the value.
            name: the relationship type.
            index: its index in the list; None if it is the whole value of the type.
        """
        written = self._text[value.start : value.end]
        if value.children is None and isinstance(value.value, str):
            content = value.value
        elif type(value.value) is int or self.is_wiki_link(value):
            content = written
        else:
            return
        if not self._is_admitted(value, name, index):
            return
        start = value.start + written.find(content) if content in written else -1
        for number, (at, target) in enumerate(self._names_in(content, is_item=index is not None)):
            place = (start + at, start + at + len(target)) if start >= 0 else (value.start, value.end)
            position = number if index is None else index
            yield Link(name, position, name, sys.intern(target), *place, "", in_text=index is None)

    def _names_in(self, content: str, *, is_item: bool) -> Iterator[tuple[int, str]]:
        """Yield the names in a text, each with its offset."""
        is_list = is_item or bool(self._split)
        at = 0
        for part in content.split(self._split) if self._split and not is_item else (content,):
            stripped = part.strip()
            start = at + len(part) - len(part.lstrip())
            at += len(part) + len(self._split)
            matches = list(self._form.finditer(stripped)) if self._form is not None else []
            for match in matches[:1] if is_list else matches:
                group = 1 if match.re.groups else 0
                if match[group]:
                    yield start + match.start(group), match[group]
            if stripped and not matches and (is_list or self._form is None):
                yield start, stripped


def relationship_lists(root: Node, spec: Spec) -> tuple[tuple[str, Node], ...]:
    """Return the values with links in the front matter `root`, each with its relationship type, or `INFERRED`.

    Curated lists come in the order of types in the spec, then the inferred one.
    """
    relationships, garden = spec.relationships, spec.garden
    above = root.keys.get(relationships.key) if relationships.key else root
    lists = above.keys if above is not None else {}
    found = [(sys.intern(kind), lists[kind]) for *_, kind in spec.link_routes if kind in lists]
    inferred = root.get(garden.key, garden.links) if garden.key else None
    return (*found, (INFERRED, inferred)) if inferred is not None else tuple(found)


def _link(name: str, index: int, item: Node) -> Link | None:
    curated = name != INFERRED
    children = item.children
    if children is None:
        if isinstance(item.value, str) and item.value:
            return Link(name, index, name if curated else "", sys.intern(item.value), *_place(item), "")
        return None
    if not isinstance(children, dict):
        return None
    for step in _CURATED_KEYS if curated else _INFERRED_KEYS:
        node = children.get(step)
        if node is None or not isinstance(node.value, str) or not node.value:
            continue
        kind = name if curated else sys.intern(item.text("type") or "")
        target = sys.intern(node.value)
        weighing = children.get("weight" if curated else "confidence")
        weight = weighing.number if weighing is not None else None
        place = _place(node)
        typeid = children.get("typeid") if step != "typeid" else None
        if typeid is None or not isinstance(typeid.value, str):
            return Link(name, index, kind, target, *place, step, weight)
        return Link(name, index, kind, target, *place, step, weight, sys.intern(typeid.value), *_place(typeid))
    return None


def _place(node: Node) -> tuple[int, int]:
    """Return the start and end of a value as interned numbers."""
    return _offset(start := node.start, start), _offset(end := node.end, end)


def list_route(link: Link, spec: Spec) -> Route:
    """Return the route of the list of a link in a pattern of `spec`."""
    if link.relation == INFERRED:
        return spec.garden.key, spec.garden.links
    return (spec.relationships.key, link.relation) if spec.relationships.key else (link.relation,)


def link_route(link: Link, spec: Spec) -> Route:
    """Return the route of the target of a link in a pattern of `spec`."""
    if link.in_text:
        return list_route(link, spec)
    item = (*list_route(link, spec), link.index)
    return (*item, link.key) if link.key else item
