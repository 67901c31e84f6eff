from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, find_duplicates, label

_ID = "pat_01m3250v00fay828t5cy4tqkff"


class DuplicateId(LibraryRule):
    """No two patterns have the same id."""

    name = "duplicate-id"
    severity = Severity.ERROR
    why = "Programs know a pattern by its id; of two with one id, one is lost or takes the other's links."
    notes = (
        "Every file with the id has a finding of its own, which names the others. Ids are compared letter by letter, a "
        "placeholder like any other. A pattern of another library, there only to resolve against, may have the same id: it "
        "is the same pattern."
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
        Example({"a.md": "---\nid:\n---\n", "b.md": "---\nid:\n---\n"}, note="no id: `missing-key` says so"),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Look for ids that several entries have."""
        for value, found in find_duplicates(library, "id"):
            entry, others = found.entry, found.others
            yield self.at(
                entry,
                entry.span("id"),
                f"the id `{value}` is also that of {others[0].path}{found.more}",
                route=("id",),
                labels=tuple(label(other, other.span("id"), "the same id") for other in others),
                help="give the newer of the patterns an id of its own",
            )
