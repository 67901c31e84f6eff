from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    BODY_ROUTE,
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Heading,
    Pattern,
    Replacement,
    Rule,
    Safety,
    Severity,
    Span,
    body_text,
)

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 1: Context\n\n"


class SetextRule(Rule):
    """A `---` between two sections has a blank line above it."""

    name = "setext-rule"
    severity = Severity.WARNING
    why = "Right below text, `---` draws no line: Markdown makes a heading of that whole paragraph."
    notes = (
        "A line of more than three dashes below a single line of text is taken for a heading that is meant, and so is "
        "any below the heading of a section."
    )
    bad = (
        Example(
            _HEAD + "Draußen, unter Bäumen.\n«---»\n\n### Section 2: Problem\n",
            _HEAD + "Draußen, unter Bäumen.\n\n---\n\n### Section 2: Problem\n",
        ),
        Example(
            _HEAD + "> Draußen,\n> unter Bäumen.\n> «------» \n\n### Section 2: Problem\n",
            _HEAD + "> Draußen,\n> unter Bäumen.\n>\n> ------ \n\n### Section 2: Problem\n",
        ),
        Example(
            (_HEAD + "Draußen.\n«---»\n").replace("\n", "\r\n"),
            (_HEAD + "Draußen.\n\n---\n").replace("\n", "\r\n"),
        ),
    )
    good = (
        Example(_HEAD + "Draußen.\n\n---\n\n- Bäume\n---\n\n> Schatten\n---\n"),
        Example(_HEAD + "Bäume und Schatten\n------------------\n\nDraußen.\n"),
        Example("---\ntitle: Kräutergarten\n---\n\nSection 1: Context\n---\n\nDraußen.\n"),
        Example(_HEAD + "| Ort |\n|---|\n| Hof |\n\nDraußen\n===\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        for heading in pattern.body.headings:
            if heading.setext:
                dashes = _dashes(pattern, heading)
                if dashes is not None:
                    yield self._finding(pattern, heading, dashes)

    def _finding(self, pattern: Pattern, heading: Heading, dashes: Span) -> Diagnostic:
        text = pattern.source.text
        line = text.rfind("\n", 0, dashes.start) + 1
        blank = text[line : dashes.start].rstrip() + "\n"
        return self.at(
            pattern,
            dashes,
            "this line makes a heading of the text above it",
            route=body_text.route_at(pattern, dashes.start),
            subject=heading.text[:_SHOWN],
            help="put a blank line above it",
            fix=Fix(
                "add a blank line", Safety.SAFE, (Replacement(Span(line, line), blank),), (DeclaredChange(BODY_ROUTE),)
            ),
        )


_SHOWN = 40
_SHORTEST = 3


def _dashes(pattern: Pattern, heading: Heading) -> Span | None:
    """Return the dashes below a heading that is not meant as one, or None."""
    raw = pattern.source.slice(heading.span)
    above, _, last = raw.rpartition("\n")
    bare = last.lstrip(" \t>")
    if len(bare) < _SHORTEST or bare.strip("-") or (len(bare) > _SHORTEST and "\n" not in above):
        return None
    if any(heading is section.heading for section in pattern.body.sections):
        return None
    return Span(heading.span.end - len(bare), heading.span.end)
