from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, Span, body_text

_NUMBERS = {3: "three", 4: "four", 5: "five", 6: "six"}
_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 3: Solution\n\n"


class UnclosedFence(Rule):
    """Every code block is closed."""

    name = "unclosed-fence"
    severity = Severity.WARNING
    why = "Everything after it is shown as code, including headings, lists and links."
    notes = (
        "A line with the same mark, at least as often, closes a block: ```` ``` ```` closes ```` ``` ````, and "
        "`~~~` closes `~~~`."
    )
    bad = (
        Example(_HEAD + "Größe:\n\n«```mermaid»\ngraph TD\n\n### Section 4: Implementation\n"),
        Example(_HEAD + "  «~~~~» \nx\n~~~\n```\n"),
        Example(_HEAD + "- Größe:\n  «```»"),
    )
    good = (
        Example(_HEAD + "```mermaid\ngraph TD\n```\n\n~~~\n```\n~~~~\n"),
        Example(_HEAD + "    ```\n    eingerückt\n"),
        Example(_HEAD + "> ```\n> graph TD\n> ```\n\nFertig.\n"),
        Example(_HEAD + "<Beete>\n```js\nhöfe()\n\nbeete()\n```\n</Beete>\n", note="inside a component (MDX)"),
        Example(_HEAD + "Text[^1]\n\n[^1]: ```js\n    höfe()\n\n    beete()\n    ```\n", note="in a footnote"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        text = pattern.source.text
        for block in pattern.body.code_blocks:
            if block.closed:
                continue
            line = text[block.span.start : block.span.end].partition("\n")[0]
            opening = line.lstrip(" \t>-*+.0123456789")
            start = block.span.start + len(line) - len(opening)
            opening = opening.rstrip()
            yield self.at(
                pattern,
                Span(start, start + len(opening)),
                "unclosed code block",
                route=body_text.route_at(pattern, start),
                help=f"add a line of {_fence_in_words(opening)} at the end of the code block",
            )


def _fence_in_words(opening: str) -> str:
    """Return a fence in words: backticks cannot be shown in backticks."""
    mark = opening[:1]
    length = len(opening) - len(opening.lstrip(mark))
    number = _NUMBERS.get(length, str(length))
    return f"{number} {'backticks' if mark == '`' else f'tildes (`{mark * length}`)'}"
