from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import BODY_ROUTE, Diagnostic, Example, Pattern, Rule, Severity, body_text, label, phrases

_HEAD = "---\ntitle: Kräutergarten\nlifecycle:\n  confidence: 2\n---\n\n"
_RATINGS = (1, 2, 3)
_END = " (High)\n\n### Section 1: Context\n"


class ConfidenceMismatch(Rule):
    """The stars say what the front matter says."""

    name = "confidence-mismatch"
    severity = Severity.WARNING
    why = "Readers go by the stars and programs by the number: one of them is misled."
    notes = (
        "Only ★ count, also in a line that `confidence-line` objects to; `3/3` counts as three. A rating that is not 1, 2 or 3 is "
        "reported by other rules."
    )
    bad = (
        Example(_HEAD + "Töpfe über Töpfe.\n\n> [!NOTE] Confidence Rating: «★★★»" + _END),
        Example(_HEAD + "[!NOTE] Confidence Rating: «★☆☆»" + _END),
        Example(_HEAD + "> [!NOTE] Confidence Rating: «3/3»" + _END),
    )
    good = (
        Example(_HEAD + "> [!NOTE] Confidence Rating: ★★☆" + _END),
        Example(_HEAD + "> [!NOTE] Confidence Rating: ★★" + _END),
        Example(_HEAD + "> [!NOTE] Confidence Rating: Ã¢Ëœâ€¦" + _END, note="nobody knows how many stars"),
        Example(_HEAD.replace("2", "hoch") + "> [!NOTE] Confidence Rating: ★★★" + _END),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        route = pattern.spec.confidence
        node = pattern.get(*route) if route else None
        number = node.number if node is not None else None
        if node is None or number not in _RATINGS:
            return
        found = body_text.find_confidence_line(pattern)
        if found is None or found.rating not in _RATINGS or found.rating == number:
            return
        yield self.at(
            pattern,
            found.stars,
            f"{found.rating} {'star' if found.rating == 1 else 'stars'}, and `{phrases.config_route(route)}` is {number}",
            route=BODY_ROUTE,
            help=f"write `{route[-1]}: {found.rating}` if the stars are right, or {number} ★ if the number is",
            labels=(label(pattern, node.label_span, "the number"),),
        )
