from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import BODY_ROUTE, Diagnostic, Example, Pattern, Rule, Severity, did_you_mean

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 1: Context\n\nDraußen.\n\n"
_CLOSED = "[body]\nothers = false\n"


class SectionUnknown(Rule):
    """Every heading on the level of the sections is a section of the specification."""

    name = "section-unknown"
    severity = Severity.WARNING
    why = "Programs that read the sections ignore a section with an unknown title, and readers do not expect it."
    notes = (
        "Applies only to specifications with `others = false` in `[body]`; 7.1 and 8.2 allow other headings. Headings "
        "of other levels are not checked."
    )
    bad = (
        Example(_HEAD + "«### Section 2: Probleme»\n\nEnge.\n", settings=_CLOSED),
        Example(_HEAD + "#### Im Hof\n\n«### Öfen»\n\nHeiß.\n", settings=_CLOSED),
    )
    good = (
        Example(_HEAD + "# Kräuter\n\n#### Im Hof\n\n### Section 2: Problem\n", settings=_CLOSED),
        Example(_HEAD + "### Öfen\n\nHeiß.\n", note="7.1 allows other headings"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        body = pattern.spec.body
        if body.others or not body.sections:
            return
        own = {section.heading.span for section in pattern.body.sections}
        headings = map(body.heading_of, range(1, len(body.sections) + 1))
        known = {heading.lstrip("# "): heading for heading in headings}
        for heading in pattern.body.headings:
            if heading.level != body.form.level or heading.span in own:
                continue
            closest = did_you_mean.closest_matches(heading.text, known)
            advice = f"did you mean `{known[closest[0]]}`?" if closest else ""
            yield self.at(
                pattern,
                heading.span,
                f"unknown section `{heading.text}`",
                route=BODY_ROUTE,
                subject=heading.text,
                help=advice or f"make it a sub-heading, `{'#' * (heading.level + 1)} {heading.text}`, or delete it",
            )
