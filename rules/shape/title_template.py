from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Library, LibraryRule, Meta, Severity, phrases, shape


def _pattern(title: str, label: str) -> str:
    return f"---\ntitle: {title}\ncontext_labels:\n  tech: {label}\n---\n"


class TitleTemplate(LibraryRule):
    """Labels are not the title and the same words in many patterns."""

    name = "title-template"
    severity = Severity.INFO
    enabled = False
    why = "Readers of that context search with their own terms. A title with words that fit every pattern does not help them."
    notes = (
        "Case is ignored. Labels that are the title alone are not counted: `label-filler` reports them. Findings are about the library "
        "and have no file; a run for some files does not report them."
    )
    bad = (
        Example(
            {"a.md": _pattern("Öven", "öven at Scale"), "b.md": _pattern("Bread", "Bread at Scale")},
            options={"most": 0.5},
        ),
    )
    good = (
        Example(
            {
                "a.md": _pattern("Öven", "Öven at Scale"),
                "b.md": _pattern("Bread", "Bread to Share"),
                "c.md": _pattern("Salt", "Salt"),
                "d.md": _pattern("Flour", "Flour"),
            },
            options={"most": 0.3},
        ),
    )

    most: Annotated[float, Meta(ge=0, le=1, description="The share of patterns that may have such a label.")] = 0.1

    def check(self, library: Library) -> Iterator[Diagnostic]:
        if not library.is_whole:
            return
        titles = {entry.path: entry.title for entry in library.own_patterns}
        shared, total = shape.title_templates(titles, library.cards)
        for one in shared:
            if one.count > self.most * total:
                share = phrases.percent(one.count, total)
                yield self.about_library(
                    f"{one.count:,} of {total:,} patterns ({share}) have the label `{one.text}` with their title, such as `{one.path}`",
                    subject=one.text,
                    help="write labels in the terms of their readers",
                )
