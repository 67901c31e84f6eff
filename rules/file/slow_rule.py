from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity
from patternlint.rule.internal import InternalErrorRule, RuleFailure, RuleTimeout


class SlowRule(InternalErrorRule):
    """Every rule ends within its time limit."""

    name = "slow-rule"
    severity = Severity.ERROR
    why = "A rule that never ends would stop the whole run; a rule that was stopped found nothing."
    notes = (
        "A rule that takes longer for a file than `limits.rule-time` in the configuration is stopped. What it found is "
        "dropped, since how much that was is chance. All other rules go on, and the next run tries again."
    )
    bad = (Example("«»---\ntitle: Böser Traum\n---\n", note="a rule was stopped on this file"),)
    good = (Example("title: Fine\n"),)
    errors = (RuleTimeout,)
    example_failure = RuleFailure("", "some-rule", RuleTimeout("it took longer than 10 seconds for this file"))

    def check(self, crash: RuleFailure) -> Iterator[Diagnostic]:
        yield self.at(
            crash,
            None,
            f"the rule `{crash.rule}` was stopped: {crash.error}",
            subject=crash.rule,
            help="raise `limits.rule-time` in the configuration, "
            f"or disable the rule with `--ignore {crash.rule}`; report a slow built-in rule as a bug",
        )
