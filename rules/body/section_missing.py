"""section-missing."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Label, Pattern, Rule, Severity, Span, label, prose

_BODY = """\
---
title: Kräutergarten
---

### Section 1: Context
Draußen.
### Section 2: Problem
Zu wenig Platz.
### Section 3: Solution
Kisten.
### Section 4: Implementation
Sägen, füllen, gießen.
### Section 5: Consequences
Schnecken.
### Section 6: Known Uses
Der Hof.
{seven}
Maschinen gießen.
### Section 8: Vitality
{end}"""


class SectionMissing(Rule, frozen=True):
    """The body has all sections of the spec."""

    name = "section-missing"
    severity = Severity.ERROR
    why = "Readers, and the pages that are made of the patterns, look for every section in its place."
    notes = (
        "A section is known by its heading, `Section 3: Solution` or `3. Solution`, at any level and with more words "
        "behind the title. In a file that uses the first form, the title decides and the second form is an ordinary "
        "sub-heading. A finding points at the end of the file, because there is no better place for what is not there."
    )
    bad = (
        Example(
            _BODY.format(seven="### Section 7: Future Era", end="Es blüht.«»\n"),
            note="the number alone does not make a section",
        ),
        Example(
            _BODY.format(seven="### 7. Cognitive Era", end="Es blüht.\n«»\n"),
            note="in a file with `Section N`, this is an ordinary sub-heading",
        ),
        Example("---\ntitle: Leer, aber schön\n---«»«»«»«»«»«»«»«»", note="nothing at all: eight findings"),
    )
    good = (
        Example(_BODY.format(seven="## section 7: Cognitive Era Considerations", end="Es blüht.\n")),
        Example(
            _BODY.replace("Section 7", "7")
            .format(seven="", end="")
            .replace("Section 8", "Section 7: Cognitive Era\n### Section 8")
        ),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Look for a section of every number."""
        wanted = pattern.spec.body.sections
        there = {section.number for section in pattern.body.sections}
        if len(there) == len(wanted):
            return
        end = _end(pattern.source.text)
        for number, section in enumerate(wanted, 1):
            if number in there:
                continue
            heading = f"### Section {number}: {section.title}"
            other = prose.numbered(pattern, number)
            if other is None:
                advice = f"add the heading `{heading}`, and write the section below it"
                labels: tuple[Label, ...] = ()
            else:
                advice = (
                    f"if the section called “{other.text}” is meant, give it the heading `{heading}`; else add that one"
                )
                labels = (label(pattern, other.span, "the same number, another title"),)
            yield self.at(
                pattern,
                end,
                f"section {number}, {section.title}, is missing",
                route=(f"section-{number}",),
                help=advice,
                labels=labels,
            )


def _end(text: str) -> Span:
    """Return the end of the last line; a final newline begins no other."""
    end = len(text)
    if text.endswith("\n"):
        end -= 2 if text.endswith("\r\n") else 1
    return Span(end, end)
