from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, phrases
from patternlint.rule.duplicates import duplicate_diagnostics


class DuplicateTitle(LibraryRule):
    """Titles are unique."""

    name = "duplicate-title"
    severity = Severity.WARNING
    why = "Readers cannot tell two patterns with the same title apart in a list or a search result."
    notes = (
        "Case, punctuation and whitespace are ignored: `Self-Care` and `self care` are the same title. Titles that "
        "consist of punctuation only, and patterns of external libraries, are not compared."
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
        yield from duplicate_diagnostics(
            self,
            library,
            "title",
            lambda spec: f"merge the {phrases.plural(spec.noun)}, or change one title so that it states the difference",
        )
