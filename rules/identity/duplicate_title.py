from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    Diagnostic,
    Entry,
    Example,
    Library,
    LibraryRule,
    Severity,
    are_linked,
    fold_title,
    label,
    phrases,
)
from patternlint.rule.duplicates import duplicate_diagnostics, field_route

_LABELS = 5


class DuplicateTitle(LibraryRule):
    """Titles are unique."""

    name = "duplicate-title"
    severity = Severity.WARNING
    why = "Readers cannot tell two patterns with the same title apart in a list or a search result."
    notes = (
        "Case, punctuation and whitespace are ignored: `Self-Care` and `self care` are the same title. Titles that "
        "consist of punctuation only, and patterns of external libraries, are not compared.\n\n"
        "Slugs that are the same but for filler words are reported too, such as `open-kitchen` and `the-open-kitchen`, unless the "
        "titles are the same or one pattern links to the other. The specification lists the filler words (`fillers` under `[identity]`)."
    )
    bad = (
        Example(
            {
                "küche.md": "---\nslug: küche\ntitle: «Offene Küche»\n---\n",
                "open-kitchen.md": '---\ntitle: «"Offene  KÜCHE!"»\n---\n',
                "open-kitchens.md": "---\ntitle: Offene Küchen\n---\n",
            }
        ),
        Example(
            {
                "a.md": "---\ntitle: Die Küche\nslug: «open-kitchen»\nontology: {}\n---\n",
                "b.md": "---\ntitle: Die offene Küche\nslug: «the-open-kitchen-pattern»\nontology: {}\n---\n",
            },
            note="the slugs differ only in filler words",
        ),
    )
    good = (
        Example({"a.md": "---\ntitle: Self-Care\n---\n", "b.md": "---\ntitle: Selfcare\n---\n"}),
        Example(
            {
                "a.md": "---\ntitle: Kitchen\nslug: open-kitchen\nontology: {}\n---\n",
                "b.md": "---\ntitle: Kitchens\nslug: open-kitchens\nontology: {}\n---\n",
                "c.md": "---\ntitle: Practice\nslug: practice\nontology: {}\n---\n",
                "d.md": "---\ntitle: Model\nslug: model\nontology: {}\n---\n",
            },
        ),
        Example(
            {
                "a.md": "---\ntitle: Kitchen\nslug: kitchen\nrelationships:\n  requires:\n    - slug: kitchen-pattern\n---\n",
                "b.md": "---\ntitle: Kitchen Pattern\nslug: kitchen-pattern\nontology: {}\n---\n",
            },
            note="one links to the other",
        ),
        Example({"a.md": '---\ntitle: "…"\n---\n', "b.md": '---\ntitle: "?"\n---\n'}),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        yield from duplicate_diagnostics(
            self,
            library,
            "title",
            lambda spec: f"merge the {phrases.plural(spec.noun)}, or change one title so that it states the difference",
        )
        for entry in library.targets:
            others = [one for one in library.with_similar_slugs(entry) if not _is_explained(entry, one)]
            if others:
                more = f" and {len(others) - 1} more" if len(others) > 1 else ""
                yield self.at(
                    entry,
                    entry.span("slug"),
                    f"slug `{entry.slug}` differs from `{others[0].slug}`{more} in filler words only",
                    route=field_route(library.spec_of(entry), "slug"),
                    labels=tuple([label(other, other.span("slug"), "the similar slug") for other in others[:_LABELS]]),
                    help=f"merge the {phrases.plural(library.spec_of(entry).noun)}, or change one slug so that it states the difference",
                )


def _is_explained(entry: Entry, other: Entry) -> bool:
    """Return whether two patterns have the same title, which is another finding, or are linked."""
    return fold_title(entry.title) == fold_title(other.title) != "" or are_linked(entry, other)
