"""Entries: what the library index holds about one pattern.

There may be 100,000 of them, so they are small: places are offsets, and each entry keeps the line index of its front
matter to convert them to lines and columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from unicodedata import normalize

import msgspec
from msgspec import Struct

from patternlint.document.identity import record_name, stem_of
from patternlint.document.links import INFERRED, Link
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.document.text_links import TextLink
from patternlint.parser.parser import FileKind, ParsedFile
from patternlint.source import LineIndex, Region, Span
from patternlint.spec.model import HEADING, Identity, Spec

UNKNOWN_SPEC = Spec("", "", identity=Identity(name="slug"))
"""Stands for the spec of a file whose spec is unknown."""


class Hub(Struct, frozen=True, array_like=True, gc=False):
    """A reference from a pattern to a gravitational hub.

    Attributes:
        index: the index in the list, from 0.
        target: the id or slug; never empty.
        start, end: the span of the target.
        step: the key in the item that holds the target; empty if the item is the target.
        principle: its name in words, or empty.
    """

    index: int
    target: str
    start: int
    end: int
    step: str = ""
    principle: str = ""

    @property
    def span(self) -> Span:
        """The span of the target."""
        return Span(self.start, self.end)


class GraphNode(Struct, frozen=True, array_like=True, gc=False):
    """An entity or a community of the graph that a pattern contributes to.

    Attributes:
        kind: the key of its list.
        index: its index in the list, from 0.
        label: its name in words.
        id: its id.
        start, end: the span of the id, without quotes if it is literal.
        is_literal: whether the text at the span is the id.
    """

    kind: str
    index: int
    label: str
    id: str
    start: int
    end: int
    is_literal: bool

    @property
    def span(self) -> Span:
        """The span of the id."""
        return Span(self.start, self.end)

    @property
    def key(self) -> str:
        """What nodes have in common that should have one id: the list and the folded label; empty without a word in it."""
        folded = fold_title(self.label)
        return folded and f"{self.kind} {folded}"


class Entry(Struct, frozen=True, omit_defaults=True):
    """What the library index holds about one file.

    Attributes:
        path: the path, as displayed.
        spec: the version of the specification that it follows, or empty.
        id, title: empty if missing.
        slug: the name by which links reach it; empty if it has none.
        aliases: other names, in their order; empty for an item that is not text.
        links: curated links in the specification's order of types, then inferred ones.
        hubs: the references to hubs.
        orbit: the orbital layer, or None.
        packed_spans: `spans` as MessagePack, a tenth of the size.
        alias_spans: the span of each alias.
        starts: `lines` as bytes.
        has_template_summary: whether the summary is still a placeholder of the template, in brackets or braces.
        failed_to_parse: whether the front matter is invalid; then only id, slug and title are set.
        left_alone: why the file is not a pattern; empty for a pattern.
        internal: whether diagnostics about it are reported; false for a pattern that is only there to resolve links.
        closed: the relationship types whose value is a text, or has an anchor, an alias or a tag, so that no item can be
            added.
        stage: the stage of the record, where its spec has stages.
        text_links: the links in the text of the forms that its spec checks, in order.
        brief_slug: the slug without the filler words of its spec; empty if that is the slug, or nothing.
        has_wide_names: whether other characters than ASCII, or a carriage return alone, precede the end of the slug or of
            the target of a link or hub on its line; then programs count its columns in different ways.
        packed_nodes: `nodes` as MessagePack, a tenth of the size.
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
    stage: str = ""
    text_links: tuple[TextLink, ...] = ()
    brief_slug: str = ""
    has_wide_names: bool = False
    packed_nodes: bytes = b""

    @property
    def spans(self) -> Mapping[str, tuple[int, int]]:
        """The spans of "id", "slug", "title", "aliases", "orbit", of the key of "hubs" and of each list of links."""
        return _unpack_spans(self.packed_spans)

    @property
    def nodes(self) -> Sequence[GraphNode]:
        """The entities and communities that have a label and an id, in their order."""
        return _unpack_nodes(self.packed_nodes) if self.packed_nodes else ()

    @property
    def lines(self) -> LineIndex:
        """The line index of the front matter, and of the text up to the last of `text_links`."""
        return _unpack_lines(self.starts)

    def region(self, span: Span) -> Region:
        """Return the lines and columns of `span`."""
        return self.lines.region(span)

    @property
    def foreign_targets(self) -> frozenset[str]:
        """The targets of curated links and hubs, without its own slug and id."""
        return outgoing_targets(self) - {self.slug, self.id}

    def span(self, name: str) -> Span:
        """Return the span of a field, or the start of the file if it is missing."""
        start, end = self.spans.get(name, (0, 0))
        return Span(start, end)

    @property
    def name(self) -> str:
        """The slug, or the path without one."""
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
        """The name of the file without its extension."""
        return stem_of(self.path)


def is_template(entry: Entry) -> bool:
    """Return whether an entry is an unfilled template, which nobody links to on purpose."""
    identity = entry.id.casefold()
    return entry.has_template_summary or "placehold" in identity or "xxxx" in identity


def outgoing_targets(entry: Entry) -> frozenset[str]:
    """Return the targets of the curated links and the hubs of an entry."""
    return frozenset(
        [*[link.target for link in entry.links if link.relation != INFERRED], *[hub.target for hub in entry.hubs]]
    )


def are_linked(one: Entry, other: Entry) -> bool:
    """Return whether one of two entries names the other in a link or a reference to a hub."""
    return any(
        target in {two.slug, two.id}
        for this, two in ((one, other), (other, one))
        for target in (*[link.target for link in this.links], *[hub.target for hub in this.hubs])
        if target
    )


def build_entry(parsed: ParsedFile) -> Entry:
    """Return the entry of a file, even if it does not parse or is not a pattern."""
    spec = parsed.spec
    version = spec.version if spec is not None else ""
    pattern = parsed.pattern
    if parsed.kind is FileKind.NOT_A_PATTERN:
        return Entry(parsed.source.path, "", left_alone=parsed.skip_reason)
    if pattern is None or spec is None:
        values = parsed.keys
        known = spec or UNKNOWN_SPEC
        names = known.identity
        slug = record_name(known, values, parsed.source.path)
        identity, title = _text(values.get(names.id)), _text(values.get(names.title))
        return Entry(parsed.source.path, version, identity, slug, title, failed_to_parse=True)
    root = pattern.front.root
    keys = root.keys
    names = spec.identity
    fields = (("id", names.id), ("slug", spec.name_key), ("title", names.title), ("aliases", names.aliases))
    marks = {name: node.label_span for name, key in fields if (node := keys.get(key)) is not None}
    end = pattern.front.span.end
    title = _text(pattern.data.get(names.title))
    if names.title == HEADING and (heading := pattern.title_heading) is not None:
        title, marks["title"], end = heading.text, heading.span, heading.span.end
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
    stage = keys.get(spec.relationships.flow.key)
    if stage is not None:
        spans["stage"] = stage.start, stage.end
    text_links = pattern.body.links
    if text_links:
        end = max(end, text_links[-1].end)
    aliases = keys[names.aliases].items if names.aliases in keys else ()
    data = pattern.data
    hub_links = _hubs(hubs, spec.hub_key, spec.hub_words) if hubs is not None else ()
    places = [spans["slug"]] if "slug" in spans else []
    places += [(link.start, link.end) for link in pattern.links]
    places += [(link.typeid_start, link.typeid_end) for link in pattern.links if link.typeid]
    places += [(hub.start, hub.end) for hub in hub_links]
    return Entry(
        parsed.source.path,
        version,
        _text(data.get(names.id)),
        pattern.name,
        title,
        tuple(_text(item.value) for item in aliases),
        pattern.links,
        hub_links,
        orbit.value if orbit is not None and _is_number(orbit.value) else None,
        _pack(spans),
        tuple((item.start, item.end) for item in aliases),
        parsed.source.lines.prefix(end).to_bytes(),
        _text(data.get(spec.summary)).startswith(("[", "{")),
        closed=_closed(pattern),
        stage=_text(data.get(spec.relationships.flow.key)),
        text_links=text_links,
        brief_slug=_brief(pattern.name, names.fillers),
        has_wide_names=_has_wide_line(parsed.source.text, places),
        packed_nodes=_packed_nodes(pattern),
    )


def _has_wide_line(text: str, places: Iterable[tuple[int, int]]) -> bool:
    """Return whether other characters than ASCII, or a carriage return alone, precede the end of a place on its line."""
    if text.isascii() and "\r" not in text:
        return False
    heads = {text[text.rfind("\n", 0, start) + 1 : end] for start, end in places}
    return not all(map(str.isascii, heads)) or _LONE_RETURN.search(text) is not None


def _packed_nodes(pattern: Pattern) -> bytes:
    nodes = list(_nodes(pattern))
    return _pack(nodes) if nodes else b""


def _nodes(pattern: Pattern) -> Iterator[GraphNode]:
    spec, text = pattern.spec.garden, pattern.source.text
    for kind in filter(None, (spec.entities, spec.communities)):
        found = pattern.get(spec.key, kind)
        for index, item in enumerate(found.items if found is not None else ()):
            label, node = item.text(spec.node_label), item.get(spec.node_id)
            if label and node is not None and isinstance(node.value, str) and node.value:
                quotes = 1 if node.style in {'"', "'"} else 0
                start, end = node.start + quotes, node.end - quotes
                is_literal = text[start:end] == node.value
                span = Span(start, end) if is_literal else node.label_span
                yield GraphNode(kind, index, label, node.value, span.start, span.end, is_literal)


def _brief(slug: str, fillers: Sequence[str]) -> str:
    """Return a slug without filler words; empty if it has none, or nothing else."""
    words = slug.split("-") if fillers else ()
    brief = "-".join([word for word in words if word not in fillers])
    return brief if brief != slug else ""


def _closed(pattern: Pattern) -> tuple[str, ...]:
    key = pattern.spec.relationships.key
    above = pattern.get(key) if key else None
    if above is not None and _is_marked(pattern, above):
        return pattern.spec.relationships.types
    lists = [(name, found) for name, found in pattern.link_lists if name != INFERRED]
    return tuple([name for name, found in lists if _is_marked(pattern, found) or not _is_list(found)])


def _is_list(node: Node) -> bool:
    return node.value is None or isinstance(node.value, list)


def _is_marked(pattern: Pattern, node: Node) -> bool:
    return node.style == "*" or pattern.source.text.startswith(("&", "!"), node.start)


_LONE_RETURN = re.compile(r"\r(?!\n)")


_unpack_lines = lru_cache(maxsize=256)(LineIndex.from_bytes)  # rules point at an entry several times in a row


_pack = msgspec.msgpack.Encoder().encode


_unpack_nodes = lru_cache(maxsize=256)(msgspec.msgpack.Decoder(tuple[GraphNode, ...]).decode)


_unpack_spans = lru_cache(maxsize=256)(msgspec.msgpack.Decoder(dict[str, tuple[int, int]]).decode)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _hubs(found: Node, key: str, words: str) -> tuple[Hub, ...]:
    hubs: list[Hub] = []
    for index, item in enumerate(found.items):
        step = key if item.children is not None else ""
        node = item.get(step) if step else item
        if node is not None and isinstance(node.value, str) and node.value:
            principle = (item.text(words) or "") if step and words else ""
            hubs.append(Hub(index, node.value, node.start, node.end, step, principle))
    return tuple(hubs)


_PUNCTUATION = re.compile(r"[\W_]+")


_FOLDED = "".join(character if character.isalnum() else " " for character in map(chr, range(128))).lower()
"""A translation table for ASCII, which takes half the time of the regular expression."""


def fold_title(title: str) -> str:
    """Return a title case-folded and without punctuation; readers cannot tell titles apart that fold to the same text."""
    if title.isascii():
        return " ".join(title.translate(_FOLDED).split())
    return _PUNCTUATION.sub(" ", normalize("NFC", title.casefold())).strip()


def names_of(entry: Entry) -> frozenset[str]:
    """Return the folded title and the folded slug of an entry."""
    return frozenset((fold_title(entry.title), fold_title(entry.slug))) - {""}
