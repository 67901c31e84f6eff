from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Section, Severity, label

_CONTEXT = "---\ntitle: Kräutergarten\n---\n\n### Section 1: Context\n\nDraußen.\n\n"
_PROBLEM = "### Section 2: Problem\n\nEnge.\n\n"
_SOLUTION = "### Section 3: Solution\n\nKisten.\n\n"
_USES = "### Section 6: Known Uses\n\nDer Hof.\n"


class SectionOrder(Rule):
    """The sections follow the order of the specification."""

    name = "section-order"
    severity = Severity.ERROR
    why = (
        "A pattern is read from the context to the solution; out of order, it answers questions that were not "
        "asked yet."
    )
    notes = (
        "A finding points at a section with a lower number than the section directly before it. One misplaced "
        "section is one finding, whatever follows it. A duplicate section is reported by `section-duplicate` and "
        "not counted here."
    )
    bad = (
        Example(_CONTEXT + _SOLUTION + _PROBLEM.replace("### Section 2: Problem", "«### Section 2: Problem»") + _USES),
        Example(
            "---\ntitle: Kräutergarten\n---\n\n"
            + _USES
            + "\n«## Section 1: Context (draußen)»\n\nImmer.\n\n"
            + _PROBLEM
            + _SOLUTION,
            note="one misplaced section is one finding",
        ),
    )
    good = (
        Example(_CONTEXT + _SOLUTION + _USES, note="a gap is reported by `section-missing`"),
        Example(_CONTEXT + _PROBLEM + _SOLUTION + _PROBLEM + _USES, note="a duplicate, but otherwise in order"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        first_of_each: dict[int, Section] = {}
        for section in pattern.body.sections:
            first_of_each.setdefault(section.number, section)
        for before, section in pairwise(first_of_each.values()):
            if section.number < before.number:
                yield self.at(
                    pattern,
                    section.heading.span,
                    f"section {section.number}, {section.title}, comes after section {before.number}, {before.title}",
                    route=section.route,
                    help="move one of the two sections so that the numbers increase",
                    labels=(label(pattern, before.heading.span, f"section {before.number}"),),
                )
