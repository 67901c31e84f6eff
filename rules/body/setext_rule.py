from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    CHANGES_BODY,
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
_SUBJECT_LENGTH = 40
_SHORTEST = 3  # dashes that Markdown draws as a line


class SetextRule(Rule):
    """A `---` between sections has a blank line above it."""

    name = "setext-rule"
    severity = Severity.WARNING
    why = "Directly below text, `---` does not draw a line: Markdown turns the whole paragraph into a heading."
    notes = (
        "More than three dashes below a single line of text count as an intended heading, and so do any dashes "
        "below the heading of a section."
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
        Example(_HEAD + "Ort | Größe\n--- | ---\nHof | klein\n---\n\nDraußen.\n", note="a table ends here"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        text = pattern.source.text
        for heading in pattern.body.headings:
            dashes = _unintended_underline(pattern, heading) if heading.setext else None
            if dashes is None:
                continue
            line = text.rfind("\n", 0, dashes.start) + 1
            blank = text[line : dashes.start].rstrip() + "\n"
            yield self.at(
                pattern,
                dashes,
                f"`{pattern.source.slice(dashes)}` turns the text above it into a heading",
                route=body_text.route_at(pattern, dashes.start),
                subject=heading.text[:_SUBJECT_LENGTH],
                help="add a blank line above this line",
                fix=Fix(
                    "add a blank line above the dashes",
                    Safety.SAFE,
                    (Replacement(Span(line, line), blank),),
                    CHANGES_BODY,
                ),
            )


def _unintended_underline(pattern: Pattern, heading: Heading) -> Span | None:
    """Return the dashes below a setext heading, or None if the heading is intended."""
    above, _, last = pattern.source.slice(heading.span).rpartition("\n")
    dashes = last.lstrip(" \t>")
    is_intended = len(dashes) > _SHORTEST and "\n" not in above
    if is_intended or len(dashes) < _SHORTEST or dashes.strip("-"):
        return None
    if any(heading is section.heading for section in pattern.body.sections):
        return None
    return Span(heading.span.end - len(dashes), heading.span.end)
