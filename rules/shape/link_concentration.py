from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Library, LibraryRule, Meta, Severity, phrases, shape


def _pattern(slug: str, *targets: str) -> str:
    links = "".join(f"\n    - slug: {target}" for target in targets)
    return f"---\nslug: {slug}\ntitle: {slug}\nrelationships:\n  enables:{links or ' []'}\n---\n"


class LinkConcentration(LibraryRule):
    """A few patterns do not take most links."""

    name = "link-concentration"
    severity = Severity.INFO
    enabled = False
    why = "If a few patterns take most links, readers never reach the others."
    notes = (
        "Links to names that do not exist count too. Libraries with fewer than four times `top` patterns are not checked. The finding "
        "is about the library and has no file; a run for some files does not report it."
    )
    bad = (
        Example(
            {
                "a.md": _pattern("öven"),
                "b.md": _pattern("bread", "öven"),
                "c.md": _pattern("salt", "öven"),
                "d.md": _pattern("flour", "öven", "bread"),
            },
            options={"top": 1},
        ),
    )
    good = (
        Example(
            {
                "a.md": _pattern("öven", "salt"),
                "b.md": _pattern("bread", "öven"),
                "c.md": _pattern("salt", "flour"),
                "d.md": _pattern("flour", "bread"),
            },
            options={"top": 1},
        ),
    )

    top: Annotated[int, Meta(ge=1, description="The number of most linked patterns.")] = 50
    most: Annotated[float, Meta(ge=0, le=1, description="The share of all links that they may take.")] = 0.6

    def check(self, library: Library) -> Iterator[Diagnostic]:
        if not library.is_whole:
            return
        patterns = len(library.own_patterns)
        if patterns < 4 * self.top:
            return
        counts = sorted(shape.links_by_name(library).values(), reverse=True)
        taken, total = sum(counts[: self.top]), sum(counts)
        if taken > self.most * total:
            nobody = shape.untargeted(library)
            share, rest = phrases.percent(taken, total), phrases.percent(nobody, patterns)
            names = "one pattern takes" if self.top == 1 else f"{self.top:,} patterns take"
            yield self.about_library(
                f"{names} {share} of all links, and nothing links to {nobody:,} patterns ({rest})",
                help="link to patterns that nothing links to yet",
            )
