from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity
from patternlint.rule.internal import BrokenRuleError, CodePlace, InternalErrorRule, RuleFailure


class BrokenRule(InternalErrorRule):
    """Every rule of the project and of plug-ins runs to its end and yields valid diagnostics."""

    name = "broken-rule"
    severity = Severity.ERROR
    why = "A rule that fails finds nothing, and silence would look like a clean file."
    notes = (
        "The message has the file and the line in the code of the rule. A mistake in the class itself is reported once, "
        "and so is a rule that fails at one line on many files: on the first of them. All other rules go on. "
        "`patternlint test` finds the same mistakes with the examples of the rule."
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

    def check(self, crash: RuleFailure) -> Iterator[Diagnostic]:
        place = f" ({crash.place})" if crash.place else ""
        yield self.at(
            crash,
            None,
            f"the rule `{crash.rule}` {crash.error}{place}",
            subject=crash.rule,
            labels=(crash.place.label("the rule fails here"),) if crash.place is not None else (),
            help=f"fix the rule, or disable it with `--ignore {crash.rule}`",
        )
