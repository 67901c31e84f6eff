"""Parse Markdown into headings, code blocks and HTML with exact positions.

Plain text is scanned line by line; from one heading to the next, other text is parsed by a CommonMark parser, because a
line scanner alone disagrees with CommonMark on some real files.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from patternlint.document.body import Body, CodeBlock, Heading, Section
from patternlint.parser.markdown.commonmark import MarkdownBlocks, parse_blocks
from patternlint.parser.markdown.fast import needs_full_parser, next_heading, next_tag, scan_headings
from patternlint.parser.markdown.text_links import checked_links
from patternlint.source import Source, Span
from patternlint.spec.body import BodySpec, HeadingForm, SectionTitles
from patternlint.spec.model import Spec


def parse_body(source: Source, start: int, spec: Spec | None) -> Body:
    """Return the body that starts at offset `start`, with the sections of `spec` where there is one."""
    blocks = _blocks(source, start)
    span = Span(start, len(source.text))
    sections = find_sections(blocks.headings, spec, span.end) if spec is not None else ()
    forms = spec.body.links if spec is not None else ()
    links = checked_links(source, start, forms) if forms else ()
    return Body(span, blocks.headings, sections, blocks.code_blocks, blocks.html_spans, links)


def _blocks(source: Source, start: int) -> MarkdownBlocks:
    """Return the blocks of the body that starts at offset `start`.

    A line `## Title` at the left margin ends all blocks before it except unclosed code blocks and HTML. So text that is
    not plain is parsed together with the next such line, and if that is a heading to the parser, scanning continues.
    """
    text, end = source.text, len(source.text)
    if needs_full_parser(source, start):
        return parse_blocks(source, start, end)
    headings: list[Heading] = []
    tag = next_tag(source, start - 1)
    lines = text.replace("\r\n", " \n") if b"\r" in source.uncommon_bytes else text  # a space there means nothing
    stop = scan_headings(lines, start - 1, tag, headings)  # the scanner matches the line break before each line
    if stop == end:
        return MarkdownBlocks(tuple(headings))
    if "]:" in text:  # brackets may be a reference link
        return parse_blocks(source, start, end)
    fences: list[CodeBlock] = []
    html: list[Span] = []
    while stop < end:
        behind = text.find("\n", headings[-1].span.end) if headings else start  # its line may have trailing spaces
        part, reached = _part(source, behind, stop)
        headings += part.headings
        fences += part.code_blocks
        html += part.html_spans
        if tag < reached:
            tag = next_tag(source, reached)
        stop = scan_headings(lines, reached, tag, headings)
    return MarkdownBlocks(tuple(headings), tuple(fences), tuple(html))


def _part(source: Source, start: int, stop: int) -> tuple[MarkdownBlocks, int]:
    """Return the blocks from `start` up to a heading after `stop` that ends all blocks before it, and the end of its line."""
    text = source.text
    reach = stop
    while True:
        line = next_heading(text, reach)
        part = parse_blocks(source, start, line.end)
        if line.end == len(text) or (part.headings and part.headings[-1].span.start == line.start):
            return part, line.end
        reach = 2 * line.end - start  # doubled, so that the total time stays linear


def find_sections(headings: tuple[Heading, ...], spec: Spec, end: int) -> tuple[Section, ...]:
    """Return the sections of the spec among `headings`; the last one extends to `end`."""
    body = spec.body
    if not body.sections:
        return ()
    if body.any_number:
        found = _freely_numbered_sections(headings, body)
    else:
        found = _numbered_sections(headings, body) if body.is_numbered else _titled_sections(headings, body)
    stops = [*[heading.span.start for _, _, heading in found[1:]], end]
    return tuple(
        [
            Section(number, title, body.name_of(number), heading, Span(heading.span.end, stop))
            for (number, title, heading), stop in zip(found, stops, strict=False)
        ]
    )


_Found = tuple[int, str, Heading]
"""The number of a section, its title in the spec, and its heading."""


def _numbered_sections(headings: tuple[Heading, ...], body: BodySpec) -> list[_Found]:
    """Return the sections whose headings have numbers.

    The heading of a section is `Section N: Title` or `N. Title`, at any level, maybe with text after the title. If a file
    uses the first form, the second is an ordinary heading in it. In the first form the title decides, so that a wrong
    number does not count as a missing section; in the second form both must match.
    """
    long_form: list[_Found] = []
    short_form: list[_Found] = []
    for heading in headings:
        number, title, named = _section_number(heading.text, body.form, body.titles)
        if number:
            (long_form if named else short_form).append((number, title, heading))
    return long_form or short_form


@lru_cache(maxsize=64)  # most patterns have the same section titles
def _section_number(text: str, form: HeadingForm, titles: SectionTitles) -> tuple[int, str, bool]:
    """Return the number and title of the section with this heading, or 0, and whether it has the word of the form."""
    named, number, written = form.split(text)
    expected, title = titles.beginning(written) if written else (0, "")
    return (expected if named or number == str(expected) else 0), title, named


def _freely_numbered_sections(headings: tuple[Heading, ...], body: BodySpec) -> list[_Found]:
    """Return the sections whose headings have any number; if none has a number, those whose headings are only titles.

    Headings below the level of the form are sub-headings, which may have a number and such a title too.
    """
    found: list[_Found] = []
    for heading in headings:
        if heading.level > body.form.level:
            continue
        number, title = _freely_numbered(heading.text, body.form, body.titles)
        if number:
            found.append((number, title, heading))
    return found or _titled_sections(headings, body)


@lru_cache(maxsize=64)
def _freely_numbered(text: str, form: HeadingForm, titles: SectionTitles) -> tuple[int, str]:
    """Return the number in the specification and the title of the section with this heading, or 0."""
    title = form.split(text).title
    return titles.exact(title) if title else (0, "")


def _titled_sections(headings: tuple[Heading, ...], body: BodySpec) -> list[_Found]:
    """Return the sections whose headings are only titles.

    All of them have one level: that of the form, or the most frequent one if the file has none at that level, because a
    title may occur again among the sub-headings.
    """
    by_level: defaultdict[int, list[_Found]] = defaultdict(list)
    for heading in headings:
        number, title = body.titles.exact(heading.text if body.any_number else body.form.split(heading.text).title)
        if number:
            by_level[heading.level].append((number, title, heading))
    return by_level.get(body.form.level) or max(by_level.values(), key=len, default=[])
