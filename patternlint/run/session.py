"""A library kept open, in which files can hold something else than on disk: unsaved text, or fixes that are not written yet.

After a change, one file is linted again, and library rules run for the files that somebody asks about. All findings are
those of a run of which every file holds the changed text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patternlint.cache.record import blob_id
from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.library.card import Card
from patternlint.library.concern import Change, concerned
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.library.store import EntryStore
from patternlint.linter.results import FileAnalysis, LocalDiagnostics
from patternlint.parser.parser import ParsedFile
from patternlint.project.discovery import differing_files, walk_folders
from patternlint.project.files import NO_STAMP, FileRef
from patternlint.project.project import Project
from patternlint.run.analysis import analyze_data
from patternlint.run.linted import LintedFiles
from patternlint.run.request import RunRequest, prepare
from patternlint.run.results import Progress
from patternlint.run.run import Run, files_of
from patternlint.run.state import StateLoader
from patternlint.source import Source

_PARSED_FILES = 32  # that are kept: those that a person has open


class Delta(Struct, frozen=True, eq=False, dict=True):
    """What a change of a session changes.

    Attributes:
        before: the library before the change.
        after: the library after it.
        changes: the entries before and after it of the files that may differ, by path.
        run: the run of the session.
    """

    before: Library
    after: Library
    changes: Mapping[str, Change]
    run: Run

    @cached_property
    def concerned(self) -> frozenset[str]:
        """The paths of the files about which library rules may report something else than before."""
        if all(before == after for before, after in self.changes.values()):
            return frozenset()
        if self.run.project.selection.has_own_library_rules:
            return frozenset(ref.path for ref in self.run.targets)
        return concerned(self.before, self.after, self.changes.values())

    def then(self, later: Delta) -> Delta:
        """Return this change together with the next one."""
        changes = dict(self.changes)
        for path, (before, after) in later.changes.items():
            changes[path] = changes[path][0] if path in changes else before, after
        return Delta(self.before, later.after, changes, later.run)


class Session:
    """A library kept open. Paths are those for display.

    Args:
        run: the run of the files on disk.
        reload: returns it again after files have changed on disk.
    """

    def __init__(self, run: Run, reload: Callable[[], Run] | None = None) -> None:
        self.run = run
        self._reload = reload or (lambda: run)
        self._sources: dict[str, Source] = {}
        self._analyses: dict[str, FileAnalysis] = {}
        self._outside: set[str] = set()
        """The changed files that do not belong to the library."""
        self._store: EntryStore | None = None
        self._about: dict[str, list[Diagnostic]] = {}
        self._parse = lru_cache(_PARSED_FILES)(self._parse_now)

    @classmethod
    def open(cls, request: RunRequest, progress: Progress) -> Session:
        """Open the library of a request.

        Raises:
            RegistryError, SpecError: when a rule or a specification cannot be used.
        """
        project, cache = prepare(request)
        loader = StateLoader(request.worker_context(project), cache, request.jobs, progress)
        reload = partial(_load, request, project, loader)
        return cls(reload(), reload)

    # --- changes ------------------------------------------------------------------------------------------------------

    def put(self, path: str, data: bytes) -> Delta:
        """Let a file hold `data`, whatever is on disk. It need not exist there."""
        return self.put_all({path: data})

    def put_all(self, changed: Mapping[str, bytes]) -> Delta:
        """Let several files hold something else than on disk."""
        self._outside.update(path for path in changed.keys() - self._sources if not self._is_in_library(path))
        self._sources.update({path: Source(path, data) for path, data in changed.items()})
        return self._replace({path: self._analyze(path) for path in changed})

    def drop(self, path: str) -> Delta:
        """Let a file hold again what is on disk."""
        del self._sources[path]
        self._outside.discard(path)
        return self._replace({path: None})

    def refresh(self) -> Delta:
        """List the files on disk again."""
        before, files = self.library(), self.run.files
        outside, refs = self._outside, {path: self._unversioned(path) for path in self._sources}
        self.run = self._reload()
        self._outside = {path for path in refs if not self._is_in_library(path)}
        moved = {path for path, ref in refs.items() if ref != self._unversioned(path)} | (outside ^ self._outside)
        self._analyses.update({path: self._analyze(path) for path in moved})
        self._forget()
        found = (
            self.run.files.at(path) or files.at(path) for path in differing_files(files.listing, self.run.files.listing)
        )
        paths = {*moved, *(ref.path for ref in found if ref is not None)}
        return self._delta(before, {path: (before.entry(path), self.store.get(path)) for path in sorted(paths)})

    def _replace(self, analyses: Mapping[str, FileAnalysis | None]) -> Delta:
        before = self.library()
        for path, analysis in analyses.items():
            if analysis is None:
                del self._analyses[path]
            else:
                self._analyses[path] = analysis
        below = self.run.linted.state.store
        entries = self.entries
        now = {path: entries[path] if path in entries else below.get(path) for path in analyses}
        changes = {path: (before.entry(path), entry) for path, entry in now.items()}
        if any(one != other for one, other in changes.values()):
            self._forget()
        return self._delta(before, changes)

    def _delta(self, before: Library, changes: Mapping[str, Change]) -> Delta:
        return Delta(before, self.library(), changes, self.run)

    def _forget(self) -> None:
        self._store = None
        self._about.clear()
        self.run.linted.state.store.trim()

    # --- questions ----------------------------------------------------------------------------------------------------

    @property
    def store(self) -> EntryStore:
        """The current entries of all files."""
        if self._store is None:
            self._store = self.run.linted.state.store.with_changes(self.entries)
        return self._store

    @property
    def entries(self) -> dict[str, Entry | None]:
        """The entries of the files that hold something else than on disk, without files outside of the library."""
        return {path: one.entry for path, one in self._analyses.items() if path not in self._outside}

    def library(self, targets: Iterable[str] = ()) -> Library:
        """Return the current library, with the targets at some paths."""
        return self.run.linted.library_of(self.store, targets)

    def diagnostics(
        self, paths: Iterable[str], rules: Container[str] | None = None
    ) -> Mapping[str, Sequence[Diagnostic]]:
        """Return the findings about files, sorted, by path; of library rules only those of `rules`, if given."""
        requested = list(paths)
        about = self._about if rules is None else {}
        about.update(self._about_library([path for path in requested if path not in about], rules))
        local = self.run.linted.all_local_diagnostics(
            [self.run.ref(path) for path in requested if path not in self._analyses]
        )
        found: dict[str, Sequence[Diagnostic]] = {}
        for path in requested:
            own = self._changed_diagnostics(path) if path in self._analyses else local[path]
            found[path], _ = self.run.linter.finalize(path, own, about.get(path, ()))
        return found

    def _changed_diagnostics(self, path: str) -> LocalDiagnostics:
        local, content_id = self._analyses[path].own, blob_id(self._sources[path].data)
        return self.run.linted.as_stored(self.ref(path), local, content_id=content_id)

    def _about_library(self, paths: Sequence[str], rules: Container[str] | None) -> Mapping[str, list[Diagnostic]]:
        """Return the diagnostics of library rules about files, by path."""
        targets = [path for path in paths if path not in self._outside]
        if not targets or not self.run.project.selection.library_rules:
            return {}
        found = defaultdict[str, list[Diagnostic]](list)
        for diagnostic in self.run.linter.lint_library(self.library(targets), cache(self.ignored_rules), rules):
            found[diagnostic.path].append(diagnostic)
        return {path: found[path] for path in targets}

    def ignored_rules(self, path: str) -> frozenset[str]:
        """Return the names of the rules that are disabled for a file."""
        return self.run.project.ignored_rules(self.ref(path).absolute)

    def spec(self, path: str) -> str:
        """Return the version of the specification of a changed file; empty if it is unknown."""
        entry = self._analyses[path].entry
        return entry.spec if entry is not None else ""

    def is_changed(self, path: str) -> bool:
        """Return whether a file holds something else than on disk."""
        return path in self._sources

    def source(self, path: str) -> Source | None:
        """Return the current text of a file, or None when it cannot be read."""
        return self._sources.get(path) or self.run.source(path)

    def parsed(self, path: str) -> ParsedFile | None:
        """Return the current file, parsed, or None when it cannot be read."""
        source = self.source(path)
        return self._parse(path, source.data) if source is not None else None

    def card(self, path: str) -> Card | None:
        """Return what people see of a pattern; None for a file that is none."""
        analysis = self._analyses.get(path)
        if analysis is not None:
            return analysis.card
        ref = self.run.files.get(path)
        return self.run.linted.results.load_cards((ref,))[ref.key] if ref is not None else None

    def ref(self, path: str) -> FileRef:
        """Return a file of the library, or one that is not on disk."""
        return self.run.files.get(path) or self.run.files.unlisted(path)

    # --- one file -----------------------------------------------------------------------------------------------------

    def _analyze(self, path: str) -> FileAnalysis:
        project, ref, data = self.run.project, self.ref(path), self._sources[path].data
        return analyze_data(project, self.run.linter, ref, data, self._parse)

    def _parse_now(self, path: str, data: bytes) -> ParsedFile:
        return self.run.project.parse(Source(path, data), named=self.ref(path).declared_pattern)

    def _unversioned(self, path: str) -> FileRef:
        """Return what the analysis of a changed file depends on, besides its text."""
        return replace(self.ref(path), version=NO_STAMP)

    def _is_in_library(self, path: str) -> bool:
        """Return whether rules find a file in the library: one that a run lists, or that it would list once it is saved."""
        files = self.run.files
        if files.get(path) is not None:
            return True
        ref = files.unlisted(path)
        is_left_out = Path(ref.absolute).exists() or self.run.project.is_excluded(ref.absolute)
        return ref.internal and not is_left_out


def _load(request: RunRequest, project: Project, loader: StateLoader) -> Run:
    if loader.cache is not None:
        loader.cache.restart_clock()
    scope, listing = walk_folders(request.scope, project.is_excluded)
    request = replace(request, scope=scope)
    state = loader.load_open(files_of(request, project, listing))
    return Run(LintedFiles(request, project, state))
