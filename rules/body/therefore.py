from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

_SECTION = 3
_LINE = "> **Therefore"
_HEAD = "---\ntitle: Kräutergarten\n---\n\n"


class Therefore(Rule):
    """Section 3 states the solution in a line that begins with “Therefore”."""

    name = "therefore"
    severity = Severity.WARNING
    why = "The one bold line is what people remember and quote, and what lists of patterns show."
    notes = "The line may be anywhere in Section 3. A missing section is reported by `section-missing`."
    bad = (
        Example(_HEAD + "«### Section 3: Solution»\n\nGießen, also wachsen.\n"),
        Example(
            _HEAD + "«### 3. Solution»\n\n**Therefore, gießen.**\n\n> Therefore, gießen. **Therefore** wächst es.\n"
        ),
    )
    good = (
        Example(_HEAD + "### Section 3: Solution\n\nZuerst:\n\n> **Therefore, gießen.**\n"),
        Example(_HEAD + "### Section 2: Problem\n\nEnge.\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        section = pattern.body.section(_SECTION)
        if section is None or pattern.source.text.find("\n" + _LINE, section.span.start, section.span.end) >= 0:
            return
        yield self.at(
            pattern,
            section.heading.span,
            f"missing line `{_LINE}, ….**` in section {_SECTION}, {section.title}",
            route=section.route,
            help=f"begin the section with the solution in one bold sentence: `{_LINE}, ….**`",
        )
