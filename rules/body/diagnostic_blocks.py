from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Section, Severity

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 5: Consequences\n\n"


class DiagnosticBlocks(Rule):
    """Every section has the blocks that the specification asks for."""

    name = "diagnostic-blocks"
    severity = Severity.INFO
    enabled = False
    why = "Readers find risks, and signs of a practice in decay, under the same words in every pattern."
    notes = (
        "The specification lists them as `blocks`: in 7.1 and 8.2, Section 5 has the blocks “What flourishes” and “What risks emerge”, and Section 8 “Signs of life”, “Signs "
        "of decay” and “When to replant”. A block begins with a sub-heading, or with bold words at the start of a "
        "line; case is ignored."
    )
    bad = (
        Example(
            _HEAD.replace("### Section 5: Consequences", "«### Section 5: Consequences»")
            + "**What flourishes:**\n\nVögel über Blüten.\n\nWhat risks emerge: Dürre.\n"
        ),
        Example(
            "---\ntitle: Kräutergarten\n---\n\n««### Section 8: Vitality»»\n\nEs blüht.\n\n#### SIGNS OF DECAY\n\nWelk.\n"
        ),
    )
    good = (
        Example(_HEAD + "#### What flourishes?\n\nVögel.\n\n- **What Risks Emerge:** Dürre.\n"),
        Example("---\ntitle: Kräutergarten\n---\n\n### Section 1: Context\n\nDraußen.\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        for number, expected in enumerate(pattern.spec.body.sections, 1):
            section = pattern.body.section(number) if expected.blocks else None
            if section is None:
                continue
            titles = tuple(_block_titles(pattern, section))
            for block in expected.blocks:
                if not any(title.startswith(block.casefold()) for title in titles):
                    yield self.at(
                        pattern,
                        section.heading.span,
                        f"missing block `{block}` in {section.name}",
                        route=section.route,
                        subject=block,
                        help=f"add a line `**{block}:**` and write the block below it",
                    )


def _block_titles(pattern: Pattern, section: Section) -> Iterator[str]:
    """Yield the case-folded text of every line that begins with a heading or with bold text."""
    for line in pattern.lines(section.span, code=False):
        words = line.text.lstrip(" \t>-*+_#")
        marks = line.text[: len(line.text) - len(words)]
        if "#" in marks or "**" in marks or "__" in marks:
            yield words.casefold()
