from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Library, LibraryRule, Meta, Severity, phrases, shape


def _pattern(slug: str, domain: str, *targets: str) -> str:
    links = "".join(f"\n    - slug: {target}" for target in targets)
    return (
        f"---\nslug: {slug}\ntitle: {slug}\nontology:\n  domain: {domain}\n"
        f"relationships:\n  enables:{links or ' []'}\n---\n"
    )


class ClusterMismatch(LibraryRule):
    """Patterns of a domain link to each other."""

    name = "cluster-mismatch"
    severity = Severity.INFO
    enabled = False
    why = "If the patterns of a domain mostly link elsewhere, the domain does not describe what belongs together."
    notes = "Findings are about the library and have no file."
    bad = (
        Example(
            {
                "a.md": _pattern("öven", "kitchen", "garden", "seeds"),
                "b.md": _pattern("bread", "kitchen", "garden"),
                "c.md": _pattern("garden", "outside", "seeds"),
                "d.md": _pattern("seeds", "outside", "garden"),
            },
            options={"least": 2},
        ),
    )
    good = (
        Example(
            {
                "a.md": _pattern("öven", "kitchen", "bread"),
                "b.md": _pattern("bread", "kitchen", "garden"),
                "c.md": _pattern("garden", "outside", "seeds"),
                "d.md": _pattern("seeds", "outside"),
            },
            options={"least": 2},
        ),
    )

    most: Annotated[float, Meta(ge=0, le=1, description="The share of links that may lead to other domains.")] = 0.9
    least: Annotated[int, Meta(ge=2, description="Domains with fewer patterns are not checked.")] = 10

    def check(self, library: Library) -> Iterator[Diagnostic]:
        if not library.is_whole:
            return
        for one in shape.links_by_domain(library, library.cards):
            outside = one.total - one.inside
            if one.patterns >= self.least and outside > self.most * one.total:
                share = phrases.percent(outside, one.total)
                yield self.about_library(
                    f"{share} of the links of the domain `{one.domain}` lead to other domains",
                    subject=one.domain,
                    help=f"link its {one.patterns:,} patterns to each other, or give them another domain",
                )
