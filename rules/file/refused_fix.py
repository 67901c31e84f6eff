from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity
from patternlint.rule.internal import FixRefusal, FixRefusalRule


class RefusedFix(FixRefusalRule):
    """Every fix that `--fix` offers can be applied."""

    name = "refused-fix"
    severity = Severity.WARNING
    why = (
        "A fix is applied only if the file still parses, keeps its data and gets no new finding; otherwise a "
        "person must decide."
    )
    notes = (
        "Reported only by `--fix`, at the place of the finding whose fix was rejected. All other fixes are "
        "applied. The check covers the whole library and every enabled rule, including those that `--select` or "
        "`--ignore` leaves out."
    )
    bad = (Example("«»---\ntitle: Böser Traum\n---\n", note="the fix of a rule would damage this file"),)
    good = (Example("title: Fine\n"),)

    def check(self, refused: FixRefusal) -> Iterator[Diagnostic]:
        finding = refused.finding
        title = f" ({finding.fix.title})" if finding.fix is not None else ""
        others = "another fix" if refused.others == 1 else f"{refused.others:,} other fixes"
        more = f"and {others} were not applied" if refused.others else "was not applied"
        yield self.at(
            refused,
            finding.span,
            f"fix of `{finding.rule}`{title} {more}: {refused.reason}",
            route=finding.route,
            subject=finding.rule,
            help=refused.help,
        )
