from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Meta, Pattern, Rule, Severity

_SCORES = "ontology:\n  domain: gärten\n  commons_assessment:\n    "


class VitalityReview(Rule):
    """The vitality is 2.0 or higher."""

    name = "vitality-review"
    severity = Severity.WARNING
    why = "A pattern below 2.0 harms the places that use it. The specification requires a review or decomposition."
    notes = (
        "Chapter 6 of specification 8.2 requires the review. Specification 7.1 does not, but calls such a pattern "
        "extractive, so the rule applies to both. A number outside 0–5 is also reported by `out-of-range`."
    )
    bad = (Example(_SCORES + "vitality: «1.9»\n"), Example(_SCORES + "vitality: «0»\n"))
    good = (Example(_SCORES + "vitality: 2.0\n"), Example(_SCORES + "vitality:\n"))

    minimum: Annotated[float, Meta(description="Lowest vitality that is not reported.")] = 2.0

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        scores = pattern.spec.scores
        if not scores.route:
            return
        route = (*scores.route, scores.vitality)
        node = pattern.get(*route)
        number = node.number if node is not None else None
        if node is not None and number is not None and number < self.minimum:
            yield self.at(
                pattern,
                node.label_span,
                f"vitality is {number}, expected at least {self.minimum}",
                route=route,
                help="have several people review the pattern, and revise, split or retire it",
            )
