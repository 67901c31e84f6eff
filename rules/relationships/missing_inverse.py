from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Library, LibraryRule, Meta, Severity, Spec
from patternlint.rule.reciprocity import missing_reciprocal_diagnostics


def _file(slug: str, links: str) -> str:
    return f"id: pat_{slug}\nslug: {slug}\nontology:\n  domain: gärten\nrelationships:\n{links}"


class MissingInverse(LibraryRule):
    """Relationships with an inverse are listed on both sides."""

    name = "missing-inverse"
    severity = Severity.WARNING
    why = "Readers of the other pattern do not see a link that only this pattern lists."
    notes = (
        "`generalizes_from` and `specializes_to` are inverse; the option `pairs` adds others, such as "
        '`[["enables", "requires"]]`. A pattern that lists this one under any other type is not reported, because a '
        "second link would conflict with it. If this pattern lists the other one under `complementary` or `alternatives` "
        "too, which `missing-reciprocal` reports, one link back is enough. Patterns that do not parse, that follow a "
        "specification without the type, or that belong to an external library need no link back.\n\n"
        "The fix adds the relationship to the other file with the same weight, in order of weight. No fix is offered if the "
        "specification requires a weight and this link has none, if the list has an anchor or alias, or if the other "
        "pattern infers a link of another type to this one."
    )
    bad = (
        Example(
            {
                "a.md": _file("öven", "  generalizes_from:\n    - slug: «fire»\n      weight: 0.8\n"),
                "b.md": _file("fire", "  specializes_to: []\n"),
            },
            {"b.md": _file("fire", "  specializes_to:\n    - slug: öven\n      weight: 0.8\n")},
            unsafe=True,
        ),
        Example(
            {
                "a.md": _file("öven", "  specializes_to:\n    - «fire»\n"),
                "b.md": "id: pat_fire\nslug: fire\nclassification: {}\n"
                "generalizes_from:\n- pat_coal\nspecializes_to: []\n",
            },
            {
                "b.md": "id: pat_fire\nslug: fire\nclassification: {}\n"
                "generalizes_from:\n- pat_coal\n- pat_öven\nspecializes_to: []\n"
            },
            unsafe=True,
            note="the other pattern follows specification 1.3, which links by id",
        ),
        Example(
            {
                "a.md": _file("öven", "  requires:\n    - slug: «fire»\n      weight: 1\n"),
                "b.md": _file("fire", "  enables:\n    - slug: «light»\n      weight: 1\n"),
                "c.md": _file("light", "  requires: []\n"),
            },
            {
                "b.md": _file(
                    "fire",
                    "  enables:\n    - slug: light\n      weight: 1\n    - slug: öven\n      weight: 1\n",
                ),
                "c.md": _file("light", "  requires:\n    - slug: fire\n      weight: 1\n"),
            },
            unsafe=True,
            options={"pairs": [["enables", "requires"]]},
        ),
    )
    good = (
        Example(
            {
                "a.md": _file(
                    "öven", "  generalizes_from:\n    - slug: fire\n      weight: 0.8\n  requires: [light]\n"
                ),
                "b.md": _file("fire", "  specializes_to:\n    - slug: öven\n      weight: 0.6\n"),
                "c.md": _file("light", "  specializes_to: [light, gone]\n"),
            },
            note="weights may differ; self-references and unknown targets are skipped",
        ),
    )

    pairs: Annotated[
        tuple[tuple[str, str], ...],
        Meta(description="Additional pairs of inverse types."),
    ] = ()

    def check(self, library: Library) -> Iterator[Diagnostic]:
        yield from missing_reciprocal_diagnostics(self, library, self._inverses)

    def _inverses(self, spec: Spec) -> dict[str, str]:
        return {**spec.inverse_of, **dict(self.pairs), **{other: one for one, other in self.pairs}}
