"""orchard/plain-words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from patternlint.rule import (
    Annotated,
    Change,
    Diagnostic,
    Example,
    Fix,
    Meta,
    Pattern,
    Replace,
    Rule,
    Safety,
    Severity,
    Span,
)

_WORD = re.compile(r"[^\W\d_]+")
_INSTEAD: Mapping[str, str] = {"facilitate": "help", "leverage": "use", "utilise": "use", "utilize": "use"}


class PlainWords(Rule, frozen=True):
    """The summary is written in plain words."""

    name = "orchard/plain-words"
    severity = Severity.INFO
    why = "The summary is read first, often by people who come from another trade and another language."
    notes = "Words count whatever their case; `utilised` is another word than `utilise`, and passes."
    bad = (
        Example(
            "title: Café\nsummary: Neighbours «utilise» tools together.\n",
            "title: Café\nsummary: Neighbours use tools together.\n",
            unsafe=True,
        ),
        Example(
            "summary: They «synergise».\n",
            "summary: They work together.\n",
            unsafe=True,
            options={"words": {"synergise": "work together"}},
        ),
    )
    good = (Example("summary: Neighbours use tools together.\n"),)

    words: Annotated[dict[str, str], Meta(description="Words to avoid, each with what to write instead.")] = {}

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Look up each word of the summary."""
        node = pattern.get("summary")
        if node is None or not isinstance(node.value, str):
            return
        instead = {**_INSTEAD, **self.words}
        for match in _WORD.finditer(pattern.source.slice(node.span)):
            better = instead.get(match[0].lower())
            if better is not None:
                span = Span(node.start + match.start(), node.start + match.end())
                edit = Replace(span, better)
                yield self.at(
                    pattern,
                    span,
                    f"`{match[0]}` is no plain word",
                    route=("summary",),
                    subject=match[0].lower(),
                    help=f"write `{better}`",
                    fix=Fix(f"write `{better}`", Safety.UNSAFE, (edit,), (Change(("summary",)),)),
                )
