"""Which file of an earlier state a file of the present one was: by git, and by what a pattern is called."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from patternlint.library.entry import Entry
from patternlint.project.git import FileChange
from patternlint.run.run import Run


class RenameMap:
    """The files of two states of a library, paired: those of one name, and those that were renamed.

    git takes a file for renamed when it looks like one that is gone, and all patterns look alike: two whose ids and
    slugs both differ are two patterns. git does not see what nobody has added to it, but a pattern keeps its id.
    """

    def __init__(self, top: Path, before: Run, now: Run, changed: Sequence[FileChange]) -> None:
        """Take the top of the work tree, both states, and what git says of their difference."""
        self._top = top
        self._before = before
        self._now = now
        self._changed = changed

    def old(self, real: str) -> str:
        """Return the absolute path that a file of the present state had."""
        return self._old_by_new.get(real, real)

    def new(self, real: str) -> str:
        """Return the absolute path that a file of the earlier state has now; empty when it is gone."""
        if real in self._new_by_old:
            return self._new_by_old[real]
        return real if real in self._names_now else ""

    @cached_property
    def _names_now(self) -> frozenset[str]:
        return frozenset(ref.absolute for ref in self._now.refs.values())

    @cached_property
    def _names_before(self) -> frozenset[str]:
        return frozenset(ref.absolute for ref in self._before.refs.values())

    @cached_property
    def _new_by_old(self) -> Mapping[str, str]:
        return {old: new for new, old in self._old_by_new.items()}

    @cached_property
    def _old_by_new(self) -> Mapping[str, str]:
        found = dict(self._by_git())
        come = self._names_now - self._names_before - found.keys()
        gone = self._names_before - self._names_now - frozenset(found.values())
        if come and gone:
            old_by_name = {name: real for real in sorted(gone) for name in _names(self._entries_before.get(real))}
            for real in sorted(come):
                names = _names(self._entries_now.get(real))
                old = next((old_by_name[name] for name in names if name in old_by_name), None)
                if old is not None and old in gone:
                    found[real] = old
                    gone -= {old}
        return found

    def _by_git(self) -> Iterator[tuple[str, str]]:
        for change in self._changed:
            if change.old and change.new and change.old != change.new:
                old, new = (os.path.join(self._top, *name.split("/")) for name in (change.old, change.new))
                one, other = _names(self._entries_before.get(old)), _names(self._entries_now.get(new))
                if not one or not other or not set(one).isdisjoint(other):
                    yield new, old

    @cached_property
    def _entries_before(self) -> Mapping[str, Entry]:
        return _entries(self._before)

    @cached_property
    def _entries_now(self) -> Mapping[str, Entry]:
        return _entries(self._now)


def _entries(run: Run) -> Mapping[str, Entry]:
    return {run.refs[entry.path].absolute: entry for entry in run.library}


def _names(entry: Entry | None) -> tuple[str, ...]:
    """Return what a pattern is called: its id, which it keeps, before its slug."""
    return tuple(name for name in (entry.id, entry.slug) if name) if entry is not None else ()
