"""A pattern file as rules see it: front matter as a tree of nodes with exact places, and a body in sections."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

from msgspec import Struct

from patternlint.banners import Banner, are_in_order, find_banners
from patternlint.diagnostic import Route
from patternlint.links import INFERRED, Link, link_lists, links_of
from patternlint.node import Form, Node
from patternlint.outline import Outline, Scalars, comments, outline
from patternlint.spec import Spec
from patternlint.text import Region, Source, Span

__all__ = ["Body", "Fence", "FrontMatter", "Heading", "Line", "Node", "Pattern", "Section"]


class FrontMatter(Struct, frozen=True):
    """The YAML between the two `---` lines.

    Attributes:
        span: the lines between the fences, the last line ending included.
        opening: the opening `---`.
        closing: the closing `---`.
        root: the mapping at the top.
        plain: the scalars without quotes that may be something else than text (see `SPECIAL`), each different one once,
            as written, with their values.
        names: the keys of all mappings, each different one once.
        form: what was seen of its form when it was read; None where nobody looked.
        duplicates: the keys that are there twice in one mapping, both places of each.
    """

    span: Span
    opening: Span
    closing: Span
    root: Node
    plain: Mapping[str, Any] = {}
    names: AbstractSet[str] = frozenset()
    form: Form | None = None
    duplicates: tuple[Span, ...] = ()


class Heading(Struct, frozen=True):
    """A Markdown heading: its level 1–6, its text without marks, its line or lines, and whether it is a setext one."""

    level: int
    text: str
    span: Span
    setext: bool = False


class Fence(Struct, frozen=True):
    """A fenced or indented code block with its lines; `closed` is false when the file ends inside it."""

    span: Span
    closed: bool = True


class Section(Struct, frozen=True):
    """One of the spec's sections as it stands in the body.

    Attributes:
        number: its number by the spec, from 1.
        title: its title by the spec.
        heading: the heading that it was recognised by.
        span: what follows the heading up to the next section's heading or the end.
    """

    number: int
    title: str
    heading: Heading
    span: Span

    @property
    def route(self) -> Route:
        """The route of findings about this section."""
        return (f"section-{self.number}",)


class Body(Struct, frozen=True):
    """The Markdown after the front matter.

    Attributes:
        span: the whole of it.
        headings: its headings in order, none from inside code blocks.
        sections: the spec's sections in the order of the text; one that is there twice is listed twice.
        fences: its code blocks in order.
        comments: its HTML comments and blocks in order.
    """

    span: Span
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]
    fences: tuple[Fence, ...]
    comments: tuple[Span, ...] = ()

    def section(self, number: int) -> Section | None:
        """Return the first section with this number, or None."""
        return next((section for section in self.sections if section.number == number), None)

    def in_fence(self, offset: int) -> bool:
        """Return whether `offset` is inside a code block."""
        at = bisect_right(self.fences, offset, key=lambda fence: fence.span.start) if self.fences else 0
        return at > 0 and offset < self.fences[at - 1].span.end

    def heading_at(self, offset: int) -> Heading | None:
        """Return the heading that `offset` is in, or None."""
        at = bisect_right(self.headings, offset, key=lambda heading: heading.span.start)
        return self.headings[at - 1] if at > 0 and offset < self.headings[at - 1].span.end else None

    def html_at(self, offset: int) -> Span | None:
        """Return the HTML comment or block that `offset` is in, or None."""
        at = bisect_right(self.comments, offset, key=lambda span: span.start) if self.comments else 0
        return self.comments[at - 1] if at > 0 and offset < self.comments[at - 1].end else None


class Line(Struct, frozen=True, gc=False):
    """A line of the body: the offset at which it starts, and its text without the line ending."""

    start: int
    text: str

    @property
    def span(self) -> Span:
        """The characters of the line without blanks at either end."""
        stripped = self.text.strip()
        start = self.start + self.text.find(stripped) if stripped else self.start
        return Span(start, start + len(stripped))


class Pattern(Struct, frozen=True, dict=True):
    """A pattern file that parses, and the spec that it follows."""

    source: Source
    spec: Spec
    front: FrontMatter
    body: Body

    @property
    def path(self) -> str:
        """The path as people see it."""
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
    def links(self) -> tuple[Link, ...]:
        """Its links to other patterns: the curated ones in the spec's order of types, then the inferred ones."""
        return links_of(self.link_lists)

    @cached_property
    def link_lists(self) -> tuple[tuple[str, Node], ...]:
        """The lists that hold them, each with its relationship type, or `INFERRED`."""
        return link_lists(self.front.root, self.spec)

    @cached_property
    def curated(self) -> tuple[Link, ...]:
        """The links that a person wrote."""
        return tuple([link for link in self.links if link.list != INFERRED])

    @cached_property
    def inferred(self) -> tuple[Link, ...]:
        """The links that a machine wrote."""
        return self.links[len(self.curated) :]

    @cached_property
    def outline(self) -> Outline:
        """The lines of its front matter: which of them belong to which top-level key."""
        return outline(self.source.text, self.front.root, self.front.span)

    @cached_property
    def scalars(self) -> Scalars:
        """The keys and the scalars of its front matter, by their places."""
        return Scalars(self.front.root)

    @cached_property
    def comments(self) -> tuple[Span, ...]:
        """The comments of its front matter, from the `#` to the end of the line, in order."""
        return tuple(comments(self.source.text, self.scalars, self.front.span))

    @cached_property
    def in_order(self) -> bool:
        """Whether a quick look at its banners finds nothing wrong: then there is nothing wrong with them."""
        return are_in_order(self.source.text, self.front.root, self.front.span, self.spec)

    @cached_property
    def banners(self) -> tuple[Banner, ...]:
        """The banners of its groups, in the order of the text."""
        return find_banners(self.outline, self.spec)

    def get(self, *route: str | int) -> Node | None:
        """Return the node of the front matter at `route`, or None."""
        return self.front.root.get(*route)

    def text(self, *route: str | int) -> str | None:
        """Return the string of the front matter at `route`, or None when there is none."""
        return self.front.root.text(*route)

    def lines(self, span: Span, *, code: bool = True) -> Iterator[Line]:
        """Yield the lines of `span`; without those inside code blocks when `code` is false."""
        text = self.source.text
        in_fence = self.body.in_fence
        code = code or not self.body.fences
        start = span.start
        while start < span.end:
            newline = text.find("\n", start, span.end)
            stop = span.end if newline < 0 else newline
            if code or not in_fence(start):
                yield Line(start, text[start:stop].rstrip("\r"))
            start = stop + 1
