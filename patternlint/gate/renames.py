"""Which file of an earlier revision became which current file: by git, and by the id and slug of its pattern."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from patternlint.library.entry import Entry
from patternlint.project.files import FileRef
from patternlint.project.git import FileChange


class ChangedFile(Struct, frozen=True):
    """A file that differs between two revisions, with its entries; None for a missing file or entry."""

    before: FileRef | None
    after: FileRef | None
    entry_before: Entry | None
    entry_after: Entry | None


class RenameMap:
    """The files of two revisions of a library, paired by path or by rename.

    git pairs similar files, and all patterns are similar: two files whose patterns differ in both id and slug are not a
    rename. git does not see untracked files; their patterns keep their ids.

    Args:
        top: the top of the work tree.
        changes: the files that differ, by absolute path.
        by_git: the differences according to git.
    """

    def __init__(self, top: Path, changes: Mapping[str, ChangedFile], by_git: Sequence[FileChange]) -> None:
        self._top = top
        self._changes = changes
        self._added = frozenset(path for path, change in changes.items() if change.before is None)
        self._deleted = frozenset(path for path, change in changes.items() if change.after is None)
        self._by_git = by_git

    def old(self, file: str) -> str:
        """Return the earlier absolute path of a current file."""
        return self._old_by_new.get(file, file)

    def new(self, file: str) -> str:
        """Return the current absolute path of an earlier file; empty if it was deleted."""
        return self._new_by_old.get(file, "" if file in self._deleted else file)

    @cached_property
    def _new_by_old(self) -> Mapping[str, str]:
        return {old: new for new, old in self._old_by_new.items()}

    @cached_property
    def _old_by_new(self) -> Mapping[str, str]:
        renamed = dict(self._renamed_by_git())
        added, deleted = self._added - renamed.keys(), self._deleted - frozenset(renamed.values())
        if added and deleted:
            old_by_name = {name: file for file in sorted(deleted) for name in _names(self._changes[file].entry_before)}
            for file in sorted(added):
                names = _names(self._changes[file].entry_after)
                old = next((old_by_name[name] for name in names if name in old_by_name), None)
                if old is not None and old in deleted:
                    renamed[file] = old
                    deleted -= {old}
        return renamed

    def _renamed_by_git(self) -> Iterator[tuple[str, str]]:
        """Yield the new and the old path of each rename."""
        for change in self._by_git:
            if change.old and change.new and change.old != change.new:
                old, new = (os.path.join(self._top, *name.split("/")) for name in (change.old, change.new))
                before, after = self._changes.get(old), self._changes.get(new)
                old_names = _names(before.entry_before if before is not None else None)
                new_names = _names(after.entry_after if after is not None else None)
                if not old_names or not new_names or not set(old_names).isdisjoint(new_names):
                    yield new, old


def _names(entry: Entry | None) -> tuple[str, ...]:
    """Return the names of a pattern: its id, which is permanent, before its slug."""
    return tuple(filter(None, (entry.id, entry.slug))) if entry is not None else ()
