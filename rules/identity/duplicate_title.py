"""duplicate-title."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, label

_SHOWN = 5


class DuplicateTitle(LibraryRule, frozen=True):
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
        for folded, everyone in library.by_title.items():
            entries = [entry for entry in everyone if entry.reported]
            if len(entries) == 1 or not folded:
                continue
            for entry in entries:
                others = [other for other in entries[: _SHOWN + 1] if other is not entry][:_SHOWN]
                rest = len(entries) - 2
                more = f" and {rest} more" if rest else ""
                yield self.at(
                    entry,
                    entry.span("title"),
                    f"the title `{entry.title}` is also that of {others[0].path}{more}",
                    route=("title",),
                    labels=tuple(label(other, other.span("title"), "the same title") for other in others),
                    help="if they are one pattern, merge them; if not, let the titles say how they differ",
                )
