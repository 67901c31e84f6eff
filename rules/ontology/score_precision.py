from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Node,
    Pattern,
    Replacement,
    Rule,
    Safety,
    Severity,
    schema_lookup,
)

_TENTH = Decimal("0.1")
_LIMIT = 1000  # larger values, such as `.inf`, are not scores
_SCORES = """\
ontology:
  domain: gärten
  commons_assessment:
    """


class ScorePrecision(Rule):
    """Vitality and the overall score have at most one decimal."""

    name = "score-precision"
    severity = Severity.INFO
    why = "Scores are judgments. A second decimal suggests a precision that they do not have, and hides equal scores."
    notes = (
        "Trailing zeros count: `4.70` has two decimals. The fix rounds to one decimal, ties to even. If the rounded overall "
        "score is then too far from the mean, `overall-score-mean` replaces it with the mean, which has one decimal too."
    )
    bad = (
        Example(_SCORES + "vitality: «4.25»\n", _SCORES + "vitality: 4.2\n", note="ties round to even"),
        Example(_SCORES + "vitality: «4.350»\n", _SCORES + "vitality: 4.4\n"),
        Example(_SCORES + "vitality: «4.70»\n", _SCORES + "vitality: 4.7\n"),
        Example(_SCORES + "vitality: «47.25»\n", note="out of range: the intended score is unknown"),
        Example(
            _SCORES + "vitality: 4.7\n    overall_score: «4.86»\n",
            _SCORES + "vitality: 4.7\n    overall_score: 4.9\n",
        ),
    )
    good = (
        Example(_SCORES + "vitality: 4.7\n    overall_score: 5\n"),
        Example(_SCORES + "resilience: 4.25\n", note="other dimensions are not checked"),
        Example(_SCORES + 'vitality: "4.25"\n', note="not a number: reported by `wrong-type`"),
        Example(_SCORES + "vitality: .inf\n    overall_score: !!float 4.25\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        scores = pattern.spec.scores
        assessment = pattern.get(*scores.route) if scores.route else None
        if assessment is None:
            return
        for name in (scores.vitality, scores.overall):
            node = assessment.get(name)
            number = _decimal(pattern, node) if node is not None else None
            if node is None or number is None:
                continue
            decimals = -int(number.as_tuple().exponent)
            if decimals <= 1:
                continue
            rounded = number.quantize(_TENTH, ROUND_HALF_EVEN)
            route = (*scores.route, name)
            yield self.at(
                pattern,
                node.span,
                f"score `{name}` has {decimals} decimals",
                route=route,
                help=f"write `{name}: {rounded}`",
                fix=Fix(
                    f"replace `{pattern.source.slice(node.span)}` with `{rounded}`",
                    Safety.SAFE,
                    (Replacement(node.span, str(rounded)),),
                    () if rounded == number else (DeclaredChange(route),),
                )
                if schema_lookup.is_in_bounds(pattern.spec, route, float(number))
                else None,
            )


def _decimal(pattern: Pattern, node: Node) -> Decimal | None:
    """Return a score that has not exactly one decimal; None for other values, such as `.inf`."""
    if not isinstance(node.value, float) or not abs(node.value) < _LIMIT:
        return None
    text = pattern.source.slice(node.span)
    if text[-2:-1] == ".":  # most scores have one decimal, and parsing a Decimal is slow
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # an alias, or a tag before the number
        return None
