"""The body of a pattern: headings, sections, code blocks and lines."""

from __future__ import annotations

from bisect import bisect_right

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.document.text_links import TextLink
from patternlint.source import Span


class Heading(Struct, frozen=True):
    """A Markdown heading: its level 1–6, its text without markup, its lines, and whether it is a setext heading."""

    level: int
    text: str
    span: Span
    setext: bool = False


class CodeBlock(Struct, frozen=True):
    """A fenced or indented code block with its lines; `closed` is false when the file ends inside it."""

    span: Span
    closed: bool = True


class Section(Struct, frozen=True):
    """A section of the spec in a body.

    Attributes:
        number: its number in the spec, from 1.
        title: its title in the spec, of several accepted ones the one that it has.
        name: the section as messages name it, such as "section 3, Solution".
        heading: its heading in the body.
        span: the text from the end of the heading to the next section or the end of the body.
    """

    number: int
    title: str
    name: str
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
        headings: its headings in order, without those in code blocks.
        sections: the sections of the spec in the order of the text, duplicates included.
        code_blocks: its code blocks in order.
        html_spans: its HTML comments and blocks in order.
        links: its links of the forms that the spec checks, in order.
    """

    span: Span
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]
    code_blocks: tuple[CodeBlock, ...]
    html_spans: tuple[Span, ...] = ()
    links: tuple[TextLink, ...] = ()

    def section(self, number: int) -> Section | None:
        """Return the first section with this number, or None."""
        return next((section for section in self.sections if section.number == number), None)

    def is_in_code_block(self, offset: int) -> bool:
        """Return whether `offset` is inside a code block."""
        at = bisect_right(self.code_blocks, offset, key=lambda block: block.span.start) if self.code_blocks else 0
        return at > 0 and offset < self.code_blocks[at - 1].span.end

    def heading_at(self, offset: int) -> Heading | None:
        """Return the heading that `offset` is in, or None."""
        at = bisect_right(self.headings, offset, key=lambda heading: heading.span.start)
        return self.headings[at - 1] if at > 0 and offset < self.headings[at - 1].span.end else None

    def html_at(self, offset: int) -> Span | None:
        """Return the HTML comment or block that `offset` is in, or None."""
        at = bisect_right(self.html_spans, offset, key=lambda span: span.start) if self.html_spans else 0
        return self.html_spans[at - 1] if at > 0 and offset < self.html_spans[at - 1].end else None


class BodyLine(Struct, frozen=True, gc=False):
    """A line of the body: the offset at which it starts, and its text without the line ending."""

    start: int
    text: str

    @property
    def span(self) -> Span:
        """The characters of the line without surrounding whitespace."""
        stripped = self.text.strip()
        start = self.start + self.text.find(stripped) if stripped else self.start
        return Span(start, start + len(stripped))
