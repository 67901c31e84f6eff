from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, body_text, label

_HEAD = "---\ntitle: Kräutergarten\n---\n\n"


class HeadingSkip(Rule):
    """Heading levels increase by one at a time."""

    name = "heading-skip"
    severity = Severity.INFO
    why = "Screen readers and tables of contents follow the levels; a skipped level reads like a missing part."
    notes = "The first heading may have any level. A heading may be any number of levels higher than the one before it."
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
                    f"heading of level {heading.level} follows a heading of level {before.level}",
                    route=body_text.route_at(pattern, heading.span.start),
                    subject=heading.text,
                    help=f"begin this heading with `{'#' * (before.level + 1)}`, or add `#` to the heading above",
                    labels=(label(pattern, before.span, f"level {before.level}"),),
                )
