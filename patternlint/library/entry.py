"""Entries: what the library index holds about one pattern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from unicodedata import normalize

import msgspec
from msgspec import Struct

from patternlint.document.links import INFERRED, Link
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.parser.parser import FileKind, ParsedFile
from patternlint.source import LineIndex, Region, Span


class Hub(Struct, frozen=True, array_like=True, gc=False):
    """A gravitational hub that a pattern names.

    Attributes:
        index: its place in the list, from 0.
        target: the id or slug. Never empty.
        start, end: the place of `target`.
        step: the key in the item that holds the target, empty for a bare string.
    """

    index: int
    target: str
    start: int
    end: int
    step: str = "hub_id"

    @property
    def span(self) -> Span:
        """The characters of the target."""
        return Span(self.start, self.end)


class Entry(Struct, frozen=True, omit_defaults=True):
    """What the library knows about one pattern.

    Attributes:
        path: as people see it.
        spec: the version of the spec that it follows, or empty.
        id, slug, title: empty where there is none.
        aliases: other names, in their order; empty for an item that is no text.
        links: curated links in the spec's order of types, then inferred ones.
        hubs: the hubs that it names.
        orbit: its orbital layer, or None.
        packed_spans: see `spans`; as MessagePack, a tenth of the dict's size.
        alias_spans: the place of each of `aliases`.
        lines: the line index of the front matter.
        has_template_summary: whether its summary is still a prompt of the template, in brackets or braces.
        failed_to_parse: whether its front matter does not parse: then only id, slug and title are known.
        left_alone: why a file that is not a pattern is not; empty for a pattern.
        closed: the relationship types to whose lists no item can be added: an anchor, an alias or a tag stands there.
        internal: whether findings about it are wanted; false for a library that is only there to resolve against.
    """

    path: str
    spec: str
    id: str = ""
    slug: str = ""
    title: str = ""
    aliases: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    hubs: tuple[Hub, ...] = ()
    orbit: float | None = None
    packed_spans: bytes = b"\x80"
    alias_spans: tuple[tuple[int, int], ...] = ()
    starts: bytes = b"H\0\0"
    has_template_summary: bool = False
    failed_to_parse: bool = False
    left_alone: str = ""
    internal: bool = True
    closed: tuple[str, ...] = ()

    @property
    def spans(self) -> Mapping[str, tuple[int, int]]:
        """The places of "id", "slug", "title", "aliases", "orbit", the hubs' key and each list of links, by name."""
        return _unpack_spans(self.packed_spans)

    @property
    def lines(self) -> LineIndex:
        """The line index of the front matter."""
        return _unpack_lines(self.starts)

    def region(self, span: Span) -> Region:
        """Return `span` in lines and columns."""
        return self.lines.region(span)

    @property
    def foreign_targets(self) -> frozenset[str]:
        """The slugs and ids that it names in curated links and as hubs, its own apart."""
        return outgoing_targets(self) - {self.slug, self.id}

    def span(self, name: str) -> Span:
        """Return the place of a field, or the start of the file where it is missing."""
        start, end = self.spans.get(name, (0, 0))
        return Span(start, end)

    @property
    def name(self) -> str:
        """What people call it: its slug, else its path."""
        return self.slug or self.path

    @property
    def label(self) -> str:
        """The name in backticks, with the title if there is one: "`long-table` (Long Table)"."""
        return f"`{self.name}` ({self.title})" if self.title else f"`{self.name}`"

    @property
    def folder(self) -> str:
        """The folder of the file."""
        return self.path.rpartition("/")[0]

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return self.path.rpartition("/")[2].rpartition(".")[0]


def is_template(entry: Entry) -> bool:
    """Return whether an entry is the template of a specification rather than a pattern: nobody links to it on purpose."""
    identity = entry.id.casefold()
    return entry.has_template_summary or "placehold" in identity or "xxxx" in identity


def outgoing_targets(entry: Entry) -> frozenset[str]:
    """Return what an entry names in curated links and as hubs."""
    return frozenset(
        [*[link.target for link in entry.links if link.relation != INFERRED], *[hub.target for hub in entry.hubs]]
    )


def build_entry(parsed: ParsedFile) -> Entry:
    """Return what the library may know about a file, also when it does not parse or is not a pattern."""
    spec = parsed.spec
    version = spec.version if spec is not None else ""
    pattern = parsed.pattern
    if parsed.kind is FileKind.NOT_A_PATTERN:
        return Entry(parsed.source.path, "", left_alone=parsed.skip_reason)
    if pattern is None or spec is None:
        identity, slug, title = (_text(parsed.keys.get(name)) for name in ("id", "slug", "title"))
        return Entry(parsed.source.path, version, identity, slug, title, failed_to_parse=True)
    root = pattern.front.root
    keys = root.keys
    marks = {name: node.label_span for name in _FIELDS if (node := keys.get(name)) is not None}
    spans = {name: (mark.start, mark.end) for name, mark in marks.items()}
    for name, found in pattern.link_lists:
        spans[name] = found.key_start, found.key_end
    hubs = keys.get(spec.hubs) if spec.hubs else None
    if hubs is not None:
        spans["hubs"] = hubs.key_start, hubs.key_end
    orbit = keys.get(spec.orbit) if spec.orbit else None
    if orbit is not None:
        mark = orbit.label_span
        spans["orbit"] = mark.start, mark.end
    aliases = keys["aliases"].items if "aliases" in keys else ()
    data = pattern.data
    return Entry(
        parsed.source.path,
        version,
        _text(data.get("id")),
        _text(data.get("slug")),
        _text(data.get("title")),
        tuple(_text(item.value) for item in aliases),
        pattern.links,
        _hubs(hubs) if hubs is not None else (),
        orbit.value if orbit is not None and _is_number(orbit.value) else None,
        _pack_spans(spans),
        tuple((item.start, item.end) for item in aliases),
        parsed.source.lines.prefix(pattern.front.span.end).to_bytes(),
        _text(data.get("summary")).startswith(("[", "{")),
        closed=_closed(pattern),
    )


def _closed(pattern: Pattern) -> tuple[str, ...]:
    key = pattern.spec.relationships.key
    above = pattern.get(key) if key else None
    if above is not None and _is_marked(pattern, above):
        return pattern.spec.relationships.types
    return tuple([name for name, found in pattern.link_lists if _is_marked(pattern, found) and name != INFERRED])


def _is_marked(pattern: Pattern, node: Node) -> bool:
    return node.style == "*" or pattern.source.text.startswith(("&", "!"), node.start)


_unpack_lines = lru_cache(maxsize=256)(LineIndex.from_bytes)  # rules point at an entry several times in a row


_pack_spans = msgspec.msgpack.Encoder().encode


_unpack_spans = lru_cache(maxsize=256)(msgspec.msgpack.Decoder(dict[str, tuple[int, int]]).decode)


_FIELDS = ("id", "slug", "title", "aliases")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _hubs(found: Node) -> tuple[Hub, ...]:
    hubs: list[Hub] = []
    for index, item in enumerate(found.items):
        step = "hub_id" if item.children is not None else ""
        node = item.get(step) if step else item
        if node is not None and isinstance(node.value, str) and node.value:
            hubs.append(Hub(index, node.value, node.start, node.end, step))
    return tuple(hubs)


_PUNCTUATION = re.compile(r"[\W_]+")


_FOLDED = "".join(character if character.isalnum() else " " for character in map(chr, range(128))).lower()
"""What becomes of each ASCII character: nearly all titles are folded by this alone, in half the time."""


def fold_title(title: str) -> str:
    """Return a title case-folded and without punctuation: two titles that fold alike are the same to a reader."""
    if title.isascii():
        return " ".join(title.translate(_FOLDED).split())
    return _PUNCTUATION.sub(" ", normalize("NFC", title.casefold())).strip()


def names_of(entry: Entry) -> frozenset[str]:
    """Return what readers may call an entry: its folded title and its folded slug."""
    return frozenset((fold_title(entry.title), fold_title(entry.slug))) - {""}
