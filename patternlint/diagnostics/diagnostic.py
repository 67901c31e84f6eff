"""Diagnostics: problems with a location, a help and maybe a fix."""

from __future__ import annotations

from msgspec import Struct

from patternlint.diagnostics.fix import Fix
from patternlint.diagnostics.route import Route
from patternlint.diagnostics.severity import Severity
from patternlint.source import WHOLE_FILE, Region, Span


class Label(Struct, frozen=True, omit_defaults=True, gc=False):
    """A secondary location. An empty `path` means the file of the diagnostic."""

    message: str
    region: Region
    path: str = ""


ALL_RULES = "ALL"


class Diagnostic(Struct, frozen=True, omit_defaults=True):
    """One problem that a rule reports.

    Attributes:
        path: the path of the file, as in its `Source`.
        rule: the name of the rule.
        severity: the level, after the configuration is applied.
        message: the problem in one lower-case clause, without the remedy.
        span: the characters that it is reported for.
        region: the span in lines and columns.
        route: the value or section that it is reported for; unlike the span it does not change when lines move.
        subject: the slug or phrase that distinguishes several findings of a rule at one route, so that they keep their
            identity when items move; empty if the route is enough.
        labels: secondary locations.
        help: the remedy, in one or two sentences.
        fix: the fix, or None.
    """

    path: str
    rule: str
    severity: Severity
    message: str
    span: Span = Span(0, 0)
    region: Region = WHOLE_FILE
    route: Route = ()
    subject: str = ""
    labels: tuple[Label, ...] = ()
    help: str = ""
    fix: Fix | None = None


LINE_ENDINGS = "CRLF"
"""The subject of a finding about the line endings of a whole file."""


def is_about_line_endings(finding: Diagnostic) -> bool:
    """Return whether git may convert what a finding is about when it stores the file."""
    return finding.subject == LINE_ENDINGS and not finding.route


def sort_key(finding: Diagnostic) -> tuple[str, int, int, str, str]:
    """Return the key by which findings are sorted: path, span, rule, message."""
    return finding.path, finding.span.start, finding.span.end, finding.rule, finding.message
