"""Rename a pattern from an editor, with texts that are not saved yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from patternlint.diagnostics.fix import Replacement
from patternlint.editor.references import target_of
from patternlint.editor.view import Named, View
from patternlint.fixer.references import RenameError, entry_with_slug
from patternlint.fixer.rename import Renaming, require_unused
from patternlint.library.entry import Entry
from patternlint.run.rename import RenameWorkspace, renaming_of, verified_edits


def renamable_at(view: View, offset: int) -> tuple[Named, Entry] | None:
    """Return the slug at an offset with the pattern that has it, or None for any other place."""
    named = view.named_at(offset)
    entry = target_of(view, named) if named is not None else None
    if named is None or entry is None or not entry.slug or named.name != entry.slug:
        return None
    return (named if named.link is None else replace(named, span=named.link.name_span)), entry


def rename_edits(
    space: RenameWorkspace, entry: Entry, new: str, *, keep_alias: bool = False
) -> tuple[Mapping[str, Sequence[Replacement]], Renaming]:
    """Return the edits of all files that give a pattern another slug, by path, and the renaming.

    Args:
        space: the files.
        entry: the pattern.
        new: the new slug.
        keep_alias: whether it keeps the old slug as an alias.

    Raises:
        RenameError: when the new slug cannot be used, or a file that names the pattern cannot be changed.
    """
    require_unused(space.library, entry, new)
    if entry_with_slug(space.library, entry.slug).path != entry.path:
        message = f"the slug of {entry.path} has changed"
        raise RenameError(message)
    renaming = renaming_of(space, entry, new)
    found = verified_edits(space, entry, renaming, keep_alias=keep_alias)
    return {one.ref.path: sorted(one.all, key=lambda edit: edit.span) for one in found if one.all}, renaming
