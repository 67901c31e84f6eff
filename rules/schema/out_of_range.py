from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from patternlint.rule import Diagnostic, Example, Pattern, Severity, item_name, phrases, yaml_text
from patternlint.rule.internal import SchemaRule, SchemaViolation

_SCALES = (1, 5)
"""The greatest numbers of the usual scales: someone may count in tens or in percent instead."""


class OutOfRange(SchemaRule):
    """Every number lies in the range that its key allows."""

    name = "out-of-range"
    severity = Severity.ERROR
    why = "Scores and weights are compared with each other; one beyond the scale outweighs all the others."
    bad = (
        Example("relationships:\n  enables:\n    - slug: gärten\n      weight: «1.2»\n"),
        Example("ontology:\n  commons_assessment:\n    resilience: «0.5»\n    vitality: «-1»\n"),
        Example("lifecycle:\n  confidence: «4»\n"),
        Example("orbital_layer: «6»\n", spec="8.2"),
        Example("graph_garden:\n  entities:\n    - label: Füße\n      relevance: «1e3»\n"),
    )
    good = (
        Example("relationships:\n  enables:\n    - slug: gärten\n      weight: 1\n"),
        Example("ontology:\n  commons_assessment:\n    resilience: 1\n    vitality: 0\n    overall_score: 5.0\n"),
        Example("lifecycle:\n  version: 12\n", note="a version has no range"),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Say what the range is."""
        number = pattern.source.slice(error.node.span)
        bounds = _range(error.schema)
        yield self.at(
            pattern,
            error.node.label_span,
            f"{phrases.describe_route(error.route)} is {number}, expected {bounds}",
            route=error.route,
            subject=item_name(pattern.front.root, error.route),
            help=_advice(error, bounds),
        )


def _advice(error: SchemaViolation, bounds: str) -> str:
    """Return the range, a number in it that may have been meant, and what the number stands for."""
    schema = error.schema
    high = schema.get("maximum")
    key = error.route[-1]
    such = ""
    for factor in (10, 100):
        if (
            high in _SCALES
            and isinstance(key, str)
            and max(high, schema.get("minimum", 0) * factor) < error.value <= high * factor
        ):
            number = round(error.value / factor, 4)
            such = f", such as `{yaml_text.yaml_line(key, number)}`"
            break
    return (
        f"write a number {'from' if ' to ' in bounds else 'that is'} {bounds}{such}. {schema.get('description', '')}".rstrip(
            ". "
        )
        + "."
    )


def _range(schema: Mapping[str, Any]) -> str:
    """Return the range that a schema allows, in words."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{low} to {high}"
    words = (
        ("at least", low),
        ("at most", high),
        ("more than", schema.get("exclusiveMinimum")),
        ("less than", schema.get("exclusiveMaximum")),
    )
    return " and ".join(f"{word} {bound}" for word, bound in words if bound is not None)
