"""Layout issues."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.source import Span

MISSING = "missing"
EXTRA = "extra"


class LayoutIssue(Struct, frozen=True):
    """A difference from the canonical layout, with the edits that correct it; without edits if none is safe.

    Attributes:
        span: the wrong characters, or those next to missing ones.
        edits: the correction.
        route: the value that it concerns; empty for lines between values.
        detail: its kind or its subject, for the message.
    """

    span: Span
    edits: tuple[Replacement, ...]
    route: Route = ()
    detail: str = ""


def all_edits(issues: Iterable[LayoutIssue]) -> tuple[Replacement, ...]:
    """Return the edits of `issues`, without duplicates, in their order."""
    return tuple(dict.fromkeys(edit for issue in issues for edit in issue.edits))
