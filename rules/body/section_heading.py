from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from patternlint.rule import (
    CHANGES_BODY,
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

_DEEPEST = 6
_MOST_TOGETHER = 50  # headings in one fix: each finding has all edits, which is quadratic
_NOTE = re.compile(r"\(\s*[0-9]+(?:\s*[-–]\s*[0-9]+)?\s+words\s*\)", re.IGNORECASE)
_MARKS = " \t\r\n*_#:—–-"
_HEAD = "---\ntitle: Kräutergarten\n---\n\n"


class SectionHeading(Rule):
    """The heading of a section has the form of the specification, such as `### Section N: Title`."""

    name = "section-heading"
    severity = Severity.WARNING
    why = "Programs find a section by its heading, and readers by the same words in every pattern."
    notes = (
        "The title decides which section it is; a wrong number is corrected. The fix writes the heading from the "
        "specification. It drops notes such as “(100–200 words)” and words of an older template such as "
        "“Considerations”. Anything else after the title (an anchor, a footnote, a link, a comment, words) moves "
        "below the heading, and the fix is unsafe, because other text may refer to it. A suppression comment stays "
        "on the line. If the level changes, the levels of the sub-headings change by the same amount, and a title "
        "directly above moves down if it would leave a gap. Headings of the form `1. Context` are replaced all at "
        "once, because the first one alone would turn the others into ordinary sub-headings. The form is `heading` "
        "in the specification, and `also` lists other titles that are accepted."
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
            note="an underlined heading, and a wrong number",
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
        Example(
            "---\nclassification: {}\n---\n\n# 6. When to Use (9-99 words)\n\nDraußen.\n",
            spec="1.3",
            note="any number, at any level",
        ),
        Example(_HEAD + "### 3. Contextual inquiry\n\nFragen.\n", note="not the title of a section"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        if pattern.spec.body.any_number:
            return
        lines = [
            _HeadingLine.parse(pattern, section) for section in pattern.body.sections if _is_wrong(pattern, section)
        ]
        together: tuple[Replacement, ...] = ()
        if 0 < len(lines) <= _MOST_TOGETHER and _depend_on_each_other(pattern, lines[0].section):
            together = tuple(edit for line in lines for edit in _edits(pattern, line))
        are_all_safe = not any(line.rest for line in lines)
        for line in lines:
            section = line.section
            expected = _expected(pattern, section)
            odd = characters.odd_characters(pattern.source.slice(section.heading.span))
            detail = f": it contains {phrases.join_and([characters.name_of(one) for one in odd])}" if odd else ""
            is_safe = are_all_safe if together else not line.rest
            yield self.at(
                pattern,
                line.span,
                f"heading of {_short_name(pattern, section)} is not `{expected}`{detail}",
                route=section.route,
                subject=section.heading.text,
                help=f"write `{expected}` and nothing else on this line",
                fix=Fix(
                    f"replace all section headings with `{pattern.spec.body.example_heading}`"
                    if together
                    else f"replace the heading with `{expected}`",
                    Safety.SAFE if is_safe else Safety.UNSAFE,
                    together or tuple(_edits(pattern, line)),
                    CHANGES_BODY,
                ),
            )


def _expected(pattern: Pattern, section: Section) -> str:
    return pattern.spec.body.heading_of(section.number, section.title)


def _short_name(pattern: Pattern, section: Section) -> str:
    return f"section {section.number}" if pattern.spec.body.form.between else section.name


def _depend_on_each_other(pattern: Pattern, section: Section) -> bool:
    """Return whether a heading in the right form makes the other wrong ones ordinary sub-headings."""
    form = pattern.spec.body.form
    return section.heading.text[:1].isdecimal() if form.between else section.heading.level != form.level


def _is_wrong(pattern: Pattern, section: Section) -> bool:
    written = pattern.source.slice(section.heading.span)
    expected = _expected(pattern, section)
    return written != expected and body_text.split_suppressions(written)[0].rstrip() != expected


class _HeadingLine(NamedTuple):
    """The line of a section's heading.

    Attributes:
        section: the section.
        span: the heading without suppression comments at its end.
        rest: the text after the title that must not be lost.
        suppressions: the suppression comments.
    """

    section: Section
    span: Span
    rest: str
    suppressions: str

    @classmethod
    def parse(cls, pattern: Pattern, section: Section) -> _HeadingLine:
        heading = section.heading
        written = pattern.source.slice(heading.span)
        text, suppressions = body_text.split_suppressions(written)
        title = text.rpartition("\n")[0] if heading.setext else text
        after = re.search(re.escape(section.title), title, re.IGNORECASE)
        rest = _NOTE.sub("", title[after.end() :] if after is not None else "")
        words = rest.strip(_MARKS).casefold()
        if not words or words in map(str.casefold, pattern.spec.body.sections[section.number - 1].tails):
            rest = ""
        is_last = suppressions and written.endswith(suppressions)
        end = heading.span.end - (len(suppressions) if is_last else 0)
        return cls(section, Span(heading.span.start, end), rest.strip(), suppressions)


def _edits(pattern: Pattern, line: _HeadingLine) -> Iterator[Replacement]:
    """Yield the edits that rewrite a heading and keep the levels of the headings around it consistent."""
    section, level, expected = line.section, line.section.heading.level, pattern.spec.body.form.level
    start = section.heading.span.start
    lead = pattern.source.text[pattern.source.text.rfind("\n", 0, start) + 1 : start]
    below = f"\n{lead.rstrip()}\n{lead}{line.rest}" if line.rest else ""
    yield Replacement(section.heading.span, _expected(pattern, section) + line.suppressions + below)
    if level == expected:
        return
    headings = pattern.body.headings
    index = bisect_left(headings, start, key=_start)
    title = headings[index - 1] if index and section is pattern.body.sections[0] else None
    if title is not None and not title.setext and level - 1 <= title.level < expected - 1:
        yield _change_level(title, expected - 1)
    for heading in headings[index + 1 : bisect_left(headings, section.span.end, key=_start)]:
        if heading.level > level and not heading.setext:
            yield _change_level(heading, min(heading.level + expected - level, _DEEPEST))


def _start(heading: Heading) -> int:
    return heading.span.start


def _change_level(heading: Heading, level: int) -> Replacement:
    start = heading.span.start
    return Replacement(Span(start, start + heading.level), "#" * level)
