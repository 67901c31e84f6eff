from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from patternlint.rule import TENSION, Diagnostic, Example, Pattern, Rule, Severity, body_text

_MARKS = " \t\r\n>*_"
_HEAD = "---\ntitle: Kräutergarten\n---\n\n"


class SectionEmpty(Rule):
    """Every section has content."""

    name = "section-empty"
    severity = Severity.ERROR
    why = "A heading without text promises what the pattern does not contain."
    notes = (
        "Sub-headings, `---`, HTML comments and a line that repeats the primary tension do not count as content. Images, "
        "tables and code blocks do."
    )
    bad = (
        Example(_HEAD + "«### Section 1: Context»\n\n---\n\n«### Section 2: Problem»\n"),
        Example(
            _HEAD + "«### Section 2: Problem»\n\n> **The core conflict is Nähe vs. Weite.**\n\n---\n\n"
            "### Section 3: Solution\n\nKisten.\n"
        ),
        Example(
            "---\nclassification: {}\n---\n\n«# 1. Overview»\n\n«# 2. Core Principles»\n\n# 1. Overview\n\nBäume.\n",
            spec="1.3",
            note="headings in a row without a text",
        ),
        Example(_HEAD + "«### Section 4: Implementation»\n\n#### Erste Schritte\n\n<!-- später\n\nmehr -->\n\n- \n"),
    )
    good = (
        Example(_HEAD + "### Section 1: Context\nDa.\n### Section 3: Solution\n\n> **Therefore, gießen.**\n"),
        Example(_HEAD + "### Section 4: Implementation\n\n```mermaid\ngraph TD\n```\n"),
        Example(_HEAD + "### Section 6: Known Uses\n\n<!-- zuerst --> Der Hof.\n\n<p>Der Garten</p>\n"),
        Example(_HEAD + "### Section 6: Known Uses\n\n<p>Der Hof</p>\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        text, body = pattern.source.text, pattern.spec.body
        for section in pattern.body.sections:
            span = section.span
            repeated = _repeated_words(body.opening_lines.get(section.number, ""))
            if _text_form(repeated).match(text, span.start, span.end):
                continue  # the usual case: no need to check line by line
            lines = body_text.strip_html_comments(text[span.start : span.end]).splitlines()
            if not any(_is_text(line, repeated) for line in lines):
                yield self.at(
                    pattern,
                    section.heading.span,
                    f"{body.subject_of(section.number)} is empty",
                    route=section.route,
                    help="delete this heading: the section occurs again"
                    if any(one.number == section.number and one is not section for one in pattern.body.sections)
                    else "write the text of the section",
                )


def _repeated_words(opening: str) -> str:
    """Return the words before the tension in the line that a section opens with, or an empty string."""
    before, tension, _ = opening.partition(TENSION)
    return before.strip(_MARKS).casefold() if tension else ""


@cache
def _text_form(repeated: str) -> re.Pattern[str]:
    """Return a pattern that matches a section that begins with text, also below the line with the tension."""
    if not repeated:
        return re.compile(rf"[{_MARKS}]*[^\W_]")
    words = rf"(?i:{re.escape(repeated)})"
    return re.compile(rf"[{_MARKS}]*(?:{words}[^\n<]*\n[{_MARKS}]*)?(?!{words})[^\W_]")


def _is_text(line: str, repeated: str) -> bool:
    words = line.lstrip(_MARKS)
    if not words or (words[0] == "#" and words.lstrip("#")[:1] in ("", " ", "\t")):
        return False
    return any(map(str.isalnum, words)) and not (repeated and words.casefold().startswith(repeated))
