"""A pattern file as rules see it: front matter as a tree of nodes with exact places, and a body in sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from patternlint.diagnostic import Route
from patternlint.spec import Spec
from patternlint.text import Region, Source, Span


class Node(Struct, frozen=True, gc=True):
    """A value of the front matter with its place.

    Attributes:
        value: the plain value: str, int, float, bool, None, or a dict or list of such. Dates are str.
        start: offset of its first character.
        end: offset behind its last character.
        key_start: offset of its key, or -1 for a list item and for the root.
        key_end: offset behind its key, or -1.
        style: `"` or `'` (quoted), `|` or `>` (block scalar), `{` or `[` (flow collection), empty (plain, block).
        children: the nodes of a mapping by key, or those of a list; None for a scalar.
    """

    value: Any
    start: int
    end: int
    key_start: int
    key_end: int
    style: str
    children: dict[str, Node] | tuple[Node, ...] | None

    @property
    def span(self) -> Span:
        """The characters of the value."""
        return Span(self.start, self.end)

    @property
    def key_span(self) -> Span:
        """The characters of the key; those of the value for a list item."""
        return Span(self.key_start, self.key_end) if self.key_start >= 0 else self.span

    @property
    def items(self) -> tuple[Node, ...]:
        """The nodes of a list; empty for anything else."""
        return self.children if isinstance(self.children, tuple) else ()

    @property
    def keys(self) -> Mapping[str, Node]:
        """The nodes of a mapping by key; empty for anything else."""
        return self.children if isinstance(self.children, dict) else {}

    @property
    def mark(self) -> Span:
        """What to underline to point at this value: the value itself, or the key of a block mapping, block list
        or missing value, which would otherwise be marked over many lines, or nowhere."""
        if self.key_start >= 0 and (self.start == self.end or (self.children is not None and not self.style)):
            return self.key_span
        return self.span

    def get(self, *route: str | int) -> Node | None:
        """Return the node at `route` below this one, or None."""
        node = self
        for step in route:
            children = node.children
            if isinstance(step, str):
                found = children.get(step) if isinstance(children, dict) else None
            else:
                found = children[step] if isinstance(children, tuple) and -len(children) <= step < len(children) else None
            if found is None:
                return None
            node = found
        return node

    def text(self, *route: str | int) -> str | None:
        """Return the string at `route`, or None when there is none or it is no string."""
        node = self.get(*route)
        return node.value if node is not None and isinstance(node.value, str) else None

    def walk(self, route: Route = ()) -> Iterator[tuple[Route, Node]]:
        """Yield every node below and including this one with its route, in the order of the text."""
        yield route, self
        children = self.children
        if isinstance(children, dict):
            for key, child in children.items():
                yield from child.walk((*route, key))
        elif children is not None:
            for index, child in enumerate(children):
                yield from child.walk((*route, index))


class FrontMatter(Struct, frozen=True):
    """The YAML between the two `---` lines.

    Attributes:
        span: the lines between the fences, the last line ending included.
        opening: the opening `---`.
        closing: the closing `---`.
        root: the mapping at the top.
    """

    span: Span
    opening: Span
    closing: Span
    root: Node


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
        return any(fence.span.start <= offset < fence.span.end for fence in self.fences)


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


class Pattern(Struct, frozen=True):
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

    def get(self, *route: str | int) -> Node | None:
        """Return the node of the front matter at `route`, or None."""
        return self.front.root.get(*route)

    def text(self, *route: str | int) -> str | None:
        """Return the string of the front matter at `route`, or None when there is none."""
        return self.front.root.text(*route)

    def lines(self, span: Span, *, code: bool = True) -> Iterator[Line]:
        """Yield the lines of `span`; without those inside code blocks when `code` is false."""
        text = self.source.text
        fences = self.body.fences
        start = span.start
        while start < span.end:
            newline = text.find("\n", start, span.end)
            stop = span.end if newline < 0 else newline
            if code or not any(fence.span.start <= start < fence.span.end for fence in fences):
                yield Line(start, text[start:stop].rstrip("\r"))
            start = stop + 1
