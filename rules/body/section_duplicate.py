from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Section, Severity, label

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 1: Context\n\nDraußen.\n\n"


class SectionDuplicate(Rule):
    """Every section is there once."""

    name = "section-duplicate"
    severity = Severity.ERROR
    why = "Of two sections with one title, programs read one, and readers do not know which of them holds."
    notes = "Every further one is a finding, at its heading."
    bad = (
        Example(_HEAD + "«### Section 1: Context»\n\nNoch einmal.\n"),
        Example(
            _HEAD + "«### Section 2: Context (erweitert)»\n\nNoch einmal.\n\n«## Section 1: Context»\n\nUnd wieder.\n",
            note="the title decides, not the number",
        ),
    )
    good = (
        Example(_HEAD + "### Section 2: Problem\n\n#### Context\n\nEnge.\n"),
        Example(_HEAD + "### 1. Context\n\nIm Hof.\n", note="in a file with `Section N`, an ordinary sub-heading"),
        Example(_HEAD + "```\n### Section 1: Context\n```\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        sections = pattern.body.sections
        if len({section.number for section in sections}) == len(sections):
            return
        seen: dict[int, list[Section]] = {}
        for section in sections:
            before = seen.setdefault(section.number, [])
            if before:
                yield self.at(
                    pattern,
                    section.heading.span,
                    f"section {section.number}, {section.title}, is there {'twice' if len(before) == 1 else 'again'}",
                    route=section.route,
                    subject=str(len(before) + 1),
                    help="make one section of them, or give this one a heading of its own",
                    labels=(label(pattern, before[0].heading.span, "first here"),),
                )
            before.append(section)
