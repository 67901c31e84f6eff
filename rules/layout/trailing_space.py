from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import CHANGES_BODY, Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout


class TrailingSpace(Rule):
    """No line ends with spaces or tabs."""

    name = "trailing-space"
    severity = Severity.INFO
    why = "They are invisible, and every comparison of two versions shows them."
    notes = (
        "One finding per file, at its first line. Spaces and tabs with a meaning stay: two or more of them at the "
        "end of a line of text that continues on the next line (a line break in Markdown), those in code blocks, "
        "and those within a value of the front matter."
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
        issues = layout.check_trailing_whitespace(pattern)
        if issues:
            in_body = issues[-1].span.start >= pattern.body.span.start
            title, edits = "delete the spaces and tabs at the end of lines", layout.all_edits(issues)
            yield self.at(
                pattern,
                issues[0].span,
                "line ends with spaces or tabs" if len(issues) == 1 else f"{len(issues)} lines end with spaces or tabs",
                help="delete the spaces and tabs at the end of the line",
                fix=Fix(title, Safety.SAFE, edits, CHANGES_BODY if in_body else ()),
            )
