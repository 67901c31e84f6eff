from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Section, Severity, label

_CONTEXT = "---\ntitle: Kräutergarten\n---\n\n### Section 1: Context\n\nDraußen.\n\n"
_PROBLEM = "### Section 2: Problem\n\nEnge.\n\n"
_SOLUTION = "### Section 3: Solution\n\nKisten.\n\n"
_USES = "### Section 6: Known Uses\n\nDer Hof.\n"


class SectionOrder(Rule):
    """The sections stand in the order of the spec."""

    name = "section-order"
    severity = Severity.ERROR
    why = "A pattern is read from the context to the solution; out of order it answers what was not asked yet."
    notes = (
        "A finding is where the order falls back: at a section whose number is lower than that of the section right "
        "before it. One section out of its place is one finding, whatever follows it. A section that is there twice "
        "is the matter of `section-duplicate` and not counted here."
    )
    bad = (
        Example(_CONTEXT + _SOLUTION + _PROBLEM.replace("### Section 2: Problem", "«### Section 2: Problem»") + _USES),
        Example(
            _CONTEXT.replace("### Section 1: Context\n\nDraußen.\n\n", "")
            + _USES
            + "\n«## Section 1: Context (draußen)»\n\nImmer.\n\n"
            + _PROBLEM
            + _SOLUTION,
            note="one section at the wrong place, one finding",
        ),
    )
    good = (
        Example(_CONTEXT + _SOLUTION + _USES, note="gaps are the matter of `section-missing`"),
        Example(_CONTEXT + _PROBLEM + _SOLUTION + _PROBLEM + _USES, note="there twice, but in order otherwise"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        seen: set[int] = set()
        before: Section | None = None
        for section in pattern.body.sections:
            if section.number in seen:
                continue
            seen.add(section.number)
            if before is not None and section.number < before.number:
                yield self.at(
                    pattern,
                    section.heading.span,
                    f"section {section.number}, {section.title}, stands behind section {before.number}, {before.title}",
                    route=section.route,
                    help="move one of the two with all its text, so that the numbers rise",
                    labels=(label(pattern, before.heading.span, f"section {before.number} is here"),),
                )
            before = section
