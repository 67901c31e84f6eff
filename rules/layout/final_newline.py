from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    BODY_ROUTE,
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Rule,
    Safety,
    Severity,
    layout,
)


class FinalNewline(Rule, frozen=True):
    """A file ends with one newline."""

    name = "final-newline"
    severity = Severity.INFO
    why = "Programs take a text for lines that each end with a newline; without the last one, a line is lost or glued to the next."
    bad = (
        Example("---\ntitle: Gärten\n---\n\nText.«»", "---\ntitle: Gärten\n---\n\nText.\n"),
        Example("---\ntitle: Gärten\n---\n\nText.\n«\n\n»", "---\ntitle: Gärten\n---\n\nText.\n"),
    )
    good = (
        Example("---\ntitle: Gärten\n---\n\nText.\n"),
        Example("---\ntitle: Gärten\n---\n", note="no text"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        slip = layout.check_final_newline(pattern)
        if slip is not None:
            missing = slip.what == layout.MISSING
            yield self.at(
                pattern,
                slip.span,
                "no newline at the end of the file" if missing else "blank lines at the end of the file",
                help="end the last line with a newline" if missing else "delete the blank lines at the end",
                fix=Fix("end the file with one newline", Safety.SAFE, slip.edits, (DeclaredChange(BODY_ROUTE),)),
            )
