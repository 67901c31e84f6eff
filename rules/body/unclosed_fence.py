from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, Span, body_text

_NUMBERS = {3: "three", 4: "four", 5: "five", 6: "six"}
_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 3: Solution\n\n"


class UnclosedFence(Rule):
    """Every code block that is opened is closed."""

    name = "unclosed-fence"
    severity = Severity.WARNING
    why = "All that follows it is shown as code: headings, lists and links are gone."
    notes = "A block is closed by a line with the same mark, at least as often: ```` ``` ```` by ```` ``` ````, `~~~` by `~~~`."
    bad = (
        Example(_HEAD + "Größe:\n\n«```mermaid»\ngraph TD\n\n### Section 4: Implementation\n"),
        Example(_HEAD + "  «~~~~» \nx\n~~~\n```\n"),
        Example(_HEAD + "- Größe:\n  «```»"),
    )
    good = (
        Example(_HEAD + "```mermaid\ngraph TD\n```\n\n~~~\n```\n~~~~\n"),
        Example(_HEAD + "    ```\n    eingerückt\n"),
        Example(_HEAD + "> ```\n> graph TD\n> ```\n\nFertig.\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        for fence in pattern.body.code_blocks:
            if not fence.closed:
                text = pattern.source.text
                end = text.find("\n", fence.span.start, fence.span.end)
                line = text[fence.span.start : end if end >= 0 else fence.span.end]
                mark = line.lstrip(" \t>-*+.0123456789")
                start = fence.span.start + len(line) - len(mark)
                mark = mark.rstrip()
                yield self.at(
                    pattern,
                    Span(start, start + len(mark)),
                    "this code block is never closed",
                    route=body_text.route_at(pattern, start),
                    help=f"write a line of {_count(len(mark) - len(mark.lstrip(mark[:1])), mark[:1])} where it ends",
                )


def _count(length: int, mark: str) -> str:
    """Return a fence in words: backticks cannot be shown in backticks."""
    number = _NUMBERS.get(length, str(length))
    return f"{number} {'backticks' if mark == '`' else f'tildes (`{mark * length}`)'}"
