from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Meta, Pattern, Rule, Severity

_SCORES = "ontology:\n  domain: gärten\n  commons_assessment:\n    "


class VitalityReview(Rule):
    """The vitality is 2.0 or more."""

    name = "vitality-review"
    severity = Severity.WARNING
    why = "A pattern below 2.0 drains the places that use it; the specification has it reviewed, or taken apart."
    notes = (
        "Specification 8.2 demands the review in its sixth chapter. 7.1 does not, but calls such a pattern extractive, "
        "so the rule speaks of both. A number outside 0–5 is also the matter of `out-of-range`."
    )
    bad = (Example(_SCORES + "vitality: «1.9»\n"), Example(_SCORES + "vitality: «0»\n"))
    good = (Example(_SCORES + "vitality: 2.0\n"), Example(_SCORES + "vitality:\n"))

    minimum: Annotated[float, Meta(description="The vitality that a pattern must have.")] = 2.0

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Compare the vitality with the least that is allowed."""
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
                f"the vitality is {number}: due for decomposition review",
                route=route,
                help="let several people look at the pattern: rework it, split it, or let it go",
            )
