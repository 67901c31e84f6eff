from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

_WORD = re.compile(r"[\w'’-]+")
_PART = re.compile(r"\w+")
_VERSUS = frozenset(("vs", "versus"))
_WORDS = 3  # two forces and the word between them


def _example(title: str, tension: str) -> Example:
    return Example(f'title: "{title}"\nontology:\n  search_hints:\n    primary_tension: {tension}\n')


class TensionFromTitle(Rule):
    """The primary tension is not just two words of the title."""

    name = "tension-from-title"
    severity = Severity.WARNING
    why = "Two words of the title do not describe a conflict, so readers learn nothing about the opposing forces."
    notes = (
        "A tension is reported if its two sides are single words of the title, regardless of case and of endings such as "
        "`’s`. Parts of hyphenated words count. Titles of the form “A vs. B” are skipped, because they may name the "
        "forces themselves."
    )
    bad = (
        _example("Coalition Politics in Movements", '«"Coalition vs. Movements"»'),
        _example("Fürsorge-Räume", "«fürsorge vs. räume»"),
        _example("Beginner’s Mind in Expertise", '«"Beginner vs. Expertise"»'),
        _example("Able-Bodied Privilege Recognition", '«"Able-Bodied vs. Recognition."»'),
    )
    good = (
        _example("Coalition Politics in Movements", '"Coalition vs. Purity"'),
        _example("Coalition Politics in Movements", '"Coalition Politics vs. Movements"'),
        _example("Coalition Politics in Movements", '"Coalition vs. All Movements"'),
        _example("Coalition Politics in Movements", '"Coalition and Movements"'),
        _example("Calling vs Career", '"Calling vs. Career"'),
        _example("Order versus Chaos", '"Order vs. Chaos"'),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        route = pattern.spec.tension
        node = pattern.get(*route) if route else None
        if node is None or not isinstance(node.value, str):
            return
        tension = [word.strip(".").casefold() for word in node.value.split()]
        if len(tension) != _WORDS or tension[1] not in _VERSUS:
            return
        one, _, other = tension
        title = (pattern.text(pattern.spec.identity.title) or "").casefold()
        words = set(_PART.findall(title))
        if not _VERSUS.isdisjoint(words):
            return
        words.update(_WORD.findall(title))
        if one in words and other in words:
            yield self.at(
                pattern,
                node.label_span,
                f"primary tension only repeats `{one}` and `{other}` from the title",
                route=route,
                help="write the two opposing forces of the problem that this pattern solves",
            )
