from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Library, LibraryRule, Meta, Severity, phrases, shape

_NEARLY_ALL = 0.9
_NAMES = (
    "stakeholder_architecture",
    "value_creation",
    "resilience",
    "ownership",
    "autonomy",
    "composability",
    "fractal_value",
    "vitality",
)


def _scores(*values: float) -> str:
    lines = "".join(f"\n    {name}: {value}" for name, value in zip(_NAMES, values, strict=True))
    return f"---\ntitle: Öven\nontology:\n  commons_assessment:{lines}\n---\n"


class ScoreMonotony(LibraryRule):
    """Scores differ between patterns."""

    name = "score-monotony"
    severity = Severity.INFO
    enabled = False
    why = "If many patterns have the same scores, nobody has judged them one by one, and the scores say nothing."
    notes = (
        "Patterns with all scores of their specification are compared. Reported are one set of scores in many patterns, a score with one "
        "value in nine tenths of them, and scores that all end in .0 or .5. Findings are about the library and have no file."
    )
    bad = (
        Example(
            {
                "a.md": _scores(3, 3, 3.1, 3, 3, 3, 4, 3),
                "b.md": _scores(3, 3, 3.1, 3, 3, 3, 4, 3),
                "c.md": _scores(4, 1, 2, 4, 5, 1, 1, 2),
            },
            options={"least": 3, "most": 0.5},
        ),
        Example(
            {
                "a.md": _scores(3, 3, 3.1, 3, 3, 3, 4, 3),
                "b.md": _scores(3, 4, 4, 5, 5, 1, 1, 2),
                "c.md": _scores(3, 1, 2, 4, 4, 2, 2, 1),
            },
            options={"least": 3, "most": 0.5},
            note="one score is always the same",
        ),
        Example(
            {
                "a.md": _scores(3, 3, 3.5, 3, 3, 3, 4, 3),
                "b.md": _scores(1, 4, 4, 5, 5, 1, 1, 2),
                "c.md": _scores(2, 1, 2, 4, 4, 2, 2, 1),
            },
            options={"least": 3, "most": 0.5},
            note="all scores end in .0 or .5",
        ),
    )
    good = (
        Example(
            {
                "a.md": _scores(3, 3, 3.1, 3, 3, 3, 4, 3),
                "b.md": _scores(1, 4, 4, 5, 5, 1, 1, 2),
                "c.md": _scores(2, 1, 2, 4, 4, 2, 2, 1),
            },
            options={"least": 3, "most": 0.5},
        ),
        Example({"a.md": _scores(*[3] * 8), "b.md": _scores(*[3] * 8)}, note="too few patterns to say anything"),
    )

    most: Annotated[float, Meta(ge=0, le=1, description="The share of patterns that may have one set of scores.")] = 0.2
    least: Annotated[int, Meta(ge=1, description="Libraries with fewer scored patterns are not checked.")] = 50

    def check(self, library: Library) -> Iterator[Diagnostic]:
        if not library.is_whole:
            return
        found = shape.score_shape(card.scores for card in library.cards.values())
        total = found.patterns
        if total < self.least:
            return
        advice = "score each pattern by itself"
        values, count = found.sets[0]
        if count > self.most * total:
            text = " · ".join(f"{value:g}" for value in values)
            message = f"{count:,} of {total:,} patterns ({phrases.percent(count, total)}) have the same scores: {text}"
            yield self.about_library(message, subject="set", help=advice)
        for name, column in zip(found.dimensions, found.values, strict=True):
            value, count = max(column, key=lambda pair: pair[1])
            if count >= _NEARLY_ALL * total:
                message = f"`{name}` is {value:g} in {count:,} of {total:,} patterns ({phrases.percent(count, total)})"
                yield self.about_library(message, subject=name, help=advice)
        if all((2 * value).is_integer() for column in found.values for value, _ in column):
            message = f"the scores of all {total:,} patterns end in .0 or .5"
            yield self.about_library(message, subject="halves", help="use the whole scale")
