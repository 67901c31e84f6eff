from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, Spec
from patternlint.rule.reciprocity import missing_reciprocal_diagnostics


def _file(slug: str, links: str) -> str:
    return f"id: pat_{slug}\nslug: {slug}\nontology:\n  domain: gärten\nrelationships:\n{links}"


class MissingReciprocal(LibraryRule):
    """`complementary` and `alternatives` links are mutual."""

    name = "missing-reciprocal"
    severity = Severity.WARNING
    why = "Readers of the other pattern do not see a link that only this pattern lists."
    notes = (
        "The specification defines which types are symmetric: `complementary` and `alternatives`. A pattern that lists this "
        "one under any other type is not reported, because a second link would conflict with it. If this pattern lists "
        "the other one under `generalizes_from` or `specializes_to` too, which `missing-inverse` reports, one link back is "
        "enough. Patterns that do not parse, that follow a specification without the type, or that belong to an "
        "external library need no link back.\n\n"
        "The fix adds the relationship to the other file with the same weight, in order of weight. No fix is offered if the "
        "specification requires a weight and this link has none, if the list has an anchor or alias, or if the other "
        "pattern infers a link of another type to this one."
    )
    bad = (
        Example(
            {
                "a.md": _file("öven", "  complementary:\n    - slug: «bread»\n      weight: 0.8\n"),
                "b.md": _file(
                    "bread",
                    "  alternatives: []\n  complementary:\n    - slug: salt\n      weight: 0.9\n"
                    "    - slug: oil\n      weight: 0.7\n",
                ),
            },
            {
                "b.md": _file(
                    "bread",
                    "  alternatives: []\n  complementary:\n    - slug: salt\n      weight: 0.9\n"
                    "    - slug: öven\n      weight: 0.8\n    - slug: oil\n      weight: 0.7\n",
                )
            },
            unsafe=True,
        ),
        Example(
            {
                "a.md": _file(
                    "öven",
                    "  alternatives:\n    - slug: «bread»\n      weight: 0.8\n"
                    "  complementary:\n    - id: «pat_bread»\n      weight: 0.7\n",
                ),
                "b.md": _file("bread", "  alternatives: []\n  complementary: []\n"),
            },
            {"b.md": _file("bread", "  alternatives:\n    - slug: öven\n      weight: 0.8\n  complementary: []\n")},
            unsafe=True,
            note="one link back is enough",
        ),
    )
    good = (
        Example(
            {
                "a.md": _file("öven", "  complementary:\n    - slug: bread\n      weight: 0.8\n  enables: [salt]\n"),
                "b.md": _file("bread", "  complementary:\n    - id: pat_öven\n      weight: 0.6\n"),
                "c.md": _file("salt", "  complementary:\n    - slug: salt\n    - slug: gone\n    - slug: broken\n"),
                "d.md": "slug: broken\nontology: {\n",
            },
            note="weights may differ; self-references, unknown targets and patterns that do not parse are skipped",
        ),
        Example(
            {
                "a.md": _file("öven", "  complementary:\n    - slug: bread\n"),
                "b.md": _file("bread", "  requires:\n    - slug: öven\n"),
            },
            note="linked back under another type",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        yield from missing_reciprocal_diagnostics(self, library, _symmetric)


def _symmetric(spec: Spec) -> dict[str, str]:
    return {relation: relation for relation in spec.relationships.symmetric}
