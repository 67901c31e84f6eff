from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity, Span
from patternlint.rule.internal import InternalErrorRule, LineTooLongError, RuleFailure


class LineTooLong(InternalErrorRule):
    """No line is longer than the limit."""

    name = "line-too-long"
    severity = Severity.ERROR
    why = (
        "A line of a million bytes is data, such as an embedded image, and it would take the time and memory of "
        "all others."
    )
    notes = "The file is not checked. The limit is `limits.line-length` in the configuration."
    bad = (Example("«»---\ntitle: Böser Traum\n---\n", note="a line of this file is longer than the limit"),)
    good = (Example("title: Fine\n"),)
    errors = (LineTooLongError,)
    example_failure = RuleFailure("", "", LineTooLongError("the line has 2,000,000 bytes; the limit is 1,000,000", 1))

    def check(self, failure: RuleFailure) -> Iterator[Diagnostic]:
        advice = "move the data to a file of its own, or raise `limits.line-length` in the configuration"
        yield self.at(failure, Span(0, 0), str(failure.error.args[1]), help=advice)
