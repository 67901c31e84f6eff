from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    Annotated,
    Diagnostic,
    Example,
    Fix,
    Meta,
    Pattern,
    Rule,
    Safety,
    Severity,
    layout,
    phrases,
)

_FIT = "x" * 30


class FoldWidth(Rule):
    """No line of a folded text is too wide."""

    name = "fold-width"
    severity = Severity.INFO
    why = "A paragraph on one endless line is hard to read in an editor, and every change of a word changes all of it."
    notes = (
        "One finding per file, at the first line that is wider than 72 columns in 7.1, or 80 in 8.2, including the "
        "indentation. The fix rewraps only paragraphs with such a line, from that line on; lines that fit are "
        "unchanged. A single word that is too long is ignored. Blank lines and lines with deeper indentation "
        "separate paragraphs and are unchanged."
    )
    bad = (
        Example(
            "title: Gärten\nsummary: >-\n  short\n  «a garden of many words is a garden that takes many an hour of the day»\n",
            "---\ntitle: Gärten\nsummary: >-\n  short\n  a garden of many words is a garden that takes many\n  an hour of the day\n---\n",
            options={"width": 52},
        ),
        Example(
            "title: Gärten\nsummary: >-\n"
            "  a first line that fits\n  «a second one that does not»\n  and a third\n\n  a last one\n    that  is set apart from all the rest\n",
            "---\ntitle: Gärten\nsummary: >-\n"
            "  a first line that fits\n  a second one that does\n  not and a third\n\n  a last one\n    that  is set apart from all the rest\n---\n",
            options={"width": 24},
        ),
    )
    good = (
        Example(f"title: Gärten\nsummary: >-\n  {'x' * 70}\n"),
        Example(f"title: Gärten\nsummary: >-\n  {'x' * 90}\n", note="a single long word"),
        Example(f"title: Gärten\nsummary: {_FIT} {_FIT} {_FIT}\n", note="not folded"),
        Example(
            f"title: Gärten\nsummary: >-\n  - {_FIT}\n    {_FIT} {_FIT} {_FIT}\n", note="lines with deeper indentation"
        ),
    )

    width: Annotated[
        int, Meta(ge=0, description="Maximum number of columns of a line; 0 takes the width from the specification.")
    ] = 0

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        width = self.width or pattern.spec.style.fold_width
        issues = layout.check_fold_width(pattern, width)
        if issues:
            first = issues[0]
            yield self.at(
                pattern,
                first.span,
                f"`{phrases.config_route(first.route)}` has a line wider than {width} columns",
                route=first.route,
                help=f"break the text so that no line is wider than {width} columns",
                fix=Fix(f"rewrap the text at {width} columns", Safety.SAFE, layout.all_edits(issues)),
            )
