"""Which file of an earlier revision became which current file: by git, and by the id and slug of its pattern."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from patternlint.library.entry import Entry
from patternlint.project.git import FileChange
from patternlint.run.run import Run


class RenameMap:
    """The files of two revisions of a library, paired by path or by rename.

    git pairs similar files, and all patterns are similar: two files whose patterns differ in both id and slug are not a
    rename. git does not see untracked files; their patterns keep their ids.

    Args:
        top: the top of the work tree.
        before: the run of the earlier revision.
        current: the current run.
        changed: the differences according to git.
    """

    def __init__(self, top: Path, before: Run, current: Run, changed: Sequence[FileChange]) -> None:
        self._top = top
        self._before = before
        self._current = current
        self._changed = changed

    def old(self, file: str) -> str:
        """Return the earlier absolute path of a current file."""
        return self._old_by_new.get(file, file)

    def new(self, file: str) -> str:
        """Return the current absolute path of an earlier file; empty if it was deleted."""
        if file in self._new_by_old:
            return self._new_by_old[file]
        return file if file in self._current_files else ""

    @cached_property
    def _current_files(self) -> frozenset[str]:
        return _files(self._current)

    @cached_property
    def _new_by_old(self) -> Mapping[str, str]:
        return {old: new for new, old in self._old_by_new.items()}

    @cached_property
    def _old_by_new(self) -> Mapping[str, str]:
        renamed = dict(self._renamed_by_git())
        files_before, files = _files(self._before), self._current_files
        added = files - files_before - renamed.keys()
        deleted = files_before - files - frozenset(renamed.values())
        if added and deleted:
            old_by_name = {name: file for file in sorted(deleted) for name in _names(self._entries_before.get(file))}
            for file in sorted(added):
                names = _names(self._entries.get(file))
                old = next((old_by_name[name] for name in names if name in old_by_name), None)
                if old is not None and old in deleted:
                    renamed[file] = old
                    deleted -= {old}
        return renamed

    def _renamed_by_git(self) -> Iterator[tuple[str, str]]:
        """Yield the new and the old path of each rename."""
        for change in self._changed:
            if change.old and change.new and change.old != change.new:
                old, new = (os.path.join(self._top, *name.split("/")) for name in (change.old, change.new))
                old_names, new_names = _names(self._entries_before.get(old)), _names(self._entries.get(new))
                if not old_names or not new_names or not set(old_names).isdisjoint(new_names):
                    yield new, old

    @cached_property
    def _entries_before(self) -> Mapping[str, Entry]:
        return _entries(self._before)

    @cached_property
    def _entries(self) -> Mapping[str, Entry]:
        return _entries(self._current)


def _files(run: Run) -> frozenset[str]:
    return frozenset(ref.absolute for ref in run.refs.values())


def _entries(run: Run) -> Mapping[str, Entry]:
    return {run.refs[entry.path].absolute: entry for entry in run.library}


def _names(entry: Entry | None) -> tuple[str, ...]:
    """Return the names of a pattern: its id, which is permanent, before its slug."""
    return tuple(filter(None, (entry.id, entry.slug))) if entry is not None else ()
