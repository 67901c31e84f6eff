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


class TrailingSpace(Rule, frozen=True):
    """No line ends with blanks."""

    name = "trailing-space"
    severity = Severity.INFO
    why = "Nobody sees them, and every comparison of two versions shows them."
    notes = (
        "One finding for a file, at its first line. Blanks that mean something stay: two or more of them at the end of a "
        "line of text that goes on in the next line (Markdown breaks the line there), those in code blocks, and those "
        "within a value of the front matter."
    )
    bad = (
        Example("title: Gärten« »\nslug: a\t\n", "---\ntitle: Gärten\nslug: a\n---\n"),
        Example(
            "---\ntitle: Gärten\n---\n\nBäume« »\nund mehr  \nund  \n\n  \nEnde\n",
            "---\ntitle: Gärten\n---\n\nBäume\nund mehr  \nund\n\n\nEnde\n",
        ),
    )
    good = (
        Example("---\ntitle: Gärten\n---\n\nBäume  \nund Wiesen\n\n```\nähm \n```\n", note="a line break, and code"),
        Example("summary: |\n  Gärten \n  Wiesen\n", note="within a value"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        slips = layout.check_trailing_whitespace(pattern)
        if slips:
            lines = "a line ends" if len(slips) == 1 else f"{len(slips)} lines end"
            in_body = slips[-1].span.start >= pattern.body.span.start
            yield self.at(
                pattern,
                slips[0].span,
                f"{lines} with blanks",
                help="delete the blanks at the end of the line",
                fix=Fix(
                    "delete the blanks",
                    Safety.SAFE,
                    tuple(edit for slip in slips for edit in slip.edits),
                    (DeclaredChange(BODY_ROUTE),) if in_body else (),
                ),
            )
