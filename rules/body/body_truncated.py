from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import BODY_ROUTE, BodyLine, Diagnostic, Example, Pattern, Rule, Severity, Span, body_text

_HEAD = "---\ntitle: Kräutergarten\n---\n\n### Section 8: Vitality\n\n"
_QUOTES = " \t\r>'\"`’”“»«›‹)]}"
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d+[.)])\s+\S")
_WORDS = re.compile(r"[^\W\d_a-zß-ÿ][\w.’'-]*+(?: [\w.’'&-]++){0,2}")  # up to three words, the first in upper case
_LINES_ABOVE = 60  # searched for the previous item of a list
_EXCERPT_LENGTH = 40
_DEEP = 1_000  # the indentation of a line that continues an item


class BodyTruncated(Rule):
    """The body ends with a complete sentence."""

    name = "body-truncated"
    severity = Severity.ERROR
    why = "A text that stops in the middle has lost its end: the reader misses what was cut off."
    notes = (
        "The last line with text is checked. A sentence ends with `.`, `!`, `?`, `…` or the mark of another "
        "script, optionally followed by closing quotes, brackets, emphasis, whitespace, notes, HTML tags, anchors "
        "or block ids. A table row, a line that ends with a link, a wiki link or a URL, a footnote, a thematic "
        "break, a code block and HTML need no such end, and neither does a list item if the item before it, or "
        "at least half of the items before it, have none. A section of one to three words, such as a status or a name, "
        "needs none either. "
        "Comments, and lines of only closing marks, are skipped. A list marker or an opening `**` without words "
        "counts as a text that was cut off."
    )
    bad = (
        Example(_HEAD + "Es blüht, und die Vögel «kom»\n"),
        Example(_HEAD + "Es blüht. Man sieht [Vögel](https://example.org/v), «and»  \n\n<!-- mehr? -->\n"),
        Example(_HEAD + "**When to «replant:**»\n"),
        Example(_HEAD + "Es blüht.\n\n«**»\n"),
        Example(_HEAD + "- Salbei blüht.\n- Minze «wird»\n", note="the previous item ends with a full stop"),
        Example(
            _HEAD + "- Salbei blüht.\n- Lauch\n- Thymian duftet.\n- Minze «wird»\n", note="most items end with a mark"
        ),
        Example(_HEAD + "1. Es blüht.\n2. «**»\n"),
        Example(_HEAD.replace("Section 8: Vitality", "Section 8: «Vitality»"), note="only a heading"),
    )
    good = (
        Example(_HEAD + "Man sagt: “*Es blüht!*”)\n\n'''\n"),
        Example(_HEAD + "Es blüht.[^1]\n\n[^1]: Im Hof gesehen.\n"),
        Example(_HEAD + "Es blüht.[2] <!-- Stand: Mai -->\n"),
        Example(_HEAD + "你好！\n"),
        Example(_HEAD + "Es blüht.\n\n## Autorin\n\nRosa Ölm\n", note="a name"),
        Example(_HEAD + "Es blüht.\u00a0\n"),
        Example(_HEAD + "Es blüht.<sup>1</sup> ^blüte\n"),
        Example(_HEAD + "Es blüht.\n\n[^1]: Elm, Im Hof, 2021\n"),
        Example(_HEAD + "Siehe [[kräuter|den Garten]]\n"),
        Example(_HEAD + "Es blüht:\n\n- Salbei\n- Minze\n"),
        Example(_HEAD + "Es blüht:\n\n1. Salbei\n   im Topf\n\n2. Minze\n"),
        Example(_HEAD + "- Salbei\n- Lauch\n- Thymian etc.\n- Minze\n", note="most items end without a mark"),
        Example(_HEAD + "- Beete:\n  - Salbei\n  - Lauch.\n- Höfe\n- Gärten\n"),
        Example(_HEAD + "- [Der Hof](https://example.org/ü)\n"),
        Example(_HEAD + "[1]: https://example.org/ü\n"),
        Example(_HEAD + "| Vögel | viele |\n\n"),
        Example(_HEAD + "Es blüht\n\n* * *\n"),
        Example(_HEAD + "```\nEs blüht\n```\n"),
        Example("---\ntitle: Kräutergarten\n---\n", note="no body"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        line = _last_text_line(pattern)
        if line is None or _needs_no_end(line.text.strip()) or _is_complete(line.text) or _is_list_item(pattern, line):
            return
        if _WORDS.fullmatch(line.text.strip()) and _is_below_heading(pattern, line):
            return
        text = line.text.rstrip()
        word = text.split()[-1]
        end = line.start + len(text)
        yield self.at(
            pattern,
            Span(end - len(word), end),
            f"body ends in the middle of a sentence: `…{text.strip()[-_EXCERPT_LENGTH:]}`",
            route=BODY_ROUTE,
            help="complete the sentence",
        )


def _is_below_heading(pattern: Pattern, line: BodyLine) -> bool:
    """Return whether a line is all that its section has, such as a status or the name of an author."""
    above = pattern.source.text[pattern.body.span.start : line.start].rstrip()
    return bool(above) and pattern.body.heading_at(pattern.body.span.start + len(above) - 1) is not None


def _last_text_line(pattern: Pattern) -> BodyLine | None:
    """Return the last line with text, or None if the body is empty or ends with code."""
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
    if line[-1] == ")" and (link := line.rfind("](")) >= 0 and ")" not in line[link:-1]:
        return True
    word = line.rsplit(maxsplit=1)[-1].strip("<>()*_")
    if "://" in word or word.startswith("www."):
        return True
    return line.endswith("]]") or (line[0] == "[" and "]: " in line)


def _is_complete(line: str) -> bool:
    words = line.lstrip(" \t>")
    after = words.lstrip("0123456789")
    if after[:1] in (".", ")") and not any(map(str.isalnum, after)):
        return False  # a list marker without words
    return body_text.ends_sentence(line) or body_text.ends_sentence(body_text.strip_trailing_notes(line))


def _is_list_item(pattern: Pattern, line: BodyLine) -> bool:
    """Return whether `line` ends a list item, and the item before it, or half of all, ends without a mark."""
    above = pattern.source.text[pattern.body.span.start : line.start].rsplit("\n", _LINES_ABOVE)[-_LINES_ABOVE:]
    lines = [text for text in (*above, line.text) if text.strip()]
    markers = [_ITEM.match(text) for text in lines]
    indents = {at: len(marker[1]) for at, marker in enumerate(markers) if marker is not None}
    if not indents or not any(map(str.isalnum, line.text)):
        return False
    last = max(indents)
    is_complete: list[bool] = []
    following = last
    for at in range(last - 1, -1, -1):
        if at not in indents and not lines[at][0].isspace():
            break
        if indents.get(at, _DEEP) < indents[last]:
            break
        if indents.get(at) == indents[last]:
            is_complete.append(_is_complete(lines[following - 1]))
            following = at
    is_inside = all(text[0].isspace() for text in lines[last + 1 :])
    return bool(is_complete) and is_inside and (not is_complete[0] or 2 * sum(is_complete) <= len(is_complete))
