from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity
from patternlint.rule.internal import InternalErrorRule, RuleFailure


class InternalError(InternalErrorRule):
    """Every built-in rule runs to its end on every file."""

    name = "internal-error"
    severity = Severity.ERROR
    why = "A rule that breaks down says nothing, and silence would look like a clean file."
    notes = "It is a bug of patternlint, never the pattern's fault. All other rules go on."
    bad = (Example("«»---\ntitle: Böser Traum\n---\n", note="a rule raised an error on this file"),)
    good = (Example("title: Fine\n"),)
    errors = (BaseException,)
    example_failure = RuleFailure("", "some-rule", ValueError("an example"))

    def check(self, crash: RuleFailure) -> Iterator[Diagnostic]:
        place = f" ({crash.place})" if crash.place else ""
        yield self.at(
            crash,
            None,
            f"the rule `{crash.rule}` raised {crash.reason}{place}",
            subject=crash.rule,
            help=f"please report this bug; until it is fixed, `--ignore {crash.rule}` disables the rule",
        )
