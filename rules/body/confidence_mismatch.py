from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import BODY_ROUTE, Diagnostic, Example, Pattern, Rule, Severity, body_text, label, phrases

_HEAD = "---\ntitle: Kräutergarten\nlifecycle:\n  confidence: 2\n---\n\n"
_END = " (High)\n\n### Section 1: Context\n"


class ConfidenceMismatch(Rule):
    """The stars match the confidence in the front matter."""

    name = "confidence-mismatch"
    severity = Severity.WARNING
    why = "Readers rely on the stars and programs on the number: one of them is misled."
    notes = (
        "Only ★ count, also in a line that `confidence-line` reports; `3/3` counts as three. A rating other than "
        "1, 2 or 3 is reported by other rules."
    )
    bad = (
        Example(_HEAD + "Töpfe über Töpfe.\n\n> [!NOTE] Confidence Rating: «★★★»" + _END),
        Example(_HEAD + "[!NOTE] Confidence Rating: «★☆☆»" + _END),
        Example(_HEAD + "> [!NOTE] Confidence Rating: «3/3»" + _END),
    )
    good = (
        Example(_HEAD + "> [!NOTE] Confidence Rating: ★★☆" + _END),
        Example(_HEAD + "> [!NOTE] Confidence Rating: ★★" + _END),
        Example(_HEAD + "> [!NOTE] Confidence Rating: Ã¢Ëœâ€¦" + _END, note="unreadable stars"),
        Example(_HEAD.replace("2", "hoch") + "> [!NOTE] Confidence Rating: ★★★" + _END),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        route = pattern.spec.confidence
        node = pattern.get(*route) if route else None
        number = node.number if node is not None else None
        ratings = range(1, len(pattern.spec.body.confidence_labels) + 1)
        if node is None or number not in ratings:
            return
        line = body_text.find_confidence_line(pattern)
        if line is None or line.rating not in ratings or line.rating == number:
            return
        yield self.at(
            pattern,
            line.stars,
            f"confidence rating has {line.rating} {'star' if line.rating == 1 else 'stars'}, but `{phrases.config_route(route)}` is {number}",
            route=BODY_ROUTE,
            help=f"write `{route[-1]}: {line.rating}` if the stars are right, or {number} ★ if the number is right",
            labels=(label(pattern, node.label_span, "confidence in the front matter"),),
        )
