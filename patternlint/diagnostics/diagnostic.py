"""Diagnostics: what is wrong, where, and how to fix it."""

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
        path: the file, as its `Source` names it.
        rule: the name of the rule.
        severity: the level, after the configuration is applied.
        message: what is wrong: one lower-case clause, without the remedy.
        span: the exact characters that it is about.
        region: the same in lines and columns.
        route: the same as a path into the front matter or the body, stable while lines move.
        subject: what, of several things at one route, it is about (a slug, a phrase): tells two findings of
            one rule in one list apart when items move. Empty where the route says all.
        labels: other places that help to understand it.
        help: what to do, in one or two sentences.
        fix: the repair, or None.
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


def sort_key(finding: Diagnostic) -> tuple[str, int, int, str, str]:
    """Return the key by which findings are sorted: path, span, rule, message."""
    return finding.path, finding.span.start, finding.span.end, finding.rule, finding.message
