from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

_WORD = re.compile(r"[\w'’-]+")
_PART = re.compile(r"\w+")
_VERSUS = frozenset(("vs", "versus"))
_SINGLE_WORDS = 3


def _example(title: str, tension: str) -> Example:
    return Example(f'title: "{title}"\nontology:\n  search_hints:\n    primary_tension: {tension}\n')


class TensionFromTitle(Rule):
    """The primary tension is more than two words of the title."""

    name = "tension-from-title"
    severity = Severity.WARNING
    why = "Two words taken from the title name no conflict; readers learn nothing about the forces that pull here."
    notes = (
        "Found is a tension whose two sides are single words and both stand in the title, with or without an ending such "
        "as `’s`; a word of a hyphened word counts. Upper and lower case make no difference. A title that itself says "
        "“A vs. B” is left alone: it may well name the two forces."
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
        """Look for both sides of the tension among the words of the title."""
        route = pattern.spec.tension
        node = pattern.get(*route) if route else None
        if node is None or not isinstance(node.value, str):
            return
        tension = [word.strip(".").casefold() for word in node.value.split()]
        if len(tension) != _SINGLE_WORDS or tension[1] not in _VERSUS:
            return
        one, _, other = tension
        title = (pattern.text("title") or "").casefold()
        words = set(_PART.findall(title))
        if not _VERSUS.isdisjoint(words):
            return
        words.update(_WORD.findall(title))
        if one in words and other in words:
            yield self.at(
                pattern,
                node.label_span,
                f"both sides of the tension, `{one}` and `{other}`, are mere words of the title",
                route=route,
                help="name the two forces that pull against each other in the problem that this pattern solves",
            )
