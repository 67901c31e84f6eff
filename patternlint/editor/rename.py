"""Rename a pattern from an editor, with texts that are not saved yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import BODY_ROUTE
from patternlint.editor.references import target_of
from patternlint.editor.view import Named, View
from patternlint.edits.apply import apply_edits
from patternlint.errors import UserError
from patternlint.fixer.references import RenameError, entry_with_slug
from patternlint.fixer.rename import Renaming, files_mentioning, renaming_for, require_unused, routes_of
from patternlint.fixer.verify import rejection_reason
from patternlint.library.entry import Entry
from patternlint.run.rename import FileEdits, RenameWorkspace, edits_of
from patternlint.source import Source


def renamable_at(view: View, offset: int) -> tuple[Named, Entry] | None:
    """Return the slug at an offset with the pattern that has it, or None for any other place."""
    named = view.named_at(offset)
    entry = target_of(view, named) if named is not None else None
    if named is None or entry is None or not entry.slug or named.name != entry.slug:
        return None
    return named, entry


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
    file = Path(space.refs[entry.path].absolute)
    source = space.read(entry.path)
    pattern = space.parse(source, space.refs[entry.path]).pattern if source is not None else None
    if pattern is None:
        raise _cannot_change(entry.path, entry.slug)
    renaming = renaming_for(pattern, file, new, space.roots)
    named = files_mentioning(space.library, entry.slug)
    found: dict[str, Sequence[Replacement]] = {}
    for path, ref in sorted(space.refs.items()):
        source = space.read(path)
        if source is None or entry.slug not in source.text:
            if path in named and path != entry.path:
                raise _cannot_change(path, entry.slug)
            continue
        edits = edits_of(space.parse(source, ref), ref, named, renaming, keep_alias=keep_alias)
        if edits.all:
            _verify(space, path, edits, entry.slug)
            found[path] = sorted(edits.all, key=lambda edit: edit.span)
    return found, renaming


def _cannot_change(path: str, old: str) -> UserError:
    return RenameError(f"{path} names `{old}` and cannot be changed; correct it first")


def _verify(space: RenameWorkspace, path: str, edits: FileEdits, old: str) -> None:
    pattern = edits.parsed.pattern
    if pattern is None:
        return
    text = apply_edits(pattern.source.text, edits.all)
    again = space.parse(Source(path, text.encode()), space.refs[path])
    routes = (*routes_of(pattern, old), *((BODY_ROUTE,) if edits.text else ()))
    reason = rejection_reason(edits.parsed, again, routes)
    if reason is not None:
        message = f"{path} cannot be changed: {reason}"
        raise RenameError(message)
