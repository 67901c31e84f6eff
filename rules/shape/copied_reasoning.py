from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Library, LibraryRule, Meta, Severity, phrases, shape


def _pattern(title: str, reasons: str) -> str:
    return f"---\ntitle: {title}\nontology:\n  commons_assessment:\n    vitality_reasoning: {reasons}\n---\n"


class CopiedReasoning(LibraryRule):
    """Patterns give reasons of their own for their scores."""

    name = "copied-reasoning"
    severity = Severity.INFO
    enabled = False
    why = "Reasons that are the same for many patterns do not explain any of their scores."
    notes = (
        "The title of the pattern and line breaks are put aside, so that a text with another title in it is the same. Findings are about "
        "the library and have no file; a run for some files does not report them."
    )
    bad = (
        Example(
            {
                "a.md": _pattern("Öven", "The Öven feeds everybody."),
                "b.md": _pattern("Bread", "The Bread feeds everybody."),
            },
            options={"most": 1},
        ),
    )
    good = (
        Example(
            {
                "a.md": _pattern("Öven", "The Öven feeds everybody."),
                "b.md": _pattern("Bread", "The Öven feeds everybody."),
                "c.md": "---\ntitle: Salt\n---\n",
                "d.md": "---\ntitle: Flour\n---\n",
            },
            options={"most": 1},
        ),
    )

    most: Annotated[int, Meta(ge=1, description="The number of patterns that may share a text.")] = 20

    def check(self, library: Library) -> Iterator[Diagnostic]:
        if not library.is_whole:
            return
        shared, total = shape.shared_reasoning(library.cards)
        for one in shared:
            if one.count > self.most:
                share = phrases.percent(one.count, total)
                yield self.about_library(
                    f"{one.count:,} of {total:,} patterns ({share}) have the same reasons for their scores, such as `{one.path}`",
                    subject=one.text,
                    help="write what is particular about each pattern",
                )
