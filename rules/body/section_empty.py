from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, body_text

_CONFLICT = "the core conflict is"
_MARKS = " \t\r\n>*_"
_TEXT = re.compile(rf"[{_MARKS}]*(?:(?i:the core)[^\n<]*\n[{_MARKS}]*)?(?!(?i:the core))[^\W_]")
"""Matches a section that begins with text, also below the line with the core conflict."""
_HEAD = "---\ntitle: Kräutergarten\n---\n\n"


class SectionEmpty(Rule):
    """Every section has content."""

    name = "section-empty"
    severity = Severity.ERROR
    why = "A heading without text promises what the pattern does not contain."
    notes = (
        "Sub-headings, `---`, HTML comments and the line with the core conflict do not count as content. Images, "
        "tables and code blocks do."
    )
    bad = (
        Example(_HEAD + "«### Section 1: Context»\n\n---\n\n«### Section 2: Problem»\n"),
        Example(
            _HEAD + "«### Section 2: Problem»\n\n> **The core conflict is Nähe vs. Weite.**\n\n---\n\n"
            "### Section 3: Solution\n\nKisten.\n"
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
        text = pattern.source.text
        for section in pattern.body.sections:
            span = section.span
            if _TEXT.match(text, span.start, span.end):
                continue  # the usual case: no need to check line by line
            if not any(map(_is_text, body_text.strip_html_comments(text[span.start : span.end]).splitlines())):
                yield self.at(
                    pattern,
                    section.heading.span,
                    f"section {section.number}, {section.title}, is empty",
                    route=section.route,
                    help="write the text of the section",
                )


def _is_text(line: str) -> bool:
    words = line.lstrip(_MARKS)
    if not words or (words[0] == "#" and words.lstrip("#")[:1] in ("", " ", "\t")):
        return False
    return any(map(str.isalnum, words)) and not words.casefold().startswith(_CONFLICT)
