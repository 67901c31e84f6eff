from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, Span

_GLUED = re.compile(r"(?<=\S)[ \t]+(?=#[^\s#])")
_PROPERTY = re.compile(  # a literal comes first, which the search of `re` skips to
    r"(?:!(?<=[:\-\[,] !)[^!<\s]*|&(?<=[:\-\[,] &)(?P<anchor>[^\s,\[\]{}]+))[ \t]+(?=[^\s#|>])"
)
_PARTS = re.compile(r"(\s*(?:- +)*(?:[\w-]+:)? *)(.*)", re.DOTALL)


class CutByComment(Rule):
    """No ` #` cuts off the rest of a value, and no `!` or `&` its first word."""

    name = "cut-by-comment"
    severity = Severity.WARNING
    yields_to = ("wrong-type",)
    why = (
        "YAML reads ` #` as the start of a comment, so the rest of the line silently disappears from the value. It "
        "reads a first word such as `!Repair` as a tag, and `&Repair` as an anchor, and drops it as well."
    )
    notes = (
        "A `#` after a space is reported if a character directly follows it, as in `issue #12`; a `#` before a "
        "space is read as an intended comment. `quote-style` does not close quotes before a reported `#`. An "
        "anchor that an alias uses is not reported, and neither is a tag with `!!` or `!<`."
    )
    bad = (
        Example("title: Der schöne Garten «#2 am Rand»\n"),
        Example("context_labels:\n  corporate: «#1 Größter Garten»\n"),
        Example("sources:\n  - Messungen, Ausgabe «#12»\n"),
        Example("summary: Öfen\ntitle: «!Repair» Café\n"),
        Example("aliases: [Öfen, «&Repair» Café]\n"),
    )
    good = (
        Example('title: "Der Garten #2 am Rand"\n'),
        Example("title: Der Garten # am Rand\n"),
        Example("title: Der Garten#2\nsummary: >-\n  Der Garten #2 am Rand.\n"),
        Example("# Größe #2\ntitle: Garten\n"),
        Example(
            "title: &name Café Größe\naliases:\n  - *name\n  - !!str 12 Öfen\n", note="an anchor with an alias, a tag"
        ),
        Example('title: "Café: !Repair now"\nsummary: Lärm &Licht und mehr\n'),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        text = pattern.source.text
        start, end = pattern.front.span.start, pattern.front.span.end
        if _may_have_property(text, start, end):
            yield from self._properties(pattern)
        if text.find(" #", start, end) < 0:
            return
        hashes = [match.end() for match in _GLUED.finditer(text, start, end) if _is_after_value(text, match.start())]
        comments = {comment.start: comment for comment in pattern.comments} if hashes else {}
        for comment in filter(None, map(comments.get, hashes)):
            line = text[text.rfind("\n", 0, comment.start) + 1 : comment.end].rstrip()
            head, value = _split(line)
            yield self.at(
                pattern,
                comment,
                "rest of the line is a comment",
                subject=pattern.source.slice(comment).rstrip(),
                help=f"write `{head.strip()} {_quoted(value)}` if it belongs to the value",
            )

    def _properties(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Yield a finding for each scalar that begins with a tag or an anchor which is probably text."""
        text = pattern.source.text
        start, end = pattern.front.span.start, pattern.front.span.end
        for match in _PROPERTY.finditer(text, start, end):
            node = pattern.scalars.at(match.start())
            if node is None or node.start != match.start() or node.style == "*":
                continue
            anchor = match["anchor"]
            if anchor and re.compile(rf"\*{re.escape(anchor)}(?![^\s,\[\]{{}}])").search(text, start, end):
                continue
            word = match[0].rstrip()
            written = text[node.start : node.end]
            head, value = _split(text[text.rfind("\n", 0, node.start) + 1 : node.end])
            yield self.at(
                pattern,
                Span(node.start, node.start + len(word)),
                f"`{word}` is {'an anchor' if anchor else 'a tag'}, not part of the value",
                subject=word,
                help=f"write `{head.strip()} {_quoted(value)}`" if value == written else f"write `{_quoted(written)}`",
            )


def _may_have_property(text: str, start: int, end: int) -> bool:
    """Return whether a `!` or `&` may begin a tag or an anchor: most are words in a text."""
    for mark in (" !", " &"):
        at = text.find(mark, start, end)
        while at >= 0:
            if text[at - 1] in ":-[,":
                return True
            at = text.find(mark, at + 1, end)
    return False


def _is_after_value(text: str, offset: int) -> bool:
    """Return whether the line of `offset` begins with something other than a comment."""
    return not text[text.rfind("\n", 0, offset) + 1 : offset].lstrip().startswith("#")


def _quoted(value: str) -> str:
    return '"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"'))


def _split(line: str) -> tuple[str, str]:
    """Return the key or `- ` of a line, and its value."""
    parts = _PARTS.match(line)
    return (parts[1], parts[2]) if parts is not None else ("", line)
