from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, find_duplicates, label


class DuplicateTitle(LibraryRule):
    """No two patterns have the same title."""

    name = "duplicate-title"
    severity = Severity.WARNING
    why = "In a list or a search result, readers cannot tell two patterns of one title apart."
    notes = (
        "Upper and lower case, punctuation and blanks make no difference: `Self-Care` and `self care` are the same "
        "title. A title of nothing but punctuation is compared with none, nor is a pattern of "
        "another library that is only there to resolve against."
    )
    bad = (
        Example(
            {
                "küche.md": "---\nslug: küche\ntitle: «Offene Küche»\n---\n",
                "open-kitchen.md": '---\ntitle: «"Offene  KÜCHE!"»\n---\n',
                "open-kitchens.md": "---\ntitle: Offene Küchen\n---\n",
            }
        ),
    )
    good = (
        Example({"a.md": "---\ntitle: Self-Care\n---\n", "b.md": "---\ntitle: Selfcare\n---\n"}),
        Example({"a.md": '---\ntitle: "…"\n---\n', "b.md": '---\ntitle: "?"\n---\n'}),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Look for folded titles that several entries have."""
        for folded, found in find_duplicates(library, "title"):
            if not folded:
                continue
            entry, others = found.entry, found.others
            yield self.at(
                entry,
                entry.span("title"),
                f"the title `{entry.title}` is also that of {others[0].path}{found.more}",
                route=("title",),
                labels=tuple(label(other, other.span("title"), "the same title") for other in others),
                help="if they are one pattern, merge them; if not, let the titles say how they differ",
            )
