"""cut-by-comment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

_GLUED = re.compile(r"(?<=\S)[ \t]+(?=#[^\s#])")
_PARTS = re.compile(r"(\s*(?:- +)*(?:[\w-]+:)? *)(.*)", re.DOTALL)


class CutByComment(Rule, frozen=True):
    """No ` #` cuts off the rest of a value."""

    name = "cut-by-comment"
    severity = Severity.WARNING
    why = "YAML takes ` #` for the beginning of a comment: what follows is missing from the value, and nothing tells."
    notes = (
        "Reported is a `#` behind a blank with a character directly behind it, as in `issue #12`. A comment with a "
        "blank behind its `#` is taken for a comment. `quote-style` does not close quotes in front of such a `#`."
    )
    bad = (
        Example("title: Der schöne Garten «#2 am Rand»\n"),
        Example("context_labels:\n  corporate: «#1 Größter Garten»\n"),
        Example("sources:\n  - Messungen, Ausgabe «#12»\n"),
    )
    good = (
        Example('title: "Der Garten #2 am Rand"\n'),
        Example("title: Der Garten # am Rand\n"),
        Example("title: Der Garten#2\nsummary: >-\n  Der Garten #2 am Rand.\n"),
        Example("# Größe #2\ntitle: Garten\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Look at every comment that touches a character."""
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
                shown = value.replace("\\", "\\\\").replace('"', '\\"')
                yield self.at(
                    pattern,
                    comment,
                    "the rest of the line is a comment",
                    subject=text[comment.start : comment.end].rstrip(),
                    help=f'if it belongs to the value, write `{head.strip()} "{shown}"`',
                )


def _is_behind_value(text: str, at: int) -> bool:
    """Return whether the line of `at` begins with something else than a comment."""
    return not text[text.rfind("\n", 0, at) + 1 : at].lstrip().startswith("#")


def _split(line: str) -> tuple[str, str]:
    parts = _PARTS.match(line)
    return (parts[1], parts[2]) if parts is not None else ("", line)
