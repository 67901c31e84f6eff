from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Fix, Meta, Pattern, Rule, Safety, Severity, layout, phrases

_FIT = "x" * 30


class FoldWidth(Rule, frozen=True):
    """A folded text has no line that is too wide."""

    name = "fold-width"
    severity = Severity.INFO
    why = "A paragraph in one endless line cannot be read in an editor, and a change to one word changes all of it."
    notes = (
        "One finding for a file, at its first line that is too wide: wider than 72 columns in 7.1, 80 in 8.2, with the "
        "indentation. Only the paragraph with such a line is filled anew, from that line on; what fits stays as it is. "
        "A word that is too long by itself cannot be helped. Blank lines, and lines that are indented deeper than the "
        "rest, part paragraphs and stay as they are."
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
        Example(f"title: Gärten\nsummary: >-\n  {'x' * 90}\n", note="one long word"),
        Example(f"title: Gärten\nsummary: {_FIT} {_FIT} {_FIT}\n", note="not folded"),
        Example(
            f"title: Gärten\nsummary: >-\n  - {_FIT}\n    {_FIT} {_FIT} {_FIT}\n", note="set apart by its indentation"
        ),
    )

    width: Annotated[int, Meta(ge=0, description="The most columns of a line; 0 for those of the spec.")] = 0

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        width = self.width or pattern.spec.style.fold_width
        slips = layout.check_fold_width(pattern, width)
        if slips:
            first = slips[0]
            yield self.at(
                pattern,
                first.span,
                f"a line of `{phrases.config_route(first.route)}` has more than {width} columns",
                route=first.route,
                help=f"break the text so that no line is wider than {width} columns",
                fix=Fix("fill the paragraph anew", Safety.SAFE, tuple(edit for slip in slips for edit in slip.edits)),
            )
