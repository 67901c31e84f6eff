from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity
from patternlint.rule.duplicates import duplicate_diagnostics

_ID = "pat_01m3250v00fay828t5cy4tqkff"


class DuplicateId(LibraryRule):
    """Ids are unique."""

    name = "duplicate-id"
    severity = Severity.ERROR
    why = "Programs identify a pattern by its id. Of two patterns with the same id, one is lost or gets the links of the other."
    notes = (
        "Each file with the id is reported, with the paths of the others. Ids are compared exactly, placeholders "
        "included. A pattern of an external library may have the same id, because it is the same pattern."
    )
    bad = (
        Example(
            {
                "brücke.md": f"---\ntitle: Brücke\nid: «{_ID}»\n---\n",
                "copy.md": f"---\nid: «{_ID}»\n---\n",
                "fähre.md": f"---\nid: {_ID[:-1]}g\n---\n",
            }
        ),
    )
    good = (
        Example({"a.md": f"---\nid: {_ID}\n---\n", "b.md": f"---\nid: {_ID[:-1]}g\n---\n"}),
        Example({"a.md": "---\nid:\n---\n", "b.md": "---\nid:\n---\n"}, note="no id: reported by `missing-key`"),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        yield from duplicate_diagnostics(
            self, library, "id", lambda spec: f"generate a new id for the newer {spec.noun}: `patternlint id`"
        )
