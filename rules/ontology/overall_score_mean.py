from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from patternlint.rule import (
    Annotated,
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Meta,
    Node,
    Pattern,
    Replacement,
    Rule,
    Safety,
    Severity,
    schema_lookup,
)

_TOLERANCE = Decimal("0.05")
_CERTAIN = 0.04  # so near to the mean it is within the tolerance, however the machine rounds; a Decimal is slow to make
_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_NO_SCORE = 1000  # what is no score has no mean either, `.inf` above all

_SCORES = """\
ontology:
  domain: gärten
  commons_assessment:
    stakeholder_architecture: 4.0
    value_creation: 4.5
    resilience: 3.0
    ownership: 3.0
    autonomy: 3.0
    composability: 3.0
    fractal_value: 4.0
    vitality: 3.7
    overall_score: """


class OverallScoreMean(Rule):
    """The overall score is the mean of the seven commons dimensions and vitality."""

    name = "overall-score-mean"
    severity = Severity.WARNING
    why = "Readers and the ranking sort by this number; a stale one silently misplaces the pattern."
    notes = (
        "The mean is taken in exact decimals. A score may be 0.05 off, so that both neighbours of a tie pass: a mean "
        "of 3.45 may be written 3.4 or 3.5. The fix writes the mean to one decimal, ties to even. The rule is silent "
        "while a dimension is missing, is not a number in plain digits, is out of range or is there twice: other rules "
        "report that, and the mean is unknown until it is corrected."
    )
    bad = (
        Example(_SCORES + "«4.5»\n", _SCORES + "3.5\n"),
        Example(
            _SCORES + "«4.5»\n", _SCORES + "3.2\n", options={"dimensions": ["resilience", "ownership", "vitality"]}
        ),
    )
    good = (
        Example(_SCORES + "3.5\n", note="the mean is 3.525"),
        Example(_SCORES + "3.57\n"),
        Example(_SCORES.replace("4.5", "3.9") + "3.4\n", note="the mean is 3.45: 3.4 will do, and 3.5 too"),
        Example(_SCORES.replace("4.5", "3.9") + "3.5\n"),
        Example(_SCORES + ".inf\n", note="no score: `out-of-range` says so"),
        Example(_SCORES.replace("4.5", ".nan") + "3.5\n"),
        Example(_SCORES.replace("4.5", "45") + "3.5\n", note="out of range"),
        Example(_SCORES.replace("4.5", "010") + "3.5\n", note="eight or ten"),
        Example(_SCORES.replace("4.5", "1.0\n    value_creation: 4.5") + "1.5\n", note="there twice"),
    )

    dimensions: Annotated[tuple[str, ...], Meta(description="The scores that count; empty for those of the spec.")] = ()

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Compare the overall score with the mean of the scores that count."""
        scores = pattern.spec.scores
        assessment = pattern.get(*scores.route) if scores.route else None
        keys = assessment.keys if assessment is not None else {}
        overall = keys.get(scores.overall)
        if overall is None:
            return
        names = self.dimensions or (*scores.dimensions, scores.vitality)
        nodes = [node for name in (*names, scores.overall) if (node := keys.get(name)) is not None]
        numbers = [value for node in nodes if (value := node.number) is not None and -_NO_SCORE < value < _NO_SCORE]
        if len(numbers) <= len(names):
            return  # one of them is missing, or no score
        *values, said = numbers
        if abs(sum(values) / len(values) - said) < _CERTAIN:
            return
        if not _are_valid(pattern, nodes):
            return
        mean = sum((Decimal(str(value)) for value in values), Decimal()) / len(values)
        if abs(Decimal(str(said)) - mean) <= _TOLERANCE:
            return
        rounded = mean.quantize(Decimal("0.1"), ROUND_HALF_EVEN)
        route = (*scores.route, scores.overall)
        yield self.at(
            pattern,
            overall.span,
            f"the overall score is {said}, the mean of the {len(values)} scores is {mean.normalize():f}",
            route=route,
            help=f"write {rounded}, or correct the score that is wrong",
            fix=Fix(
                f"write {rounded}", Safety.SAFE, (Replacement(overall.span, str(rounded)),), (DeclaredChange(route),)
            ),
        )


def _are_valid(pattern: Pattern, nodes: Sequence[Node]) -> bool:
    """Return whether the scores that the mean is taken of are sure: in plain digits, in range, and there once.

    The last of `nodes` is the overall score itself, which may be out of range.
    """
    slice_of, route = pattern.source.slice, pattern.spec.scores.route
    assessment = pattern.get(*route)
    start, end = (assessment.start, assessment.end) if assessment is not None else (0, 0)
    return (
        not any(start <= span.start < end for span in pattern.front.duplicates)
        and all(_PLAIN.fullmatch(slice_of(node.span)) for node in nodes)
        and all(
            schema_lookup.is_in_bounds(pattern.spec, (*route, slice_of(node.key_span)), node.value)
            for node in nodes[:-1]
        )
    )
