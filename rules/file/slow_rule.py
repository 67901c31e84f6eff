from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity
from patternlint.rule.internal import InternalErrorRule, RuleFailure, RuleTimeout


class SlowRule(InternalErrorRule):
    """Every rule finishes within its time limit."""

    name = "slow-rule"
    severity = Severity.ERROR
    why = "A rule that never ends would block the whole run, and a stopped rule finds nothing."
    notes = (
        "A rule that takes longer for a file than `limits.rule-time` in the configuration is stopped. Its findings "
        "for the file are dropped, because they would differ from run to run. All other rules continue, and the "
        "next run tries again."
    )
    bad = (Example("«»---\ntitle: Böser Traum\n---\n", note="a rule was stopped on this file"),)
    good = (Example("title: Fine\n"),)
    errors = (RuleTimeout,)
    example_failure = RuleFailure("", "some-rule", RuleTimeout("it took longer than 10 seconds for this file"))

    def check(self, failure: RuleFailure) -> Iterator[Diagnostic]:
        yield self.at(
            failure,
            None,
            f"rule `{failure.rule}` was stopped: {failure.error}",
            subject=failure.rule,
            help="raise `limits.rule-time` in the configuration, "
            f"or disable the rule with `--ignore {failure.rule}`; report a slow built-in rule as a bug",
        )
