from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, find_duplicates, label


class DuplicateSlug(LibraryRule):
    """No two patterns have the same slug."""

    name = "duplicate-slug"
    severity = Severity.ERROR
    why = "A link to the slug leads to one of the patterns, and nobody knows to which; the other cannot be reached."
    notes = (
        "Every file with the slug has a finding of its own, which names the others. Files in different folders of one "
        "library may not share a slug either: links do not name folders. A pattern of another library, "
        "there only to resolve against, may."
    )
    bad = (
        Example(
            {
                "gärten/shared-garden.md": "---\ntitle: Gärten für alle\nslug: «shared-garden»\n---\n",
                "parks/shared-garden.md": '---\nslug: «"shared-garden"»\n---\n',
                "shared-gardens.md": "---\nslug: shared-gardens\n---\n",
            }
        ),
    )
    good = (
        Example({"garden.md": "---\nslug: garden\n---\n", "gardens.md": "---\nslug: gardens\n---\n"}),
        Example({"a.md": "---\nslug:\n---\n", "b.md": "---\nslug:\n---\n"}, note="no slug: `missing-key` says so"),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Look for slugs that several entries have."""
        for value, found in find_duplicates(library, "slug"):
            entry, others = found.entry, found.others
            yield self.at(
                entry,
                entry.span("slug"),
                f"the slug `{value}` is also that of {others[0].path}{found.more}",
                route=("slug",),
                labels=tuple(label(other, other.span("slug"), "the same slug") for other in others),
                help="delete one of the files if they are copies; else give one another slug and file name",
            )
