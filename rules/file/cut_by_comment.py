from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, Span

_GLUED = re.compile(r"(?<=\S)[ \t]+(?=#[^\s#])")
_PROPERTY = re.compile(r"(?<=[:\-\[,] )(?:![^!<\s]*|&(?P<anchor>[^\s,\[\]{}]+))[ \t]+(?=[^\s#|>])")
_PARTS = re.compile(r"(\s*(?:- +)*(?:[\w-]+:)? *)(.*)", re.DOTALL)


class CutByComment(Rule):
    """No ` #` cuts off the rest of a value, and no `!` or `&` its first word."""

    name = "cut-by-comment"
    severity = Severity.WARNING
    yields_to = ("wrong-type",)
    why = (
        "YAML takes ` #` for the beginning of a comment: what follows is missing from the value, and nothing tells. "
        "It takes a first word such as `!Repair` for a tag and `&Repair` for an anchor, and drops it as well."
    )
    notes = (
        "Reported is a `#` behind a blank with a character directly behind it, as in `issue #12`. A comment with a "
        "blank behind its `#` is taken for a comment. `quote-style` does not close quotes in front of such a `#`. "
        "An anchor that an alias uses and tags with `!!` or `!<` are not reported."
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
        yield from self._check_properties(pattern)
        text = pattern.source.text
        span = pattern.front.span
        if text.find(" #", span.start, span.end) < 0:
            return
        found = [
            match for match in _GLUED.finditer(text, span.start, span.end) if _is_behind_value(text, match.start())
        ]
        if not found:
            return
        comments = {comment.start: comment for comment in pattern.comments}
        for match in found:
            comment = comments.get(match.end())
            if comment is not None:
                line = text[text.rfind("\n", 0, comment.start) + 1 : comment.end].rstrip()
                head, value = _split(line)
                yield self.at(
                    pattern,
                    comment,
                    "the rest of the line is a comment",
                    subject=text[comment.start : comment.end].rstrip(),
                    help=f"if it belongs to the value, write `{head.strip()} {_quoted(value)}`",
                )

    def _check_properties(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Yield a finding for each scalar that begins with a tag or an anchor which is probably text."""
        text = pattern.source.text
        span = pattern.front.span
        if text.find(" !", span.start, span.end) < 0 and text.find(" &", span.start, span.end) < 0:
            return
        for match in _PROPERTY.finditer(text, span.start, span.end):
            node = pattern.scalars.at(match.start())
            if node is None or node.start != match.start() or node.style == "*":
                continue
            anchor = match["anchor"]
            if anchor and re.compile(rf"\*{re.escape(anchor)}(?![^\s,\[\]{{}}])").search(text, span.start, span.end):
                continue
            lost = match[0].rstrip()
            written = text[node.start : node.end]
            line_start = text.rfind("\n", 0, node.start) + 1
            head, value = _split(text[line_start : node.end])
            yield self.at(
                pattern,
                Span(node.start, node.start + len(lost)),
                f"`{lost}` is {'an anchor' if anchor else 'a tag'}, not part of the value",
                subject=lost,
                help=f"write `{head.strip()} {_quoted(value)}`" if value == written else f"write `{_quoted(written)}`",
            )


def _is_behind_value(text: str, at: int) -> bool:
    """Return whether the line of `at` begins with something else than a comment."""
    return not text[text.rfind("\n", 0, at) + 1 : at].lstrip().startswith("#")


def _quoted(value: str) -> str:
    """Return a value in double quotes."""
    return '"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"'))


def _split(line: str) -> tuple[str, str]:
    parts = _PARTS.match(line)
    return (parts[1], parts[2]) if parts is not None else ("", line)
