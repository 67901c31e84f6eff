from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Severity, did_you_mean, item_name, phrases
from patternlint.rule.internal import SchemaRule, SchemaViolation


class EnumStrict(SchemaRule):
    """Where only certain values are allowed, the value is one that the specification itself lists."""

    name = "enum-strict"
    severity = Severity.INFO
    enabled = False
    why = "Words that are in wide use but in no specification may be dropped or joined one day."
    notes = (
        "Off by default, because practice is wider than the specification. A value that is allowed nowhere is the "
        "matter of `invalid-enum`. In the schemas, `x-strict-enum` beside `enum` holds the specification's own values."
    )
    bad = (
        Example("title: Gärten\nlifecycle:\n  status: «active»\n"),
        Example("lifecycle:\n  usage_stage: «application»\n  adoption_stage: «seed»\n"),
    )
    good = (
        Example("lifecycle:\n  usage_stage: design\n  adoption_stage: growth\n  status: draft\n"),
        Example("lifecycle:\n  status: published\n", note="not in use at all: `invalid-enum` says so"),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Say which values the specification lists."""
        listed = [str(value) for value in error.expected]
        near = did_you_mean.closest_matches(str(error.value), listed, len(listed))
        ordered = [*near, *(value for value in listed if value not in near)]
        yield self.at(
            pattern,
            error.node.label_span,
            f"{phrases.describe_route(error.route)} is {phrases.describe_value(error.value)}, which the specification does not list",
            route=error.route,
            subject=item_name(pattern.front.root, error.route),
            help=f"the specification has {phrases.join_or(phrases.backticked(ordered))}",
        )
