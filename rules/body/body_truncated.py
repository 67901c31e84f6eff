from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import BODY_ROUTE, BodyLine, Diagnostic, Example, Pattern, Rule, Severity, Span, body_text

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 8: Vitality\n\n"
_QUOTES = " \t\r>'\"`’”“»«›‹)]}"
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d+[.)])\s+\S")
_REACH = 60  # lines above the last one
_SHOWN = 40


class BodyTruncated(Rule):
    """The body ends where a sentence does."""

    name = "body-truncated"
    severity = Severity.ERROR
    why = "A text that stops in the middle has lost its end: what was cut off is gone for the reader."
    notes = (
        "Looked at is the last line with text. It ends a sentence with `.`, `!`, `?`, `…` or the mark of another "
        "script; closing quotes, brackets, emphasis, blanks of any kind, notes, HTML marks, anchors and the names of "
        "blocks may follow. A row of a table, a line that ends with a link, a wiki link or an address, a footnote, a "
        "rule, a code block and HTML need no such end, nor does an item of a list in which the item before has none. "
        "Comments and lines of nothing but closing marks are "
        "passed over; a list mark or an opening `**` without words is a text that was cut off."
    )
    bad = (
        Example(_HEAD + "Es blüht, und die Vögel «kom»\n"),
        Example(_HEAD + "Es blüht. Man sieht [Vögel](https://example.org/v), «and»  \n\n<!-- mehr? -->\n"),
        Example(_HEAD + "**When to «replant:**»\n"),
        Example(_HEAD + "Es blüht.\n\n«**»\n"),
        Example(_HEAD + "- Salbei blüht.\n- Minze «wird»\n", note="the item before ends with a full stop"),
        Example(_HEAD + "1. Es blüht.\n2. «**»\n"),
        Example(_HEAD.replace("Section 8: Vitality", "Section 8: «Vitality»"), note="a heading alone"),
    )
    good = (
        Example(_HEAD + "Man sagt: “*Es blüht!*”)\n\n'''\n"),
        Example(_HEAD + "Es blüht.[^1]\n\n[^1]: Im Hof gesehen.\n"),
        Example(_HEAD + "Es blüht.[2] <!-- Stand: Mai -->\n"),
        Example(_HEAD + "你好！\n"),
        Example(_HEAD + "Es blüht.\u00a0\n"),
        Example(_HEAD + "Es blüht.<sup>1</sup> ^blüte\n"),
        Example(_HEAD + "Es blüht.\n\n[^1]: Elm, Im Hof, 2021\n"),
        Example(_HEAD + "Siehe [[kräuter|den Garten]]\n"),
        Example(_HEAD + "Es blüht:\n\n- Salbei\n- Minze\n"),
        Example(_HEAD + "Es blüht:\n\n1. Salbei\n   im Topf\n\n2. Minze\n"),
        Example(_HEAD + "- [Der Hof](https://example.org/ü)\n"),
        Example(_HEAD + "[1]: https://example.org/ü\n"),
        Example(_HEAD + "| Vögel | viele |\n\n"),
        Example(_HEAD + "Es blüht\n\n* * *\n"),
        Example(_HEAD + "```\nEs blüht\n```\n"),
        Example("---\ntitle: Kräutergarten\n---\n", note="no body at all"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        line = _last_line(pattern)
        if line is None or _needs_no_end(line.text.strip()) or _ends(line.text) or _is_among_items(pattern, line):
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


def _last_line(pattern: Pattern) -> BodyLine | None:
    """Return the last line with text; None when the body ends with code, or there is none."""
    text = pattern.source.text
    body = pattern.body
    end = body.span.end
    while end > body.span.start:
        start = max(text.rfind("\n", body.span.start, end) + 1, body.span.start)
        line = text[start:end]
        if body.is_in_code_block(start):
            return None
        if not body_text.is_in_html_comment(pattern, start):
            while line.rstrip().endswith("-->") and "<!--" in line:
                line = line[: line.rindex("<!--")]
            if line.strip().strip(_QUOTES):
                return BodyLine(start, line)
        end = start - 1
    return None


def _needs_no_end(line: str) -> bool:
    if (
        line[0] == "|"
        or line.endswith("|")
        or body_text.is_thematic_break(line)
        or (line[0] == "<" and line[-1] == ">")
    ):
        return True
    if line[-1] == ")" and (at := line.rfind("](")) >= 0 and ")" not in line[at:-1]:
        return True
    word = line.rsplit(maxsplit=1)[-1].strip("<>()*_")
    if "://" in word or word.startswith("www."):
        return True
    return line.endswith("]]") or (line[0] == "[" and "]: " in line)


def _ends(line: str) -> bool:
    words = line.lstrip(" \t>")
    after = words.lstrip("0123456789")
    if after[:1] in (".", ")") and not any(map(str.isalnum, after)):
        return False  # the mark of a list item, and no words behind it
    return body_text.ends_sentence(line) or body_text.ends_sentence(body_text.strip_trailing_notes(line))


def _is_among_items(pattern: Pattern, line: BodyLine) -> bool:
    """Return whether `line` ends an item of a list in which the item before ends without a mark."""
    above = pattern.source.text[pattern.body.span.start : line.start].split("\n")[-_REACH:]
    lines = [one for one in (*above, line.text) if one.strip()]
    items = [(at, len(item[1])) for at, one in enumerate(lines) if (item := _ITEM.match(one)) is not None]
    if not items or not any(map(str.isalnum, line.text)):
        return False
    start, indent = items[-1]
    before = next((at for at, depth in reversed(items[:-1]) if depth <= indent), None)
    if before is None or (before, indent) not in items:
        return False
    starts = {at for at, _ in items}
    rest = (one for at, one in enumerate(lines) if at > before and at not in starts)
    return all(one[0].isspace() for one in rest) and not _ends(lines[start - 1])
