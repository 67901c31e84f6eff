from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, body_text

_SHOWN = 30


class SummaryTruncated(Rule):
    """The summary ends with a complete sentence."""

    name = "summary-truncated"
    severity = Severity.WARNING
    why = "The summary appears in lists and search results, where a truncated one looks broken."
    notes = (
        "A sentence ends with `.`, `!`, `?`, `…` or the equivalent in another script. Closing quotes, brackets, emphasis "
        "markers, whitespace and a footnote number may follow. An empty summary is reported by `empty-value`."
    )
    bad = (
        Example("title: Große Töpfe\nsummary: «>-\n  Große Töpfe für alle,\n  and the»\n"),
        Example('summary: «"People meet, talk, and cook (often together)"»\n'),
        Example("summary: «'People meet:'»\n"),
    )
    good = (
        Example("summary: >-\n  Große Töpfe\n  für alle.\n"),
        Example("summary: 'They say: “Come in!”'\n"),
        Example('summary: "People meet (and *cook.*)"\n'),
        Example('summary: "人们见面！"\n'),
        Example('summary: "लोग मिलते हैं।"\n'),
        Example('summary: "People meet.\u00a0"\n'),
        Example('summary: ""\n', note="reported by `empty-value`"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        key = pattern.spec.summary
        node = pattern.get(key)
        if node is None or not isinstance(node.value, str):
            return
        if body_text.ends_sentence(body_text.strip_trailing_notes(node.value)) or not node.value.strip():
            return
        end = node.value.rstrip()[-_SHOWN:]
        yield self.at(
            pattern,
            node.label_span,
            f"summary ends in mid-sentence: `…{end.partition(' ')[2] or end}`",
            route=(key,),
            help="complete the last sentence",
        )
