from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity
from patternlint.rule.internal import InternalErrorRule, RuleFailure


class InternalError(InternalErrorRule):
    """Every built-in rule runs without an error on every file."""

    name = "internal-error"
    severity = Severity.ERROR
    why = "A rule that fails finds nothing, and silence would look like a clean file."
    notes = "It is a bug in patternlint, never a mistake in the pattern. All other rules continue."
    bad = (Example("«»---\ntitle: Böser Traum\n---\n", note="a rule raised an error on this file"),)
    good = (Example("title: Fine\n"),)
    errors = (BaseException,)
    example_failure = RuleFailure("", "some-rule", ValueError("an example"))

    def check(self, failure: RuleFailure) -> Iterator[Diagnostic]:
        place = f" ({failure.place})" if failure.place else ""
        yield self.at(
            failure,
            None,
            f"rule `{failure.rule}` raised {failure.reason}{place}",
            subject=failure.rule,
            help=f"report this bug, and disable the rule with `--ignore {failure.rule}` until it is fixed",
        )
