from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, Spec
from patternlint.rule.duplicates import duplicate_diagnostics, field_word


class DuplicateSlug(LibraryRule):
    """Slugs are unique."""

    name = "duplicate-slug"
    severity = Severity.ERROR
    why = "A link to the slug leads to only one of the patterns; the other one cannot be reached."
    notes = (
        "Each file with the slug is reported, with the paths of the others. Slugs must also differ between folders of a "
        "library, because links do not contain folders. A pattern of an external library may have the same slug."
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
        Example({"a.md": "---\nslug:\n---\n", "b.md": "---\nslug:\n---\n"}, note="no slug: reported by `missing-key`"),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        yield from duplicate_diagnostics(self, library, "slug", _advice)


def _advice(spec: Spec) -> str:
    name = field_word(spec, "slug")
    both = f"the {name} and the file name" if spec.file_template and spec.name_key else f"the {name}"
    return f"delete the copy, or change {both} of one of them"
