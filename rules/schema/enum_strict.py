from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Severity, did_you_mean, phrases
from patternlint.rule.internal import SchemaRule, SchemaViolation


class EnumStrict(SchemaRule):
    """Values of a closed list are listed by the specification itself."""

    name = "enum-strict"
    severity = Severity.INFO
    enabled = False
    why = "Values that are widely used but not in the specification may be removed or merged later."
    notes = (
        "Off by default, because many patterns use more values than the specification lists. Values that are not allowed "
        "at all are reported by `invalid-enum`. In the schemas, `x-strict-enum` next to `enum` lists the values of the "
        "specification."
    )
    bad = (
        Example("title: Gärten\nlifecycle:\n  status: «active»\n"),
        Example("lifecycle:\n  usage_stage: «application»\n  adoption_stage: «seed»\n"),
    )
    good = (
        Example("lifecycle:\n  usage_stage: design\n  adoption_stage: growth\n  status: draft\n"),
        Example("lifecycle:\n  status: published\n", note="not allowed: reported by `invalid-enum`"),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        listed = [str(value) for value in error.expected]
        near = did_you_mean.closest_matches(str(error.value), listed, len(listed))
        ordered = [*near, *(value for value in listed if value not in near)]
        value = phrases.describe_value(error.value)
        message = f"{phrases.describe_route(error.route)} is {value}, which the specification does not list"
        yield self.report(error, pattern, message, f"write {phrases.join_or(phrases.backticked(ordered))}")
