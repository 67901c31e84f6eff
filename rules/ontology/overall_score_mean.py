from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from patternlint.rule import (
    Annotated,
    Diagnostic,
    Example,
    Meta,
    Node,
    Pattern,
    Rule,
    Severity,
    replace_value,
    schema_lookup,
)

_TOLERANCE = Decimal("0.05")
_CERTAIN = 0.04  # within the tolerance despite rounding errors of floats, which are faster than Decimals
_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_LIMIT = 1000  # larger values, such as `.inf`, are not scores

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
    why = "Readers and rankings sort by this number. An outdated one puts the pattern in the wrong place."
    notes = (
        "The mean is exact. The score may differ from it by 0.05, so a mean of 3.45 may be written as 3.4 or 3.5. The fix "
        "writes the mean with one decimal, and rounds ties to even. The rule does not report anything while a dimension is "
        "missing, duplicate, out of range or not a number in plain digits: other rules report that, and the mean is unknown."
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
        Example(_SCORES.replace("4.5", "3.9") + "3.4\n", note="the mean is 3.45: 3.4 and 3.5 are both valid"),
        Example(_SCORES.replace("4.5", "3.9") + "3.5\n"),
        Example(_SCORES + ".inf\n", note="not a score: reported by `out-of-range`"),
        Example(_SCORES.replace("4.5", ".nan") + "3.5\n"),
        Example(_SCORES.replace("4.5", "45") + "3.5\n", note="out of range"),
        Example(_SCORES.replace("4.5", "010") + "3.5\n", note="8 or 10"),
        Example(_SCORES.replace("4.5", "1.0\n    value_creation: 4.5") + "1.5\n", note="duplicate key"),
    )

    dimensions: Annotated[
        tuple[str, ...], Meta(description="Scores to average. If empty, those of the specification.")
    ] = ()

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        scores = pattern.spec.scores
        assessment = pattern.get(*scores.route) if scores.route else None
        keys = assessment.keys if assessment is not None else {}
        overall = keys.get(scores.overall)
        if overall is None:
            return
        names = self.dimensions or (*scores.dimensions, scores.vitality)
        nodes = [node for name in (*names, scores.overall) if (node := keys.get(name)) is not None]
        numbers = [value for node in nodes if (value := node.number) is not None and -_LIMIT < value < _LIMIT]
        if len(numbers) <= len(names):
            return  # a score is missing or invalid
        *values, actual = numbers
        if abs(sum(values) / len(values) - actual) < _CERTAIN:
            return
        if not _are_valid(pattern, nodes):
            return
        mean = sum((Decimal(str(value)) for value in values), Decimal()) / len(values)
        if abs(Decimal(str(actual)) - mean) <= _TOLERANCE:
            return
        rounded = str(mean.quantize(Decimal("0.1"), ROUND_HALF_EVEN))
        route = (*scores.route, scores.overall)
        yield self.at(
            pattern,
            overall.span,
            f"overall score is {actual}, but the mean of the {len(values)} scores is {round(mean, 4).normalize():f}",
            route=route,
            help=f"write `{scores.overall}: {rounded}`, or correct the score that is wrong",
            fix=replace_value(overall.span, pattern.source.slice(overall.span), rounded, route),
        )


def _are_valid(pattern: Pattern, nodes: Sequence[Node]) -> bool:
    """Return whether the scores are in plain digits, not duplicate and in range; the last one may be out of range."""
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
