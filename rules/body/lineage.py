from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

_SECTION = 1
_WORD = "**Lineage:**"
_HEAD = "---\ntitle: Kräutergarten\norbital_layer: 3\n---\n\n"


class Lineage(Rule):
    """Section 1 names the lineage of the pattern."""

    name = "lineage"
    severity = Severity.INFO
    enabled = False
    why = "It connects the story of a pattern to the principles that hold it in its orbit."
    notes = "Applies only to specifications that require a lineage: 8.2 does, 7.1 does not."
    bad = (
        Example(_HEAD + "«### Section 1: Context»\n\nDraußen.\n\n### Section 2: Problem\n\n> **Lineage:** Gärten.\n"),
        Example(_HEAD + "«### Section 1: Context»\n\n> Lineage: Gärten.\n"),
    )
    good = (
        Example(_HEAD + "### Section 1: Context\n\n> **Lineage:** aus den Gärten.\n"),
        Example(_HEAD + "### Section 2: Problem\n\nEnge.\n"),
        Example(_HEAD.replace("orbital_layer: 3\n", "") + "### Section 1: Context\n\nDraußen.\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        section = pattern.body.section(_SECTION) if pattern.spec.body.lineage else None
        if section is None or pattern.source.text.find(_WORD, section.span.start, section.span.end) >= 0:
            return
        yield self.at(
            pattern,
            section.heading.span,
            f"missing `{_WORD}` in section {_SECTION}, {section.title}",
            route=section.route,
            help=f"begin the section with `> {_WORD} …`, and name the pattern it comes from and whom it serves first",
        )
