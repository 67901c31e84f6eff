from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, Spec
from patternlint.rule.reciprocity import missing_reciprocal_diagnostics


def _file(slug: str, links: str) -> str:
    return f"id: pat_{slug}\nslug: {slug}\nontology:\n  domain: gärten\nrelationships:\n{links}"


class MissingReciprocal(LibraryRule):
    """What holds both ways is listed on both sides."""

    name = "missing-reciprocal"
    severity = Severity.WARNING
    why = "Who comes to the other pattern first never learns of this one."
    notes = (
        "Which types hold both ways, the specification says: `complementary` and `alternatives`. A pattern answers when it "
        "lists the first one under any type: if that is another one, a second line would only contradict it. Of a pattern "
        "that is listed under `generalizes_from` or `specializes_to` too, `missing-inverse` says the same; one answer is "
        "enough for both. Nothing is expected of a pattern that does not parse, of one that follows a specification without this type, and of one "
        "that is only there to resolve against. The fix adds the relationship to the other file with the same weight, "
        "in falling order. There is no "
        "fix where the specification asks for a weight and this one has none, where an anchor or an alias stands "
        "there, or where the other pattern infers a link of another type to this one."
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
            note="one answer is enough",
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
            note="the weights may differ; itself, an unknown one, and one that does not parse owe nothing",
        ),
        Example(
            {
                "a.md": _file("öven", "  complementary:\n    - slug: bread\n"),
                "b.md": _file("bread", "  requires:\n    - slug: öven\n"),
            },
            note="there is an answer, of another type",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Look for symmetric relationships that are not returned."""
        yield from missing_reciprocal_diagnostics(self, library, _symmetric, " in turn")


def _symmetric(spec: Spec) -> dict[str, str]:
    return {kind: kind for kind in spec.relationships.symmetric}
