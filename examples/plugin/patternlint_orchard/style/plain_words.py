"""orchard/plain-words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from patternlint.rule import (
    Annotated,
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Meta,
    Pattern,
    Replacement,
    Rule,
    Safety,
    Severity,
    Span,
)

_WORD = re.compile(r"[^\W\d_]+")
_INSTEAD: Mapping[str, str] = {"facilitate": "help", "leverage": "use", "utilise": "use", "utilize": "use"}


class PlainWords(Rule):
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
            options={"words": ["synergise"]},
            note="a word of one's own",
        ),
    )
    good = (Example("summary: Neighbours use tools together.\n"),)

    words: Annotated[tuple[str, ...], Meta(description="Further words to avoid.")] = ()

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Look up each word of the summary."""
        node = pattern.get("summary")
        if node is None or not isinstance(node.value, str):
            return
        for match in _WORD.finditer(pattern.source.slice(node.span)):
            word = match[0].lower()
            better = _INSTEAD.get(word)
            if better is None and word not in self.words:
                continue
            span = Span(node.start + match.start(), node.start + match.end())
            yield self.at(
                pattern,
                span,
                f"`{match[0]}` is no plain word",
                route=("summary",),
                subject=word,
                help=f"write `{better}`" if better else "say it as you would to a neighbour",
                fix=_fix(span, better) if better else None,
            )


def _fix(span: Span, better: str) -> Fix:
    return Fix(f"write `{better}`", Safety.UNSAFE, (Replacement(span, better),), (DeclaredChange(("summary",)),))
