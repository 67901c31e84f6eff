from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from patternlint.rule import Diagnostic, Example, Pattern, Severity, phrases, yaml_text
from patternlint.rule.internal import SchemaRule, SchemaViolation

_SCALE_MAXIMA = (1, 5)  # a larger number may be given in tenths or in percent


class OutOfRange(SchemaRule):
    """Numbers are within the allowed range."""

    name = "out-of-range"
    severity = Severity.ERROR
    why = "Scores and weights are compared with each other. One outside the scale outweighs all others."
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
        number = pattern.source.slice(error.node.span)
        bounds = _range(error.schema)
        message = f"{phrases.describe_route(error.route)} is {number}, expected {bounds}"
        yield self.report(error, pattern, message, _advice(error, bounds))


def _advice(error: SchemaViolation, bounds: str) -> str:
    """Return the range, an example in it that may have been meant, and the description of the number."""
    high, low = error.schema.get("maximum"), error.schema.get("minimum", 0)
    key = error.route[-1]
    example = ""
    if high in _SCALE_MAXIMA and isinstance(key, str):
        factor = next((scale for scale in (10, 100) if max(high, low * scale) < error.value <= high * scale), None)
        example = f", such as `{yaml_text.yaml_line(key, round(error.value / factor, 4))}`" if factor else ""
    preposition = "from" if " to " in bounds else "that is"
    description = str(error.schema.get("description", ""))
    return f"write a number {preposition} {bounds}{example}{f'. {description}' if description else ''}"


def _range(schema: Mapping[str, Any]) -> str:
    """Describe the range that a schema allows."""
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
