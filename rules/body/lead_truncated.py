from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import BODY_ROUTE, Diagnostic, Example, Pattern, Rule, Severity, body_text, label

_HEAD = "---\ntitle: Kräutergarten\nsummary: >-\n  Kräuter in Töpfen, für alle im\n  Hof. Man teilt sie.\n---\n\n"
_END = "\n\n### Section 1: Context\n\nDraußen.\n"


class LeadTruncated(Rule):
    """The opening of the body is a complete sentence."""

    name = "lead-truncated"
    severity = Severity.WARNING
    why = "It is the first thing that people read; a summary that is cut off looks like a broken page."
    notes = (
        "An opening is reported if it repeats the beginning of the summary, ignoring case and punctuation, and "
        "does not end like a sentence. The opening is the first paragraph above the sections, including all of its "
        "lines; a title above it is skipped."
    )
    bad = (
        Example(_HEAD + "> «Kräuter in Töpfen, für al»" + _END),
        Example(_HEAD + "# Kräutergarten\n\n«**Kräuter in Töpfen** – für\nalle im Hof. Man»" + _END),
    )
    good = (
        Example(_HEAD + "> Kräuter in Töpfen,\n> für alle im Hof." + _END, note="the paragraph continues"),
        Example(_HEAD + "Kräuter in Töpfen …" + _END),
        Example(_HEAD + "Töpfe" + _END, note="not the beginning of the summary"),
        Example(_HEAD + "### 1. Context\n\nKräuter in Töpfen\n"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        opening = body_text.lead_paragraph(pattern)
        if opening is None or body_text.ends_sentence(pattern.source.slice(opening)):
            return
        summary = pattern.get(pattern.spec.summary)
        if summary is None or not isinstance(summary.value, str):
            return
        words = _letters(pattern.source.slice(opening))
        if words and _letters(summary.value).startswith(words):
            yield self.at(
                pattern,
                opening,
                "opening stops in the middle of the summary",
                route=BODY_ROUTE,
                help="complete the sentence from the summary",
                labels=(label(pattern, summary.label_span, "summary"),),
            )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
