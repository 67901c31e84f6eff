"""Findings about closed files that an editor shows: those that edits of other files cause, and those of a check of the library.

Editors slow down with thousands of findings, so both are limited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.severity import Severity
from patternlint.run.session import Session

MAX_ERRORS = 500
"""The number of errors in closed files from which a check of the library shows no more files."""

_MAX_FILES = 2_000  # closed files that edits concern
_SLICE = 50  # files that are checked between two requests


class _Saved(Struct, frozen=True):
    """The findings of some rules about a file on disk, in a library without unsaved changes."""

    rules: frozenset[str] = frozenset()
    findings: frozenset[Diagnostic] = frozenset()


_UNKNOWN = _Saved()


class ClosedFiles:
    """The closed files of a library with findings in the editor. Paths are those for display.

    Args:
        session: the library.
        new: returns the findings of a file that the baseline does not contain.
    """

    def __init__(self, session: Session, new: Callable[[str, Sequence[Diagnostic]], Sequence[Diagnostic]]) -> None:
        self._session = session
        self._new = new
        self._before: dict[str, _Saved] = {}
        self._listed: set[str] = set()
        self._waiting: dict[str, None] = {}
        self.shown: dict[str, int] = {}
        """The number of findings by path."""

    def note(self, paths: Iterable[str], changed: Iterable[str], *, is_edit: bool) -> None:
        """Check files later whose findings may differ.

        Args:
            paths: closed files.
            changed: closed files whose text differs on disk.
            is_edit: whether an edit is the cause; after other changes, only files that are shown are checked.
        """
        for path in changed:
            self._before.pop(path, None)
        known = self.shown.keys() | self._waiting.keys()
        added = sorted(path for path in paths if path not in known) if is_edit else []
        room = max(0, _MAX_FILES - len(known))
        self._waiting.update(dict.fromkeys([*(path for path in paths if path in self.shown), *added[:room]]))

    def list_all(self) -> list[str]:
        """Show the errors of all files from now on, whatever their cause, and return the files."""
        paths = sorted(ref.path for ref in self._session.run.targets)
        self.list_files(paths)
        return paths

    def list_files(self, paths: Iterable[str]) -> None:
        """Show the errors of some files from now on, whatever their cause."""
        added = dict.fromkeys(paths)
        self._listed.update(added)
        self._waiting.update(added)

    def list_none(self) -> None:
        """Show the findings of files again only if edits cause them."""
        self._listed.clear()
        self._waiting.update(dict.fromkeys(self.shown))

    def open(self, path: str) -> bool:
        """Forget a file that is opened, and return whether findings about it are shown."""
        self._waiting.pop(path, None)
        return self.shown.pop(path, 0) > 0

    @property
    def is_waiting(self) -> bool:
        """Whether files wait for their check."""
        return bool(self._waiting)

    def next(self) -> Mapping[str, Sequence[Diagnostic]]:
        """Return the findings of a few files that wait."""
        paths = list(islice(self._waiting, _SLICE))
        for path in paths:
            del self._waiting[path]
        return self.findings(paths)

    def findings(self, paths: Sequence[str]) -> Mapping[str, Sequence[Diagnostic]]:
        """Return the findings to show about files, without those for which the editor shows none, before and now."""
        checked = [path for path in paths if self._is_checked(path)]
        found = self._session.diagnostics(checked)
        self._load_saved({path: found[path] for path in checked if path not in self._listed})
        errors = sum(count for path, count in self.shown.items() if path in self._listed)
        shown: dict[str, Sequence[Diagnostic]] = {}
        for path in paths:
            is_listed = path in self._listed
            before = self.shown.pop(path, 0)
            errors -= before if is_listed else 0
            selected = self._selected(path, self._new(path, found.get(path, ())))
            if selected and (not is_listed or errors < MAX_ERRORS):
                self.shown[path] = len(selected)
                errors += len(selected) if is_listed else 0
                shown[path] = selected
            elif before:
                shown[path] = ()
        return shown

    def _load_saved(self, found: Mapping[str, Sequence[Diagnostic]]) -> None:
        """Find out what the rules that report something about files now report about them without unsaved changes."""
        rules = {path: frozenset([finding.rule for finding in findings]) for path, findings in found.items()}
        fresh = [path for path, names in rules.items() if not names <= self._before.get(path, _UNKNOWN).rules]
        if fresh:
            names = frozenset().union(*(rules[path] | self._before.get(path, _UNKNOWN).rules for path in fresh))
            saved = Session(self._session.run).diagnostics(fresh, names)
            self._before.update({path: _Saved(names, frozenset(saved[path])) for path in fresh})

    def _selected(self, path: str, findings: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
        if path in self._listed:
            return [one for one in findings if one.severity is Severity.ERROR]
        before = self._before.get(path, _UNKNOWN).findings
        return [one for one in findings if one not in before]

    def _is_checked(self, path: str) -> bool:
        ref = self._session.run.files.get(path)
        return ref is not None and ref.is_target and not self._session.run.project.is_excluded(ref.absolute)
