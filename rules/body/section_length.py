from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor

from patternlint.rule import Annotated, Diagnostic, Example, Meta, Pattern, Rule, Section, Severity, body_text

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 1: Context\n\n"
_MARKED = _HEAD.replace("### Section 1: Context", "«### Section 1: Context»")


class SectionLength(Rule):
    """Every section has as many words as the specification asks for."""

    name = "section-length"
    severity = Severity.INFO
    enabled = False
    why = "A section that is far too short leaves its question open, and one that is far too long is not read."
    notes = (
        "Words are counted as a reader counts them: markup, thematic breaks, HTML comments and code blocks are "
        "excluded, sub-headings and quotes are included. An empty section is reported by `section-empty`."
    )
    bad = (
        Example(_MARKED + "Ein Hof, grün und ruhig.\n"),
        Example(_MARKED + "Wort – " * 221 + "\n"),
        Example(_MARKED + "Wort " * 99, options={"tolerance": 0}),
    )
    good = (
        Example(_HEAD + "Wort " * 90),
        Example(_HEAD + "Wort " * 220 + "\n\n---\n\n```\nund noch eins\n```\n\n<!-- und noch eins -->\n"),
        Example(_HEAD),
    )

    tolerance: Annotated[
        float, Meta(ge=0, le=1, description="Fraction by which a section may be shorter or longer than the range.")
    ] = 0.1

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        for section in pattern.body.sections:
            low, high = pattern.spec.body.sections[section.number - 1].words
            count = _words(pattern, section)
            if 0 < count < ceil(low * (1 - self.tolerance)) or count > floor(high * (1 + self.tolerance)):
                yield self.at(
                    pattern,
                    section.heading.span,
                    f"{pattern.spec.body.subject_of(section.number)} has {count} words, expected {low} to {high}",
                    route=section.route,
                    help="add what a reader who is new to the practice needs"
                    if count < low
                    else "cut what another section already says, or what nobody would miss",
                )


def _words(pattern: Pattern, section: Section) -> int:
    text = "\n".join(line.text for line in pattern.lines(section.span, code=False))
    return sum(any(map(str.isalnum, word)) for word in body_text.strip_html_comments(text).split())
