"""section-heading."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from patternlint.rule import (
    BODY_ROUTE,
    Change,
    Diagnostic,
    Example,
    Fix,
    Heading,
    Pattern,
    Replace,
    Rule,
    Safety,
    Section,
    Severity,
    Span,
)

_LEVEL = 3
_DEEPEST = 6
_MANY = 50  # more section headings than this are no pattern, and all in the fix of each would be quadratic
_HEAD = "---\ntitle: Kräutergarten\n---\n\n"


class SectionHeading(Rule, frozen=True):
    """The heading of a section is exactly `### Section N: Title`."""

    name = "section-heading"
    severity = Severity.WARNING
    why = "Programs find a section by its heading, and readers by the same words in every pattern."
    notes = (
        "The fix writes the heading that the spec has for the section; more words behind the title, and notes such as "
        "“(100–200 words)”, go. Where the level changes, the sub-headings of the section change by as many levels, and "
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
    )
    good = (
        Example(_HEAD + "### Section 1: Context\n\nDraußen.\n\n### 2. Problem\n\nEnge.\n"),
        Example(_HEAD + "### 3. Contextual inquiry\n\nFragen.\n", note="no section's title"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Compare the heading of every section with what the spec has for it."""
        slice_of = pattern.source.slice
        wrong = [section for section in pattern.body.sections if slice_of(section.heading.span) != _wanted(section)]
        together: tuple[Replace, ...] = ()
        if 0 < len(wrong) <= _MANY and wrong[0].heading.text[:1].isdecimal():
            together = tuple(edit for section in wrong for edit in _edits(pattern, section))
        for section in wrong:
            wanted = _wanted(section)
            yield self.at(
                pattern,
                section.heading.span,
                f"the heading of section {section.number} is not `{wanted}`",
                route=section.route,
                subject=section.heading.text,
                help=f"write `{wanted}`, and nothing else in this line",
                fix=Fix(
                    "write all headings of sections so" if together else f"write `{wanted}`",
                    Safety.SAFE,
                    together or tuple(_edits(pattern, section)),
                    (Change(BODY_ROUTE),),
                ),
            )


def _wanted(section: Section) -> str:
    return f"### Section {section.number}: {section.title}"


def _edits(pattern: Pattern, section: Section) -> Iterator[Replace]:
    yield Replace(section.heading.span, _wanted(section))
    yield from _shift(pattern, section)


def _shift(pattern: Pattern, section: Section) -> Iterator[Replace]:
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


def _marks(heading: Heading, level: int) -> Replace:
    start = heading.span.start
    return Replace(Span(start, start + heading.level), "#" * level)
