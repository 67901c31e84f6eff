"""Something in a file that is not as the canonical layout has it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.source import Span

MISSING = "missing"
EXTRA = "extra"


class LayoutIssue(Struct, frozen=True):
    """A place that differs from the canonical layout, and the edits that mend it; none where that cannot be done.

    Attributes:
        span: the characters that are wrong, or those beside which something is missing.
        edits: what to put right.
        route: the value that it is about; empty where it is about lines between values.
        detail: what is wrong with it, in words.
    """

    span: Span
    edits: tuple[Replacement, ...]
    route: Route = ()
    detail: str = ""


def all_edits(issues: Iterable[LayoutIssue]) -> tuple[Replacement, ...]:
    """Return the edits of `issues`, without duplicates, in their order."""
    return tuple(dict.fromkeys(edit for issue in issues for edit in issue.edits))
