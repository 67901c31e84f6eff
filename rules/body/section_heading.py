from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from patternlint.rule import (
    BODY_ROUTE,
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Heading,
    Pattern,
    Replacement,
    Rule,
    Safety,
    Section,
    Severity,
    Span,
    body_text,
    characters,
    phrases,
)

_LEVEL = 3
_DEEPEST = 6
_MANY = 50  # more section headings than this are no pattern, and all in the fix of each would be quadratic
_NOTE = re.compile(r"\(\s*[0-9]+(?:\s*[-–]\s*[0-9]+)?\s+words\s*\)", re.IGNORECASE)
_MARKS = " \t\r\n*_#:—–-"
_HEAD = "---\ntitle: Kräutergarten\n---\n\n"


class SectionHeading(Rule):
    """The heading of a section is exactly `### Section N: Title`."""

    name = "section-heading"
    severity = Severity.WARNING
    why = "Programs find a section by its heading, and readers by the same words in every pattern."
    notes = (
        "The fix writes the heading that the spec has for the section. Notes such as “(100–200 words)” and words of an "
        "older template such as “Considerations” are dropped. Anything else behind the title (an anchor, a footnote, a "
        "link, a comment, words) is moved below the heading, and the fix is unsafe, because other text may refer to it. "
        "A suppression comment stays in the line. Where the level changes, the sub-headings of the section change by as many levels, and "
        "a title right above moves down where a level would be left out. Which section it is, is decided by its title: "
        "a wrong number is put right. Headings of the form `1. Context` are written anew all at once, because one alone "
        "would make ordinary sub-headings of the others."
    )
    bad = (
        Example(
            _HEAD + "«### 1. Context»\n\nDraußen.\n\n«### 2. Problem (100–200 words)»\n\nEnge.\n",
            _HEAD + "### Section 1: Context\n\nDraußen.\n\n### Section 2: Problem\n\nEnge.\n",
        ),
        Example(
            _HEAD + "# Kräuter\n\n«## Section 8: Vitality — The Quality Without a Name»\n\n### Zeichen\n\nEs blüht.\n",
            _HEAD + "## Kräuter\n\n### Section 8: Vitality\n\n#### Zeichen\n\nEs blüht.\n",
        ),
        Example(
            _HEAD + "«**section 3: Solution**\n=======»\n\nKisten.\n\n> «### Section 7: Problem ###»\n",
            _HEAD + "### Section 3: Solution\n\nKisten.\n\n> ### Section 2: Problem\n",
            note="also the form with a line below, and a wrong number",
        ),
        Example(
            _HEAD + "«### Section 2: Problem {#enge}[^1]»\n\nEnge.\n",
            _HEAD + "### Section 2: Problem\n\n{#enge}[^1]\n\nEnge.\n",
            unsafe=True,
            note="an anchor and a footnote",
        ),
        Example(
            _HEAD + "> «## Section 2: Problem – wie alles begann» <!-- patternlint: ignore[placeholder] -->\n",
            _HEAD + "> ### Section 2: Problem <!-- patternlint: ignore[placeholder] -->\n>\n> – wie alles begann\n",
            unsafe=True,
        ),
    )
    good = (
        Example(_HEAD + "### Section 1: Context\n\nDraußen.\n\n### 2. Problem\n\nEnge.\n"),
        Example(_HEAD + "### Section 1: Context <!-- patternlint: ignore[section-length] kurz -->\n\nDraußen.\n"),
        Example(_HEAD + "### 3. Contextual inquiry\n\nFragen.\n", note="no section's title"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        wrong = [section for section in pattern.body.sections if _is_wrong(pattern, section)]
        together: tuple[Replacement, ...] = ()
        if 0 < len(wrong) <= _MANY and wrong[0].heading.text[:1].isdecimal():
            together = tuple(edit for section in wrong for edit in _edits(pattern, section))
        safe = {section: not _Line.of(pattern, section).rest for section in wrong}
        for section in wrong:
            wanted = _wanted(section)
            is_safe = all(safe.values()) if together else safe[section]
            odd = phrases.join_and(
                [
                    characters.name_of(one)
                    for one in characters.odd_characters(pattern.source.slice(section.heading.span))
                ]
            )
            yield self.at(
                pattern,
                _Line.of(pattern, section).span,
                f"the heading of section {section.number} is not `{wanted}`{odd and f': it holds {odd}'}",
                route=section.route,
                subject=section.heading.text,
                help=f"write `{wanted}`, and nothing else in this line",
                fix=Fix(
                    "write all headings of sections so" if together else f"write `{wanted}`",
                    Safety.SAFE if is_safe else Safety.UNSAFE,
                    together or tuple(_edits(pattern, section)),
                    (DeclaredChange(BODY_ROUTE),),
                ),
            )


def _wanted(section: Section) -> str:
    return f"### Section {section.number}: {section.title}"


def _is_wrong(pattern: Pattern, section: Section) -> bool:
    written = pattern.source.slice(section.heading.span)
    wanted = _wanted(section)
    return written != wanted and body_text.split_suppressions(written)[0].rstrip() != wanted


class _Line(NamedTuple):
    """The line of a section's heading.

    Attributes:
        span: the heading without suppression comments at its end.
        rest: what stands behind the title and must not be lost.
        suppressions: the suppression comments.
    """

    span: Span
    rest: str
    suppressions: str

    @classmethod
    def of(cls, pattern: Pattern, section: Section) -> _Line:
        """Take the line of `section` apart."""
        heading = section.heading
        written = pattern.source.slice(heading.span)
        text, suppressions = body_text.split_suppressions(written)
        title = text.rpartition("\n")[0] if heading.setext else text
        behind = re.search(re.escape(section.title), title, re.IGNORECASE)
        rest = _NOTE.sub("", title[behind.end() :] if behind is not None else "")
        tails = pattern.spec.body.sections[section.number - 1].tails
        if not rest.strip(_MARKS) or rest.strip(_MARKS).casefold() in map(str.casefold, tails):
            rest = ""
        is_last = suppressions and written.endswith(suppressions)
        end = heading.span.end - (len(suppressions) if is_last else 0)
        return cls(Span(heading.span.start, end), rest.strip(), suppressions)


def _edits(pattern: Pattern, section: Section) -> Iterator[Replacement]:
    start = section.heading.span.start
    line = _Line.of(pattern, section)
    lead = pattern.source.text[pattern.source.text.rfind("\n", 0, start) + 1 : start]
    below = f"\n{lead.rstrip()}\n{lead}{line.rest}" if line.rest else ""
    yield Replacement(section.heading.span, _wanted(section) + line.suppressions + below)
    yield from _shift(pattern, section)


def _shift(pattern: Pattern, section: Section) -> Iterator[Replacement]:
    """Yield the edits that keep the levels around a section's heading as they are to each other."""
    level = section.heading.level
    if level == _LEVEL:
        return
    headings = pattern.body.headings
    at = bisect_left(headings, section.heading.span.start, key=_start)
    above = headings[at - 1] if at else None
    title = above is not None and not above.setext and section is pattern.body.sections[0]
    if above is not None and title and level - 1 <= above.level < _LEVEL - 1:
        yield _marks(above, _LEVEL - 1)
    for below in headings[at + 1 : bisect_left(headings, section.span.end, key=_start)]:
        if below.level > level and not below.setext:
            yield _marks(below, min(below.level + _LEVEL - level, _DEEPEST))


def _start(heading: Heading) -> int:
    return heading.span.start


def _marks(heading: Heading, level: int) -> Replacement:
    start = heading.span.start
    return Replacement(Span(start, start + heading.level), "#" * level)
