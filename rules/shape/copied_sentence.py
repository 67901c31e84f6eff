from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Library, LibraryRule, Meta, Severity, phrases, sentences


def _pattern(title: str, text: str) -> str:
    return f"---\ntitle: {title}\nontology: {{}}\n---\n{text}\n"


_TEXT = "{} keeps the kitchen warm and feeds everybody who comes by before the evening."


class CopiedSentence(LibraryRule):
    """Patterns do not share whole sentences."""

    name = "copied-sentence"
    severity = Severity.INFO
    enabled = False
    needs_sentences = True
    why = "A sentence that stands in many patterns does not describe any of them."
    notes = (
        "The title of the pattern and markup are put aside, so that a sentence with another title in it is the same. Headings, tables "
        "and sentences of fewer than 45 characters do not count. The ten most frequent sentences are reported. Findings are about the "
        "library and have no file."
    )
    bad = (
        Example(
            {
                "a.md": _pattern("Öven", _TEXT.format("Öven")),
                "b.md": _pattern("Bread", _TEXT.format("Bread")),
            },
            options={"most": 1},
        ),
    )
    good = (
        Example(
            {
                "a.md": _pattern("Öven", _TEXT.format("Öven")),
                "b.md": _pattern("Bread", "Bread feeds everybody who comes by before the long evening ends."),
            },
            options={"most": 1},
        ),
    )

    most: Annotated[int, Meta(ge=1, description="The number of patterns that may share a sentence.")] = 20

    def check(self, library: Library) -> Iterator[Diagnostic]:
        if not library.is_whole:
            return
        digests = {path: card.sentences for path, card in library.cards.items()}
        frequent = sentences.frequent_sentences(digests.values(), self.most + 1)
        for one in sentences.copied_sentences(digests, frequent):
            share = phrases.percent(one.count, len(digests))
            yield self.about_library(
                f"{one.count:,} patterns ({share}) share a sentence word for word, such as `{one.path}`",
                subject=one.digest.hex(),
                help="write what is particular about each pattern; `patternlint report` shows the sentence",
            )
