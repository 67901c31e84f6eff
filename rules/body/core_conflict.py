from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from patternlint.rule import (
    CHANGES_BODY,
    TENSION,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Replacement,
    Rule,
    Safety,
    Section,
    Severity,
    Span,
    label,
)

_ARTICLES = frozenset(("a", "an", "the"))
_HEAD = (
    "---\ntitle: Kräutergarten\nontology:\n  search_hints:\n    primary_tension: Nähe vs. Weite\n---\n\n"
    "### Section 2: Problem\n\n"
)
_MARKED = _HEAD.replace("### Section 2: Problem", "«### Section 2: Problem»")


class CoreConflict(Rule):
    """A section states the primary tension as its core conflict."""

    name = "core-conflict"
    severity = Severity.WARNING
    why = "People find the pattern by the tension in the front matter; the text should be about the same one."
    notes = (
        "The specification names the line as `opens-with`: in 7.1 and 8.2, Section 2 has a line `> **The core conflict is "
        "X.**`, and X contains `primary_tension`; case, "
        "punctuation, articles and the spelling of “vs.” are ignored. An article that is itself a side of the "
        "tension, as in “The vs. Life”, counts as a word. Without a primary tension, only the form of the line is "
        "checked."
    )
    bad = (
        Example(
            _MARKED + "Es ist eng.\n",
            _HEAD + "> **The core conflict is Nähe vs. Weite.**\n\nEs ist eng.\n",
            unsafe=True,
        ),
        Example(
            _MARKED + "> **The core tension is Nähe vs. Weite.**\n\nEs ist eng.\n",
            _HEAD + "> **The core conflict is Nähe vs. Weite.**\n\nEs ist eng.\n",
            unsafe=True,
            note="a similar line",
        ),
        Example(
            _HEAD + "> **The core conflict is «Weite vs. Nähe».**\n\nEs ist eng.\n",
            _HEAD + "> **The core conflict is Nähe vs. Weite.**\n\nEs ist eng.\n",
            unsafe=True,
        ),
        Example(
            _HEAD.replace("Nähe", "The") + "> **The core conflict is «die Nähe vs. Weite».**\n",
            _HEAD.replace("Nähe", "The") + "> **The core conflict is The vs. Weite.**\n",
            unsafe=True,
        ),
        Example(_MARKED.replace("primary_tension: Nähe vs. Weite", "vector_keywords: []") + "Es ist eng.\n"),
    )
    good = (
        Example(_HEAD + "Es ist so:\n\n> **The core conflict is between the nähe versus the “weite”, too.**\n"),
        Example(_HEAD.replace("2: Problem", "3: Solution") + "Kisten.\n"),
        Example(_HEAD.replace("Nähe vs. Weite", "''") + "> **The core conflict is Nähe vs. Weite.**\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        route = pattern.spec.tension
        tension = " ".join((pattern.text(*route) or "").split()) if route else ""
        for number, opening in pattern.spec.body.opening_lines.items():
            section = pattern.body.section(number) if TENSION in opening else None
            if section is None:
                continue
            line = _line_form(opening).search(pattern.source.text, section.span.start, section.span.end)
            if line is None:
                yield self._missing(pattern, section, opening, tension)
            elif tension and line["conflict"] != tension and _folded(tension) not in _folded(line["conflict"]):
                yield self._mismatch(pattern, section, Span(*line.span("conflict")), tension)

    def _missing(self, pattern: Pattern, section: Section, opening: str, tension: str) -> Diagnostic:
        similar = _similar_line(pattern, section)
        line = opening.replace(TENSION, tension.rstrip(".") or "…")
        fix = None
        if tension:
            end = section.heading.span.end
            edit = Replacement(similar, line) if similar is not None else Replacement(Span(end, end), f"\n\n{line}")
            title = f"add `{line}`" if similar is None else f"replace the similar line with `{line}`"
            fix = Fix(title, Safety.UNSAFE, (edit,), CHANGES_BODY)
        return self.at(
            pattern,
            section.heading.span,
            f"missing line `{opening.replace(TENSION, '…')}` in {section.name}",
            route=section.route,
            help=f"begin the section with `{line}`",
            labels=(label(pattern, similar, "similar line"),) if similar is not None else (),
            fix=fix,
        )

    def _mismatch(self, pattern: Pattern, section: Section, conflict: Span, tension: str) -> Diagnostic:
        node = pattern.get(*pattern.spec.tension)
        text = tension.rstrip(".")
        title = f"replace `{pattern.source.slice(conflict)}` with `{text}`"
        return self.at(
            pattern,
            conflict,
            f"core conflict does not name the primary tension `{tension}`",
            route=section.route,
            help=f"write `{text}` here, or correct the primary tension in the front matter",
            labels=(label(pattern, node.label_span, "primary tension"),) if node is not None else (),
            fix=Fix(title, Safety.UNSAFE, (Replacement(conflict, text),), CHANGES_BODY),
        )


@cache
def _line_form(opening: str) -> re.Pattern[str]:
    before, _, after = opening.partition(TENSION)
    return re.compile(rf"\n{re.escape(before)}(?P<conflict>[^\n]+){re.escape(after)}[^\S\n]*(?=\n|\Z)")


def _similar_line(pattern: Pattern, section: Section) -> Span | None:
    """Return a line that was probably meant as the one with the core conflict, or None."""
    similar = tuple(map(str.casefold, pattern.spec.body.sections[section.number - 1].similar))
    for line in pattern.lines(section.span, code=False):
        words = line.text.lstrip(" \t>*_").casefold()
        if similar and words.startswith(similar) and line.text.lstrip()[:1] in (">", "*", "_"):
            return line.span
    return None


def _folded(text: str) -> str:
    """Return the words of `text` in lower case, without articles and punctuation, with a space around each."""
    bare = "".join(c if c.isalnum() else "" if c in "'’" else " " for c in text.casefold())
    words = ["vs" if word == "versus" else word for word in bare.split()]
    following = [*words, "vs"][1:]  # an article before "vs" or at the end is a side of the tension
    significant = (word for word, after in zip(words, following, strict=True) if word not in _ARTICLES or after == "vs")
    return f" {' '.join(significant)} "
