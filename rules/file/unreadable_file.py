from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity
from patternlint.rule.internal import InternalErrorRule, RuleFailure


class UnreadableFile(InternalErrorRule):
    """Every file and folder of the library can be read."""

    name = "unreadable-file"
    severity = Severity.ERROR
    why = "A file that cannot be read is not checked, and silence would look like a clean file."
    bad = (Example("«»---\ntitle: Böser Traum\n---\n", note="the system refuses to open this file"),)
    good = (Example("title: Fine\n"),)
    errors = (OSError,)
    example_failure = RuleFailure("", "", PermissionError(13, "Permission denied"))

    def check(self, failure: RuleFailure) -> Iterator[Diagnostic]:
        error = failure.error
        kind = "folder" if isinstance(error, IsADirectoryError) else "file"
        reason = error.strerror if isinstance(error, OSError) and error.strerror else failure.reason
        advice = f"make it readable, or exclude the {kind} (`exclude` in the configuration)"
        yield self.at(failure, None, f"{kind} cannot be read: {reason}", help=advice)
