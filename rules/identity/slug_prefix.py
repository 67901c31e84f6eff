from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, are_linked, label, phrases

_LABELS = 5


def _pattern(slug: str, *targets: str) -> str:
    links = "".join(f"\n    - slug: {target}" for target in targets)
    return f"---\ntitle: Küche\nslug: {slug}\nrelationships:\n  enables:{links or ' []'}\n---\n"


class SlugPrefix(LibraryRule):
    """A slug that another slug starts with belongs to a linked pattern."""

    name = "slug-prefix"
    severity = Severity.INFO
    enabled = False
    why = "Such slugs mostly name a pattern and a special case of it, or are duplicates. A link leads readers from one to the other."
    notes = (
        "Whole words are compared: `open-table` starts `open-table-for-children`, not `open-tables`. The finding is about the longer slug. A "
        "curated or inferred link or a hub reference from either pattern to the other is enough. `duplicate-title` reports slugs that "
        "differ in filler words only, so this rule does not. Patterns of external libraries are not compared."
    )
    bad = (
        Example(
            {
                "a.md": _pattern("open-table"),
                "b.md": _pattern("«open-table-for-children»"),
                "c.md": _pattern("open-tables"),
            },
        ),
        Example(
            {
                "a.md": _pattern("circle"),
                "b.md": _pattern("«circle-round»", "circle-round-fire"),
                "c.md": _pattern("«circle-round-fire»"),
            },
            note="the longest slug starts with both others, and is linked with one",
        ),
    )
    good = (
        Example({"a.md": _pattern("open-table"), "b.md": _pattern("open-table-for-children", "open-table")}),
        Example(
            {"a.md": _pattern("open-table", "open-table-for-children"), "b.md": _pattern("open-table-for-children")}
        ),
        Example(
            {"a.md": _pattern("open-table"), "b.md": _pattern("open-tablecloth"), "c.md": _pattern("the-open-table")}
        ),
        Example(
            {"a.md": _pattern("open-table"), "b.md": _pattern("open-table-pattern")},
            note="differs in filler words only: reported by `duplicate-title`",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        for entry in library.targets:
            spec = library.spec_of(entry)
            similar = library.with_similar_slugs(entry) if spec.has_slugs else ()
            for slug, others in library.slug_prefixes(entry) if spec.has_slugs else ():
                if not any(other in similar or are_linked(entry, other) for other in others):
                    yield self.at(
                        entry,
                        entry.span("slug"),
                        f"slug `{entry.slug}` starts with `{slug}`, and neither {spec.noun} links to the other",
                        route=(spec.name_key,) if spec.name_key else (),
                        subject=slug,
                        labels=tuple(
                            [label(other, other.span("slug"), "the shorter slug") for other in others[:_LABELS]]
                        ),
                        help=f"link one of the {phrases.plural(spec.noun)} to the other, or merge them",
                    )
