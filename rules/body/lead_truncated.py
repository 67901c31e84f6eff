from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import BODY_ROUTE, Diagnostic, Example, Pattern, Rule, Severity, body_text, label

_HEAD = "---\ntitle: Kräutergarten\nsummary: >-\n  Kräuter in Töpfen, für alle im\n  Hof. Man teilt sie.\n---\n\n"
_END = "\n\n### Section 1: Context\n\nDraußen.\n"


class LeadTruncated(Rule):
    """The opening of the body is a whole sentence."""

    name = "lead-truncated"
    severity = Severity.WARNING
    why = "It is the first thing that people read; a summary cut off at some length looks like a broken page."
    notes = (
        "Found is an opening that is a beginning of the summary, capitals and punctuation apart, and does not end as a "
        "sentence does. The opening is the first paragraph above the sections; one in several lines counts as a whole, "
        "and a title above it is passed over."
    )
    bad = (
        Example(_HEAD + "> «Kräuter in Töpfen, für al»" + _END),
        Example(_HEAD + "# Kräutergarten\n\n«**Kräuter in Töpfen** – für\nalle im Hof. Man»" + _END),
    )
    good = (
        Example(_HEAD + "> Kräuter in Töpfen,\n> für alle im Hof." + _END, note="the paragraph goes on"),
        Example(_HEAD + "Kräuter in Töpfen …" + _END),
        Example(_HEAD + "Töpfe" + _END, note="no beginning of the summary"),
        Example(_HEAD + "### 1. Context\n\nKräuter in Töpfen\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        opening = body_text.lead_paragraph(pattern)
        if opening is None or body_text.ends_sentence(pattern.source.slice(opening)):
            return
        summary = pattern.get("summary")
        if summary is None or not isinstance(summary.value, str):
            return
        words = _letters(pattern.source.slice(opening))
        if words and _letters(summary.value).startswith(words):
            yield self.at(
                pattern,
                opening,
                "the opening breaks off in the middle of the summary",
                route=BODY_ROUTE,
                help="write the sentence to its end; the summary has it",
                labels=(label(pattern, summary.label_span, "the summary goes on"),),
            )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
