from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import CHANGES_BODY, Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout


class FinalNewline(Rule):
    """A file ends with exactly one newline."""

    name = "final-newline"
    severity = Severity.INFO
    why = (
        "Programs expect every line of a text to end with a newline; without the last one, a line is lost or "
        "joined to the next."
    )
    bad = (
        Example("---\ntitle: Gärten\n---\n\nText.«»", "---\ntitle: Gärten\n---\n\nText.\n"),
        Example("---\ntitle: Gärten\n---\n\nText.\n«\n\n»", "---\ntitle: Gärten\n---\n\nText.\n"),
    )
    good = (
        Example("---\ntitle: Gärten\n---\n\nText.\n"),
        Example("---\ntitle: Gärten\n---\n", note="no body"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        issue = layout.check_final_newline(pattern)
        if issue is not None:
            is_missing = issue.detail == layout.MISSING
            yield self.at(
                pattern,
                issue.span,
                "missing newline at the end of the file" if is_missing else "blank lines at the end of the file",
                help="end the last line with a newline"
                if is_missing
                else "delete the blank lines at the end of the file",
                fix=Fix("end the file with one newline", Safety.SAFE, issue.edits, CHANGES_BODY),
            )
