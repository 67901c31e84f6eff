from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity
from patternlint.rule.internal import BrokenRuleError, CodePlace, InternalErrorRule, RuleFailure


class BrokenRule(InternalErrorRule):
    """Every rule of the project and of plug-ins runs without an error and yields valid diagnostics."""

    name = "broken-rule"
    severity = Severity.ERROR
    why = "A rule that fails finds nothing, and silence would look like a clean file."
    notes = (
        "The message contains the file and line in the code of the rule. An error in the class itself is reported "
        "once, and so is a rule that fails at the same line for many files: for the first of them. All other rules "
        "continue. `patternlint test` finds the same errors with the examples of the rule."
    )
    bad = (Example("«»---\ntitle: Böser Traum\n---\n", note="a rule of the project raised an error on this file"),)
    good = (Example("title: Fine\n"),)
    errors = (BrokenRuleError,)
    example_failure = RuleFailure(
        "",
        "own/some-rule",
        BrokenRuleError("raised ValueError: an example"),
        place=CodePlace("lint/rules/own/some_rule.py", 12),
    )

    def check(self, failure: RuleFailure) -> Iterator[Diagnostic]:
        place = f" ({failure.place})" if failure.place else ""
        yield self.at(
            failure,
            None,
            f"rule `{failure.rule}` {failure.error}{place}",
            subject=failure.rule,
            labels=(failure.place.label("rule fails here"),) if failure.place is not None else (),
            help=f"fix the rule, or disable it with `--ignore {failure.rule}`",
        )
