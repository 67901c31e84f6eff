from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity, Span
from patternlint.rule.internal import FileTooLargeError, InternalErrorRule, RuleFailure


class FileTooLarge(InternalErrorRule):
    """No file is larger than the limit."""

    name = "file-too-large"
    severity = Severity.ERROR
    why = "A file of many megabytes is not a pattern, and it would take the time and memory of all others."
    notes = "The file is not checked. The limit is `limits.file-size` in the configuration."
    bad = (Example("«»---\ntitle: Böser Traum\n---\n", note="this file is larger than the limit"),)
    good = (Example("title: Fine\n"),)
    errors = (FileTooLargeError,)
    example_failure = RuleFailure("", "", FileTooLargeError(0, "the file has 6,000,000 bytes; the limit is 5,000,000"))

    def check(self, failure: RuleFailure) -> Iterator[Diagnostic]:
        advice = "exclude the file (`exclude` in the configuration), or raise `limits.file-size`"
        yield self.at(failure, Span(0, 0), str(failure.error.args[1]), help=advice)
