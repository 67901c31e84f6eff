"""The body of a migrated file: old sections in the places of new ones, and all other text behind them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from patternlint.diagnostics.fix import Replacement
from patternlint.document.body import Heading
from patternlint.document.pattern import Pattern
from patternlint.edits.apply import apply_edits
from patternlint.migrate.table import BodyStep
from patternlint.source import Span, line_start
from patternlint.spec.model import Spec

_MAX_LEVEL = 6
_MAX_SENTENCES = 2
_NUMBER = re.compile(r"[0-9]+[.:)]?\s+")
_NOTE = re.compile(r"\s*\([^()]*\)\s*$")
_WORD_RANGE = re.compile(r"\s*[*_]*\(\s*[0-9]+(?:\s*[–-]\s*[0-9]+)? words\)[*_]*\s*$")
_SENTENCE_END = re.compile(
    r"[.!?][\"”’')\]*_]*(?:\[[0-9, ]+\])*(?=\s+[\"“‘'(\[*_]*[A-Z0-9])|[.!?:][\"”’')\]*_]*(?:\[[0-9, ]+\])*\s*$"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|approx|Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|Inc|Ltd|Co|Corp|No|Fig|Vol)|\b[A-Z](?:\.[A-Z])*)\.$"
)
_NOT_PROSE = ("#", "|", "-", "*   ", "* ", "+", ">", "!", "<", "```", "~~~", "    ", "\t")
_LIST_ITEM = re.compile(r"[0-9]+[.)]\s")
_RULE = re.compile(r"[ ]{0,3}(?:-[ ]*){3,}|[ ]{0,3}(?:\*[ ]*){3,}|[ ]{0,3}(?:_[ ]*){3,}")


class Chunk(Struct, frozen=True):
    """A part of an old body: a section with its heading, or the text above the first section.

    Attributes:
        title: the title in the table, or empty.
        heading: the heading; None for the text above the first section.
        span: the text below the heading.
    """

    title: str
    heading: Heading | None
    span: Span


def bare_title(text: str) -> str:
    """Return the text of a heading without its number and the note behind it."""
    return _NOTE.sub("", _NUMBER.sub("", text, count=1)).strip(" \t:*_").rstrip(".")


def chunks_of(pattern: Pattern, body: BodyStep) -> list[Chunk]:
    """Return the parts of a body by the titles of a table, in the order of the text.

    A section begins at a heading with a title of the table if it has a number, or the usual level of these headings; a
    heading of that level or above it, or with a number and of the level of a section before it, begins one as well.
    """
    known = {title.casefold(): title for section in body.sections for title in section.from_}
    known |= {title.casefold(): title for title in body.kept}
    headings = [one for one in pattern.body.headings if not _has_lines(pattern, one)]
    named = [(heading, known.get(bare_title(heading.text).casefold(), "")) for heading in headings]
    numbered = [heading for heading, title in named if title and _NUMBER.match(heading.text)]
    levels = Counter(heading.level for heading in numbered or [heading for heading, title in named if title])
    usual = levels.most_common(1)[0][0] if levels else 0
    starts = [
        (heading, title)
        for heading, title in named
        if usual and (heading.level <= usual or (title and _NUMBER.match(heading.text)))
    ]
    chunks = [
        Chunk("", None, Span(pattern.body.span.start, starts[0][0].span.start if starts else pattern.body.span.end))
    ]
    stops = [*(heading.span.start for heading, _ in starts[1:]), pattern.body.span.end]
    for (heading, title), stop in zip(starts, stops, strict=False):
        chunks.append(Chunk(title, heading, Span(heading.span.end, stop)))
    return chunks


def _has_lines(pattern: Pattern, heading: Heading) -> bool:
    """Return whether a heading is a paragraph of several lines above a rule, as in front matter that is in the text."""
    return heading.setext and pattern.source.slice(heading.span).strip().count("\n") > 1


def first_sentences(pattern: Pattern, titles: Sequence[str], body: BodyStep) -> str:
    """Return up to two sentences of the first paragraph of the first section with one of some titles; empty without one."""
    titles_here = {title.casefold() for title in titles}
    for chunk in chunks_of(pattern, body):
        if chunk.title.casefold() in titles_here:
            text = pattern.source.slice(chunk.span).replace("\r\n", "\n")
            for paragraph in re.split(r"\n[ \t]*\n", text):
                if paragraph.strip() and not _is_block(paragraph.lstrip("\n")):
                    return sentences(" ".join(paragraph.split()))
    return ""


def _is_block(paragraph: str) -> bool:
    """Return whether a paragraph is a list, a table, a heading or a rule instead of prose."""
    return paragraph.startswith(_NOT_PROSE) or bool(_LIST_ITEM.match(paragraph) or _RULE.fullmatch(paragraph))


def sentences(text: str, most: int = _MAX_SENTENCES) -> str:
    """Return the first whole sentences of a text; empty if it has none."""
    end = found = 0
    for match in _SENTENCE_END.finditer(text):
        if match[0].startswith(".") and _ABBREVIATION.search(text, 0, match.start() + 1) and match.end() < len(text):
            continue
        if match[0].startswith(":"):  # it introduces what follows the paragraph
            break
        end = match.end()
        found += 1
        if found == most:
            break
    return text[:end].strip()


def migrated_body(pattern: Pattern, spec: Spec, step: BodyStep, summary: str) -> str:
    """Return the text below the front matter with the sections of the new version, with LF as line endings."""
    form = spec.body
    chunks = chunks_of(pattern, step)
    used: set[int] = set()
    parts = ["\n\n".join(_opening(spec, summary))]
    by_title = {section.title: section for section in step.sections}
    for number, section in enumerate(form.sections, 1):
        titles_here = by_title[section.title].from_ if section.title in by_title else ()
        sources = [index for title in titles_here for index, chunk in enumerate(chunks) if chunk.title == title]
        sources = [index for index in dict.fromkeys(sources) if index not in used and _content(pattern, chunks[index])]
        used.update(sources)
        parts.append(_section(pattern, spec, number, [chunks[index] for index in sources]))
    between = f"\n\n{form.separator}\n\n" if form.separator else "\n\n"
    rest = [_whole(pattern, chunk, form.form.level) for index, chunk in enumerate(chunks) if index not in used]
    return between.join(filter(None, parts)) + "".join(f"\n\n{text}" for text in rest if text) + "\n"


def _opening(spec: Spec, summary: str) -> Iterator[str]:
    body = spec.body
    yield summary or body.opening
    if body.confidence_line and body.confidence_labels:
        lowest = f"★{'☆' * (len(body.confidence_labels) - 1)} ({body.confidence_labels[0]})"
        yield f"{body.confidence_line}{lowest}\n> [Say what this rating rests on.]"


def _section(pattern: Pattern, spec: Spec, number: int, chunks: Sequence[Chunk]) -> str:
    body = spec.body
    section = body.sections[number - 1]
    heading = body.heading_of(number)
    if not chunks:
        return f"{heading}\n\n{section.prompt.strip() or '[Write this section.]'}"
    parts = [heading]
    if section.opens_with and not any(_opens(pattern, chunk, section.opens_with) for chunk in chunks):
        parts.append(section.prompt.strip().partition("\n\n")[0])
    for chunk in chunks:
        title = (
            _WORD_RANGE.sub("", _NUMBER.sub("", _raw_heading(pattern, chunk.heading), count=1)) if chunk.heading else ""
        )
        level = body.form.level
        if body.titles.exact(title)[0] != number:
            level += 1
            parts.append(f"{'#' * level} {title}")
        parts.append(_leveled(pattern, chunk, level + 1))
    return "\n\n".join(parts)


def _opens(pattern: Pattern, chunk: Chunk, opening: str) -> bool:
    fixed = opening.partition("{")[0].strip()
    return any(line.text.startswith(fixed) for line in pattern.lines(chunk.span, code=False))


def _raw_heading(pattern: Pattern, heading: Heading) -> str:
    """Return the text of a heading with its markup."""
    raw = pattern.source.slice(heading.span).replace("\r\n", "\n").strip()
    if heading.setext:
        return " ".join(raw.split("\n")[:-1]).strip()
    return raw.lstrip("#").rstrip().rstrip("#").strip()


def _whole(pattern: Pattern, chunk: Chunk, level: int) -> str:
    """Return a part with its heading at `level`."""
    text = _leveled(pattern, chunk, level + 1 if chunk.heading is not None else level)
    if chunk.heading is None:
        return text
    return f"{'#' * level} {_raw_heading(pattern, chunk.heading)}" + (f"\n\n{text}" if text else "")


def _content(pattern: Pattern, chunk: Chunk) -> str:
    """Return the text of a part without blank lines and rules at its ends."""
    return _trimmed(pattern.source.slice(chunk.span))


def _trimmed(text: str) -> str:
    lines = text.replace("\r\n", "\n").split("\n")
    while lines and (not lines[-1].strip() or _is_separator(lines)):
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines)


def _is_separator(lines: Sequence[str]) -> bool:
    """Return whether the last line is a rule with a blank line above it."""
    return _RULE.fullmatch(lines[-1].rstrip()) is not None and (len(lines) == 1 or not lines[-2].strip())


def _leveled(pattern: Pattern, chunk: Chunk, least: int) -> str:
    """Return the text of a part whose headings have at least level `least`; they keep their distances where that is possible."""
    inside = [one for one in pattern.body.headings if chunk.span.start <= one.span.start < chunk.span.end]
    more = max(0, least - min((one.level for one in inside), default=least))
    return _trimmed(
        apply_edits(pattern.source.slice(chunk.span), _level_edits(pattern, inside, more, chunk.span.start))
    )


def _level_edits(pattern: Pattern, headings: Iterable[Heading], more: int, start: int) -> Iterator[Replacement]:
    text = pattern.source.text
    for heading in headings if more else ():
        level = min(_MAX_LEVEL, heading.level + more)
        if heading.setext:
            if (
                not _has_lines(pattern, heading)
                and not text[line_start(text, heading.span.start) : heading.span.start].strip()
            ):
                new = f"{'#' * level} {_raw_heading(pattern, heading)}"
                yield Replacement(Span(heading.span.start - start, heading.span.end - start), new)
            continue
        at = text.index("#", heading.span.start) - start
        yield Replacement(Span(at, at), "#" * (level - heading.level))


def with_section(pattern: Pattern, spec: Spec, titles: Sequence[str]) -> str:
    """Return the whole text of a file with sections that it lacks, each with its prompt, in the form of its headings."""
    text = pattern.source.text
    body = spec.body
    for title in titles:
        number = next(index for index, section in enumerate(body.sections, 1) if section.title == title)
        known = {section.number: section for section in pattern.body.sections}
        before = max((one for one in known if one < number), default=0)
        if number in known or not before:
            continue
        at = known[before].span.end
        model = _raw_heading(pattern, known[before].heading)
        heading = body.heading_of(number)
        if body.form.between and not body.form.split(model).is_named:
            heading = f"{'#' * known[before].heading.level} {number}. {title}"
        prompt = body.sections[number - 1].prompt.strip()
        eol = "\r\n" if "\r\n" in text[pattern.body.span.start :] else "\n"
        head = text[:at].rstrip()
        new = f"\n\n{heading}\n\n{prompt}\n".replace("\n", eol)
        tail = text[at:]
        return head + new + (eol + tail if tail.strip() else "")
    return text
