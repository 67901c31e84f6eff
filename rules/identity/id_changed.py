from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity, identifiers

_OLD = "pat_01m3250v00fay828t5cy4tqkff"
_NEW = "pat_01m3250v00fay828t5cy4tqkfg"


class IdChanged(LibraryRule):
    """The id of a pattern never changes."""

    name = "id-changed"
    severity = Severity.ERROR
    needs_former = True
    why = (
        "The id tells other patterns, other libraries and programs that a pattern is still the same, whatever its title "
        "and its file are called. With another id, their links lead nowhere, and the pattern counts as a new one."
    )
    notes = (
        "Reported only with `--since`, and therefore by the hook and the GitHub Action: for a file that had a valid id "
        "before the change, and has another one or none after it, under the same or a new file name. An id may change if it was "
        "invalid, if another pattern still has it, so that a copy gets an id of its own, or if `redirects.toml` names the "
        "pattern that had it."
    )
    bad = (
        Example(f"slug: elbbrücke\nid: «{_NEW}»\n", before=f"slug: elbbrücke\nid: {_OLD}\n"),
        Example("«»---\ntitle: Brücke\n---\n", before=f"---\nid: {_OLD}\ntitle: Brücke\n---\n"),
    )
    good = (
        Example(f"title: Die Brücke\nid: {_OLD}\n", before=f"title: Brücke\nid: {_OLD}\n"),
        Example(f"id: {_NEW}\n", before=f"id: {_OLD.upper()}\n", note="the old id was invalid"),
        Example(
            {"brücke.md": f"---\nid: {_OLD}\n---\n", "copy.md": f"---\nid: {_NEW}\n---\n"},
            before={"brücke.md": f"---\nid: {_OLD}\n---\n", "copy.md": f"---\nid: {_OLD}\n---\n"},
            note="the copy gets an id of its own",
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        former = library.former.ids
        for entry in library.targets if former else ():
            old = former.get(entry.path, "")
            prefix, _, suffix = old.rpartition("_")
            is_valid = prefix in library.specs.id_prefixes and identifiers.decode_suffix(suffix) is not None
            if not is_valid or library.resolve_former(old) is not None:
                continue
            key = library.spec_of(entry).identity.id
            record = (
                f'; if the pattern needs another id, add `"{old}" = "{entry.slug}"` to `redirects.toml`, so that links '
                "to the old one are corrected"
            )
            yield self.at(
                entry,
                entry.span("id"),
                f"id changed from `{old}` to `{entry.id}`" if entry.id else f"id `{old}` was removed",
                route=(key,),
                subject=entry.id,
                help=f"write `{key}: {old}` again: links to this {library.spec_of(entry).noun} lead to it"
                f"{record if entry.id and entry.slug else ''}",
            )
