"""body-truncated."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import BODY_ROUTE, Diagnostic, Example, Line, Pattern, Rule, Severity, Span, prose

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 8: Vitality\n\n"
_QUOTES = " \t\r>'\"`’”“»«›‹)]}"
_SHOWN = 40


class BodyTruncated(Rule, frozen=True):
    """The body ends where a sentence does."""

    name = "body-truncated"
    severity = Severity.ERROR
    why = "A text that stops in the middle has lost its end: what was cut off is gone for the reader."
    notes = (
        "Looked at is the last line with text. It ends a sentence with `.`, `!`, `?` or `…`; closing quotes, brackets "
        "and emphasis, and the number of a footnote, may follow. A row of a table, a line that ends with a link or an "
        "address, a rule, a code block and HTML need no such end. Comments and lines of nothing but closing marks are "
        "passed over; a list mark or an opening `**` without words is a text that was cut off."
    )
    bad = (
        Example(_HEAD + "Es blüht, und die Vögel «kom»\n"),
        Example(_HEAD + "Es blüht. Man sieht [Vögel](https://example.org/v), «and»  \n\n<!-- mehr? -->\n"),
        Example(_HEAD + "**When to «replant:**»\n"),
        Example(_HEAD + "Es blüht.\n\n«**»\n"),
        Example(_HEAD + "1. Es blüht.\n2. «**»\n"),
        Example(_HEAD.replace("Section 8: Vitality", "Section 8: «Vitality»"), note="a heading alone"),
    )
    good = (
        Example(_HEAD + "Man sagt: “*Es blüht!*”)\n\n'''\n"),
        Example(_HEAD + "Es blüht.[^1]\n\n[^1]: Im Hof gesehen.\n"),
        Example(_HEAD + "Es blüht.[2] <!-- Stand: Mai -->\n"),
        Example(_HEAD + "- [Der Hof](https://example.org/ü)\n"),
        Example(_HEAD + "[1]: https://example.org/ü\n"),
        Example(_HEAD + "| Vögel | viele |\n\n"),
        Example(_HEAD + "Es blüht\n\n* * *\n"),
        Example(_HEAD + "```\nEs blüht\n```\n"),
        Example("---\ntitle: Kräutergarten\n---\n", note="no body at all"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Look at the last line with text."""
        line = _last_line(pattern)
        if line is None or _needs_no_end(line.text.strip()) or _ends(line.text):
            return
        text = line.text.rstrip()
        word = text.split()[-1]
        end = line.start + len(text)
        yield self.at(
            pattern,
            Span(end - len(word), end),
            f"the text ends in the middle of a sentence: `…{text.strip()[-_SHOWN:]}`",
            route=BODY_ROUTE,
            help="write the text to its end",
        )


def _last_line(pattern: Pattern) -> Line | None:
    """Return the last line with text; None when the body ends with code, or there is none."""
    text = pattern.source.text
    body = pattern.body
    end = body.span.end
    while end > body.span.start:
        start = max(text.rfind("\n", body.span.start, end) + 1, body.span.start)
        line = text[start:end]
        if body.in_fence(start):
            return None
        if not prose.in_comment(pattern, start):
            while line.rstrip().endswith("-->") and "<!--" in line:
                line = line[: line.rindex("<!--")]
            if line.strip().strip(_QUOTES):
                return Line(start, line)
        end = start - 1
    return None


def _needs_no_end(line: str) -> bool:
    if line[0] == "|" or line.endswith("|") or prose.is_rule(line) or (line[0] == "<" and line[-1] == ">"):
        return True
    if line[-1] == ")" and (at := line.rfind("](")) >= 0 and ")" not in line[at:-1]:
        return True
    word = line.rsplit(maxsplit=1)[-1].strip("<>()*_")
    if "://" in word or word.startswith("www."):
        return True
    return line[0] == "[" and line[1:2] != "^" and "]: " in line


def _ends(line: str) -> bool:
    words = line.lstrip(" \t>")
    after = words.lstrip("0123456789")
    if after[:1] in (".", ")") and not any(map(str.isalnum, after)):
        return False  # the mark of a list item, and no words behind it
    if prose.ends_sentence(line):
        return True
    text, bracket, note = line.rstrip().rpartition("[")
    return bool(bracket) and note[-1:] == "]" and note[:-1].lstrip("^").isalnum() and prose.ends_sentence(text)
