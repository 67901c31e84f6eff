from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Library, LibraryRule, Meta, Severity, Spec
from patternlint.rule.reciprocity import missing_reciprocal_diagnostics


def _file(slug: str, links: str) -> str:
    return f"id: pat_{slug}\nslug: {slug}\nontology:\n  domain: gärten\nrelationships:\n{links}"


class MissingInverse(LibraryRule):
    """What has another side is listed on the other side too."""

    name = "missing-inverse"
    severity = Severity.WARNING
    why = "The way from the general to the special must also be there for those who come from the other end."
    notes = (
        "`generalizes_from` and `specializes_to` are two sides of one thing; the option `pairs` adds others, as "
        '`[["enables", "requires"]]`. A pattern answers when it lists the first one under any type: if that is '
        "another one, a second line would only contradict it. Of a pattern that is listed under `complementary` or "
        "`alternatives` too, `missing-reciprocal` says the same; one answer is enough for both. Nothing is expected of a "
        "pattern that does not parse, of "
        "one that follows a specification without this type, and of one that is only there to resolve against. The fix "
        "adds the relationship to the other file with the same weight, in falling order. There is no "
        "fix where the specification asks for a weight and this one has none, where an anchor or an alias stands "
        "there, or where the other pattern infers a link of another type to this one."
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
            note="the other side follows specification 1.3 and is linked to by id",
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
            note="the weights may differ; itself and an unknown one owe nothing",
        ),
    )

    pairs: Annotated[
        tuple[tuple[str, str], ...],
        Meta(description="Pairs of types, each the other side of the other, beside the spec's."),
    ] = ()

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Look for relationships that are not returned."""
        yield from missing_reciprocal_diagnostics(self, library, self._owed)

    def _owed(self, spec: Spec) -> dict[str, str]:
        return {**spec.inverse_of, **dict(self.pairs), **{other: one for one, other in self.pairs}}
