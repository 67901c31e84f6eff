"""A parsed pattern file: the front matter as a tree of nodes with exact positions, and the body in sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

from msgspec import Struct

from patternlint.document.banners import Banner, find_banners
from patternlint.document.body import Body, BodyLine, CodeBlock, Heading, Section
from patternlint.document.identity import record_name
from patternlint.document.links import INFERRED, Link, extract_links, relationship_lists
from patternlint.document.node import Node
from patternlint.document.trivia import KeyBlocks, ScalarIndex, find_comments, key_blocks_of
from patternlint.source import Region, Source, Span
from patternlint.spec.model import Spec

__all__ = ["Body", "BodyLine", "CodeBlock", "FrontMatter", "Heading", "Node", "Pattern", "Section"]


class FrontMatter(Struct, frozen=True):
    """The YAML between the two `---` lines.

    Attributes:
        span: the lines between the delimiters, the last line ending included.
        opening: the opening `---`.
        closing: the closing `---`.
        root: the top-level mapping.
        ambiguous_scalars: the distinct unquoted scalars that may be another type than text (see
            `NON_STRING_INITIALS`), as written, with their values.
        key_names: the distinct keys of all mappings.
        duplicates: the spans of duplicate keys, two for each.
    """

    span: Span
    opening: Span
    closing: Span
    root: Node
    ambiguous_scalars: Mapping[str, Any] = {}
    key_names: AbstractSet[str] = frozenset()
    duplicates: tuple[Span, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether the file has no front matter, which its spec allows; then all spans are empty."""
        return not self.opening


class Pattern(Struct, frozen=True, dict=True):
    """A pattern file without syntax errors, and its spec."""

    source: Source
    spec: Spec
    front: FrontMatter
    body: Body

    @property
    def path(self) -> str:
        """The path as shown to people."""
        return self.source.path

    def region(self, span: Span) -> Region:
        """Return `span` in lines and columns."""
        return self.source.lines.region(span)

    @property
    def data(self) -> dict[str, Any]:
        """The plain data of the front matter."""
        data: dict[str, Any] = self.front.root.value
        return data

    @cached_property
    def name(self) -> str:
        """The name by which links reach it, as its spec defines it; empty if it has none."""
        return record_name(self.spec, self.data, self.source.path)

    @property
    def title_heading(self) -> Heading | None:
        """The first heading above the level of sections; in a spec without sections, the first of level 1, or of any."""
        headings = self.body.headings
        if self.spec.body.sections:
            level = self.spec.body.form.level
            return next((heading for heading in headings if heading.level < level), None)
        return next((heading for heading in headings if heading.level == 1), next(iter(headings), None))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Its links to other patterns: curated links in the order of types in the spec, then the inferred links."""
        return extract_links(self.link_lists, self.spec, self.source.text)

    @cached_property
    def link_lists(self) -> tuple[tuple[str, Node], ...]:
        """The lists of links, each with its relationship type, or `INFERRED`."""
        return relationship_lists(self.front.root, self.spec)

    @cached_property
    def curated(self) -> tuple[Link, ...]:
        """The links listed under a relationship type."""
        return tuple([link for link in self.links if link.relation != INFERRED])

    @cached_property
    def inferred(self) -> tuple[Link, ...]:
        """The machine-written links."""
        return self.links[len(self.curated) :]

    @cached_property
    def key_blocks(self) -> KeyBlocks:
        """The lines of the front matter by top-level key."""
        return key_blocks_of(self.source.text, self.front.root, self.front.span)

    @cached_property
    def scalars(self) -> ScalarIndex:
        """The keys and scalars of the front matter by offset."""
        return ScalarIndex(self.front.root)

    @cached_property
    def comments(self) -> tuple[Span, ...]:
        """The comments of the front matter, from the `#` to the end of the line, in order."""
        return tuple(find_comments(self.source.text, self.scalars, self.front.span))

    @cached_property
    def banners(self) -> tuple[Banner, ...]:
        """The group banners in the order of the text."""
        return find_banners(self.key_blocks, self.spec)

    def get(self, *route: str | int) -> Node | None:
        """Return the node of the front matter at `route`, or None."""
        return self.front.root.get(*route)

    def text(self, *route: str | int) -> str | None:
        """Return the string of the front matter at `route`, or None for a missing or any other value."""
        return self.front.root.text(*route)

    def lines(self, span: Span, *, code: bool = True) -> Iterator[BodyLine]:
        """Yield the lines of `span`; without those inside code blocks when `code` is false."""
        text = self.source.text
        in_code = self.body.is_in_code_block
        code = code or not self.body.code_blocks
        start, end = span.start, span.end
        while start < end:
            stop = text.find("\n", start, end) + 1 or end
            if code or not in_code(start):
                yield BodyLine(start, text[start:stop].rstrip("\r\n"))
            start = stop
