"""summary-truncated."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

_ENDS = (".", "!", "?", "…", "。")
_CLOSING = "\"'”’»«)]*_` \t\n"
_SHOWN = 30


class SummaryTruncated(Rule, frozen=True):
    """The summary ends where a sentence does."""

    name = "summary-truncated"
    severity = Severity.WARNING
    why = "The summary is what readers see in lists and search results; one that breaks off there looks broken."
    notes = (
        "A sentence ends with `.`, `!`, `?` or `…`; closing quotes, brackets and marks of emphasis may follow. An empty "
        "summary is the matter of `empty-value`."
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
        Example('summary: ""\n', note="`empty-value` says so"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Look at the last letter of the summary, closing marks apart."""
        node = pattern.get("summary")
        if node is None or not isinstance(node.value, str):
            return
        text = node.value.rstrip(_CLOSING)
        if text.endswith(_ENDS) or not node.value.strip():
            return
        end = node.value.rstrip()[-_SHOWN:]
        yield self.at(
            pattern,
            node.mark,
            f"the summary ends in the middle of a sentence: `…{end.partition(' ')[2] or end}`",
            route=("summary",),
            help="write the sentence to its end",
        )
