from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, body_text, label

_HEAD = "---\ntitle: Kräutergarten\n---\n\n"


class HeadingSkip(Rule):
    """Headings go down one level at a time."""

    name = "heading-skip"
    severity = Severity.INFO
    why = "Screen readers and tables of contents follow the levels; a level left out reads as a part that is missing."
    notes = "The first heading may have any level. A heading may be any number of levels above the one before it."
    bad = (
        Example(_HEAD + "# Kräuter\n\n«### Section 1: Context»\n\nDraußen.\n"),
        Example(_HEAD + "### Section 1: Context\n\nDraußen.\n\n«##### Im Hof»\n\nSchatten.\n\n###### Im Beet\n"),
    )
    good = (
        Example(_HEAD + "### Section 1: Context\n\n#### Im Hof\n\n##### Im Beet\n\n### Section 2: Problem\n"),
        Example(_HEAD + "### Section 1: Context\n\n```\n##### Im Hof\n```\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        for before, heading in pairwise(pattern.body.headings):
            if heading.level > before.level + 1:
                yield self.at(
                    pattern,
                    heading.span,
                    f"a heading of level {heading.level} below one of level {before.level}",
                    route=body_text.route_at(pattern, heading.span.start),
                    subject=heading.text,
                    help=f"begin this heading with {before.level + 1} `#`, or give the one above it more",
                    labels=(label(pattern, before.span, f"level {before.level}"),),
                )
