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
        "not counted here. A specification with `ordered = false` allows any order."
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
        body = pattern.spec.body
        first_of_each: dict[int, Section] = {}
        if not body.ordered:
            return
        for section in pattern.body.sections:
            first_of_each.setdefault(section.number, section)
        for before, section in pairwise(first_of_each.values()):
            if section.number < before.number:
                yield self.at(
                    pattern,
                    section.heading.span,
                    f"{body.subject_of(section.number)} comes after {before.name}",
                    route=section.route,
                    help=f"move one of the two sections: `{section.title}` comes before `{before.title}`",
                    labels=(label(pattern, before.heading.span, before.name),),
                )
