from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Section, Severity, label

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 1: Context\n\nDraußen.\n\n"


class SectionDuplicate(Rule):
    """Every section occurs once."""

    name = "section-duplicate"
    severity = Severity.ERROR
    why = "Programs read only one of two sections with the same title, and readers cannot tell which one is valid."
    notes = "Every further occurrence is a finding, at its heading."
    bad = (
        Example(_HEAD + "«### Section 1: Context»\n\nNoch einmal.\n"),
        Example(
            _HEAD + "«### Section 2: Context (erweitert)»\n\nNoch einmal.\n\n«## Section 1: Context»\n\nUnd wieder.\n",
            note="the title decides, not the number",
        ),
        Example(
            "---\nclassification: {}\n---\n\n# 6. References\n\n[1] Bäume\n\n«### 8. References (v2.0)»\n\n[2] Büsche\n",
            spec="1.3",
            note="any number in specification 1.3",
        ),
    )
    good = (
        Example(_HEAD + "### Section 2: Problem\n\n#### Context\n\nEnge.\n"),
        Example(_HEAD + "### 1. Context\n\nIm Hof.\n", note="in a file with `Section N`, an ordinary sub-heading"),
        Example(_HEAD + "```\n### Section 1: Context\n```\n"),
        Example(
            "---\nclassification: {}\n---\n\n### 5. Implementation\n\nIm Hof.\n\n#### 1. Implementation\n\nAm Tor.\n",
            spec="1.3",
            note="a sub-heading",
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        occurrences: dict[int, list[Section]] = {}
        for section in pattern.body.sections:
            earlier = occurrences.setdefault(section.number, [])
            if earlier:
                yield self.at(
                    pattern,
                    section.heading.span,
                    f"duplicate {section.name}",
                    route=section.route,
                    subject=str(len(earlier) + 1),
                    help="merge the sections, or give this one a different heading",
                    labels=(label(pattern, earlier[0].heading.span, "first occurrence"),),
                )
            earlier.append(section)
