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
_NO_SCORE = 1000
_SCORES = """\
ontology:
  domain: gärten
  commons_assessment:
    """


class ScorePrecision(Rule):
    """Vitality and the overall score have at most one decimal."""

    name = "score-precision"
    severity = Severity.INFO
    why = (
        "The scores are judgements; a second decimal pretends to a precision that nobody has, and hides what is equal."
    )
    notes = (
        "What counts is the number as it is written: `4.70` has two decimals. The fix rounds to one, ties to even. "
        "After that `overall-score-mean` may find that the rounded score is no longer near enough to the mean, and its "
        "own fix writes the mean; that has one decimal too, so nothing goes back and forth."
    )
    bad = (
        Example(_SCORES + "vitality: «4.25»\n", _SCORES + "vitality: 4.2\n", note="a tie goes to the even digit"),
        Example(_SCORES + "vitality: «4.350»\n", _SCORES + "vitality: 4.4\n"),
        Example(_SCORES + "vitality: «4.70»\n", _SCORES + "vitality: 4.7\n"),
        Example(_SCORES + "vitality: «47.25»\n", note="out of range: nobody knows which score is meant"),
        Example(
            _SCORES + "vitality: 4.7\n    overall_score: «4.86»\n",
            _SCORES + "vitality: 4.7\n    overall_score: 4.9\n",
        ),
    )
    good = (
        Example(_SCORES + "vitality: 4.7\n    overall_score: 5\n"),
        Example(_SCORES + "resilience: 4.25\n", note="the other dimensions are left alone"),
        Example(_SCORES + 'vitality: "4.25"\n', note="no number: `wrong-type` says so"),
        Example(_SCORES + "vitality: .inf\n    overall_score: !!float 4.25\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Count the decimals of both scores as they are written."""
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
                f"the score `{name}` has {decimals} decimals",
                route=route,
                help=f"write {rounded}",
                fix=Fix(
                    f"write {rounded}",
                    Safety.SAFE,
                    (Replacement(node.span, str(rounded)),),
                    () if rounded == number else (DeclaredChange(route),),
                )
                if schema_lookup.is_in_bounds(pattern.spec, route, float(number))
                else None,
            )


def _decimal(pattern: Pattern, node: Node) -> Decimal | None:
    """Return a plain number as it is written; None for one decimal and for what is none, `.inf` and `.nan` included."""
    if not isinstance(node.value, float) or not abs(node.value) < _NO_SCORE:
        return None
    text = pattern.source.slice(node.span)
    if text[-2:-1] == ".":  # most have one decimal, and a Decimal is slow to make
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # an alias, or a tag before the number
        return None
