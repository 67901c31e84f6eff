"""Links from a pattern to others."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.source import Span
from patternlint.spec.model import Spec

INFERRED = "inferred"
"""The relation of machine-written links, beside the relationship types."""


class Link(Struct, frozen=True, array_like=True, gc=False):
    """A link from one pattern to another.

    Attributes:
        relation: the relationship type that it is listed under, or `INFERRED`.
        index: its position in the list, from 0.
        type: the relationship type: that of the list, or the one that an inferred link names, which may be empty.
        target: the slug of its target, or the id if it has no slug. Never empty.
        start, end: the offsets of `target`.
        key: the key in the item that holds the target ("slug", "id", "target", "typeid"), empty for a bare string.
        weight: its weight or confidence, or None.
        typeid: the id that it names beside the slug, or empty.
        typeid_start, typeid_end: the offsets of `typeid`.
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
    )


_CURATED_KEYS = ("slug", "id", "typeid")
_INFERRED_KEYS = ("target", "slug", "id")


def extract_links(lists: Iterable[tuple[str, Node]]) -> tuple[Link, ...]:
    """Return the links in `lists`, which are pairs of a relation and a list, made of interned values."""
    return tuple(
        [
            link
            for name, found in lists
            if found.children
            for index, item in enumerate(found.items)
            if (link := _link(name, index, item)) is not None
        ]
    )


def relationship_lists(root: Node, spec: Spec) -> tuple[tuple[str, Node], ...]:
    """Return the lists of links in the front matter `root`, each with its relationship type, or `INFERRED`.

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
    item = (*list_route(link, spec), link.index)
    return (*item, link.key) if link.key else item
