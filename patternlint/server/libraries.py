"""The libraries of open files: one for each configuration, or repository without one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.editor.names import Name, NameIndex
from patternlint.gate.baseline import BaselineFilter, default_baseline, follow_renames, read_baseline
from patternlint.gate.finding_key import NewDiagnosticsFilter
from patternlint.library.entry import Entry
from patternlint.project.config import Config, LoadedConfig, find_trusted_config, load_config
from patternlint.project.git import GitError, find_top, git, modified_files
from patternlint.project.paths import enclosing_library, find_scope
from patternlint.project.project import Overrides
from patternlint.run.request import RunRequest, cache_folder
from patternlint.run.results import Progress
from patternlint.run.run import Run
from patternlint.run.session import Delta, Session
from patternlint.server.closed import ClosedFiles

_MAX_TITLES = 10_000
"""In a larger library, names are completed by their slugs alone: titles would take a second to load."""


class LibraryKey(Struct, frozen=True):
    """Identifies a library by its configuration and its folder.

    Attributes:
        config: the configuration, if any.
        folder: the folder; None outside of any library.
        file: the only file, outside of a library and until the library is open.
    """

    config: Path | None
    folder: Path | None
    file: Path | None = None


def key_of(path: Path) -> LibraryKey:
    """Return the library of the file at an absolute path.

    Raises:
        ConfigError: when another user may have written the configuration.
    """
    folder = path.parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    config = find_trusted_config(folder)
    top = config.parent if config is not None else find_top(folder)
    return LibraryKey(config, top, None if top is not None else path)


def request_for(key: LibraryKey, jobs: int) -> RunRequest:
    """Return the request for all files of a library.

    Raises:
        ConfigError: when the configuration is invalid.
        DiscoveryError: when a folder is not found.
    """
    loaded = load_config(key.config, key.config.parent) if key.config is not None else LoadedConfig(Config(), None)
    folder = loaded.folder
    extra: list[Path] = []
    if folder is not None:
        parent = enclosing_library(folder)
        extra = [*(folder / name for name in loaded.config.library), *([parent] if parent is not None else [])]
    target = key.file or key.folder
    assert target is not None  # noqa: S101 - a key has one of them
    scope = find_scope([target], folder, extra, exist=False)
    overrides = Overrides(library_rules=key.file is None)
    cache = cache_folder(scope, None) if key.file is None else None
    return RunRequest(scope, loaded, overrides, jobs, cache, find_top(target))


class OpenLibrary:
    """A library in which files are open.

    Args:
        key: the library.
        progress: shows the progress.
    """

    def __init__(self, key: LibraryKey, progress: Progress) -> None:
        self.key = key
        self.session = Session.open(request_for(key, os.cpu_count() or 1), progress)
        self._names: NameIndex | None = None
        self._known = _baseline_of(self.session.run)
        self.closed = ClosedFiles(self.session, self.new)

    @property
    def names(self) -> NameIndex:
        """The names of all patterns."""
        if self._names is None:
            store = self.session.store
            if sum(store.pattern_counts.values()) <= _MAX_TITLES:
                self._names = NameIndex(Name(entry.slug, entry.title) for entry in store.patterns if entry.slug)
            else:
                self._names = NameIndex(Name(slug) for slug in dict.fromkeys(store.slugs()))
        return self._names

    def note(self, delta: Delta) -> Delta:
        """Take a change into account, and return it."""
        for before, after in delta.changes.values():
            if _name(before) != _name(after):
                self._names = None
        return delta

    def new(self, path: str, findings: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
        """Return the findings of a file that the baseline does not contain."""
        return self._known.split(path, findings)[0] if self._known is not None else findings

    def changed_files(self) -> list[str]:
        """Return the paths of the files that differ from the last commit; none outside of a git repository."""
        top = find_top(self.key.folder) if self.key.folder is not None else None
        if top is None:
            return []
        try:
            names = {*modified_files(top, "HEAD"), *_untracked(top)}
        except GitError:  # before the first commit
            return []
        refs = (self.session.run.files.at(str(top / name)) for name in names if name)
        return sorted(ref.path for ref in refs if ref is not None)

    def is_excluded(self, absolute: str) -> bool:
        """Return whether a file is not checked."""
        return self.session.run.project.is_excluded(absolute)

    def depends_on(self, absolute: str) -> bool:
        """Return whether the library must be opened again after a file has changed: its configuration, rules or schemas."""
        path = Path(absolute)
        folder = self.key.folder
        return folder is not None and path.is_relative_to(folder) and path.suffix in _SETTINGS


def _untracked(top: Path) -> list[str]:
    listed = git(top, "ls-files", "-z", "--others", "--exclude-standard")
    return [os.fsdecode(name) for name in listed.split(b"\0")]


def _baseline_of(run: Run) -> NewDiagnosticsFilter | None:
    """Return the filter of the known findings of a library, or None without a baseline.

    Raises:
        BaselineError: when it is invalid.
    """
    request = run.request
    path = default_baseline(request.loaded, request.scope.roots)
    if path is None:
        return None
    baseline = follow_renames(read_baseline(path, request.checkouts), path.parent, run)
    return NewDiagnosticsFilter((BaselineFilter(baseline, path.parent),))


def _name(entry: Entry | None) -> Name | None:
    return Name(entry.slug, entry.title) if entry is not None else None


_SETTINGS = (".py", ".toml", ".json")  # configuration, own rules, specifications, baseline
