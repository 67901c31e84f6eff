from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

_HEAD = "---\ntitle: Kräutergarten\norbital_layer: 3\n---\n\n"


class Lineage(Rule):
    """A section contains the words that the specification asks for, such as the lineage of the pattern."""

    name = "lineage"
    severity = Severity.INFO
    enabled = False
    why = "It connects the story of a pattern to the principles that hold it in its orbit."
    notes = (
        "Applies only to specifications whose sections have `contains`: in 8.2, Section 1 contains `**Lineage:**`; 7.1 "
        "requires nothing."
    )
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
        for number, expected in enumerate(pattern.spec.body.sections, 1):
            section = pattern.body.section(number) if expected.contains else None
            if (
                section is None
                or pattern.source.text.find(expected.contains, section.span.start, section.span.end) >= 0
            ):
                continue
            yield self.at(
                pattern,
                section.heading.span,
                f"missing `{expected.contains}` in {section.name}",
                route=section.route,
                help=f"begin the section with `> {expected.contains} …`",
            )
