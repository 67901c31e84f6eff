"""duplicate-id."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, label

_SHOWN = 5
_ID = "pat_01m3250v00fay828t5cy4tqkff"


class DuplicateId(LibraryRule, frozen=True):
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
        for value, everyone in library.by_id.items():
            entries = [entry for entry in everyone if entry.reported]
            if len(entries) == 1:
                continue
            for entry in entries:
                others = [other for other in entries[: _SHOWN + 1] if other is not entry][:_SHOWN]
                rest = len(entries) - 2
                more = f" and {rest} more" if rest else ""
                yield self.at(
                    entry,
                    entry.span("id"),
                    f"the id `{value}` is also that of {others[0].path}{more}",
                    route=("id",),
                    labels=tuple(label(other, other.span("id"), "the same id") for other in others),
                    help="give the newer of the patterns an id of its own",
                )
