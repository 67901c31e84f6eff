from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import TENSION, Diagnostic, Example, Pattern, Rule, Severity

_MARK = "**"
_HEAD = "---\ntitle: Kräutergarten\n---\n\n"


class Therefore(Rule):
    """A section states its core in a line with the beginning that the specification asks for."""

    name = "therefore"
    severity = Severity.WARNING
    why = "The one bold line is what people remember and quote, and what lists of patterns show."
    notes = (
        "The specification names the beginning of the line as `opens-with`: in 7.1 and 8.2, Section 3 has a line that "
        "begins with `> **Therefore, `. The line may be anywhere in the section. A missing section is reported by "
        "`section-missing`."
    )
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
        for number, opening in pattern.spec.body.opening_lines.items():
            section = pattern.body.section(number) if TENSION not in opening else None
            start = opening.rstrip(" ,:")
            if section is None or pattern.source.text.find(f"\n{start}", section.span.start, section.span.end) >= 0:
                continue
            line = f"{opening}….{_MARK if opening.count(_MARK) % 2 else ''}"
            yield self.at(
                pattern,
                section.heading.span,
                f"missing line `{line}` in {section.name}",
                route=section.route,
                help=f"begin the section with its core in one sentence: `{line}`",
            )
