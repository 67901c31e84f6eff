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
    """The summary uses plain words."""

    name = "orchard/plain-words"
    severity = Severity.INFO
    why = "Readers see the summary first, and many of them work in other fields and languages."
    notes = "Case is ignored. Other forms, such as `utilised`, are not reported."
    bad = (
        Example(
            "title: Café\nsummary: Neighbours «utilise» tools together.\n",
            "title: Café\nsummary: Neighbours use tools together.\n",
            unsafe=True,
        ),
        Example(
            "summary: They «synergise».\n",
            options={"words": ["synergise"]},
            note="an additional word",
        ),
    )
    good = (Example("summary: Neighbours use tools together.\n"),)

    words: Annotated[tuple[str, ...], Meta(description="Additional words to avoid.")] = ()

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Report each word to avoid in the summary."""
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
                f"`{match[0]}` is not a plain word",
                route=("summary",),
                subject=word,
                help=f"write `{better}`" if better else "use a more common word",
                fix=_fix(span, match[0], better) if better else None,
            )


def _fix(span: Span, word: str, better: str) -> Fix:
    return Fix(
        f"replace `{word}` with `{better}`",
        Safety.UNSAFE,
        (Replacement(span, better),),
        (DeclaredChange(("summary",)),),
    )
