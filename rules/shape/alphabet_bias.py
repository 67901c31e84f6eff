from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Library, LibraryRule, Meta, Severity, phrases, shape


def _pattern(slug: str, *targets: str) -> str:
    links = "".join(f"\n    - slug: {target}" for target in targets)
    return f"---\nslug: {slug}\ntitle: {slug}\nrelationships:\n  enables:{links or ' []'}\n---\n"


class AlphabetBias(LibraryRule):
    """Links do not favor one part of the alphabet."""

    name = "alphabet-bias"
    severity = Severity.INFO
    enabled = False
    why = "Links that mostly lead to names at the beginning of the alphabet were chosen from a list that was cut, not by meaning."
    notes = (
        "All slugs in alphabetical order are divided into 26 equal parts. The rule compares the share of links that the fullest part "
        "takes with its due. Links by id are not counted. The finding is about the library and has no file."
    )
    bad = (
        Example(
            {
                "a.md": _pattern("apple"),
                "b.md": _pattern("bread", "apple"),
                "c.md": _pattern("café", "apple"),
                "d.md": _pattern("öven", "apple"),
            },
            options={"least-links": 3},
        ),
    )
    good = (
        Example(
            {
                "a.md": _pattern("apple", "bread"),
                "b.md": _pattern("bread", "apple"),
                "c.md": _pattern("café", "öven"),
                "d.md": _pattern("öven", "apple"),
            },
            options={"least-links": 3},
        ),
        Example({"a.md": _pattern("apple"), "b.md": _pattern("bread", "apple")}, note="too few links to say anything"),
    )

    most: Annotated[float, Meta(ge=1, description="How many times its due the fullest part may have.")] = 3
    least_links: Annotated[int, Meta(ge=1, description="Libraries with fewer links are not checked.")] = 500

    def check(self, library: Library) -> Iterator[Diagnostic]:
        if not library.is_whole:
            return
        links = shape.links_by_slug(library)
        found = shape.alphabet_shape((entry.slug for entry in library.own_patterns), links)
        total = sum(found.parts)
        if total < self.least_links:
            return
        fullest = max(found.parts)
        part = found.parts.index(fullest)
        if fullest * len(found.parts) > self.most * total:
            share = phrases.percent(fullest, total)
            due = phrases.percent(1, len(found.parts))
            message = f"{share} of the links lead to {due} of the slugs, those from `{found.firsts[part]}` on"
            yield self.about_library(message, help="choose links by meaning, from the whole library")
