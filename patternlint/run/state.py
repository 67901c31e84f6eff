"""The library in one state: in the work tree, in the index, or in a commit.

`StateLoader.load` reads the whole library. `load_partly` takes what is unchanged from the snapshots of an earlier run, and
loads entries when rules look them up. `load_unchanged` is for a work tree in which nothing changed: the cache has the
results of the whole run. All give the same results.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from patternlint.cache.snapshots import (
    ALL_TARGETS,
    EMPTY_INDEX,
    NO_TARGETS,
    NameIndex,
    SnapshotInputs,
    decode_listing,
    files_digest,
    folder_key,
    group_by_folder,
    hash_key,
    is_unchanged,
    run_digest,
    store_snapshots,
    unchanged_files,
)
from patternlint.cache.store import FolderSnapshot, ResultCache
from patternlint.library.entry import Entry
from patternlint.library.store import REFERENCED, EntryStore, MemoryStore, PatternGroup, keys_of
from patternlint.project.discovery import FileSet
from patternlint.project.files import FileRef, FolderListing
from patternlint.run.analysis import WorkerContext
from patternlint.run.results import AnalysisResults, Contents, NewResults, Progress, analyze_uncached

MAX_CHANGED = 300
"""With more changed files, reading the whole library is faster."""

MAX_LOOKUPS = 3_000
"""More lookups cost as much as loading every entry of a large library."""

MAX_KEPT = 10_000
"""Entries that a library kept open may hold between two changes. An entry with its place in the caches takes 5 KB."""

FOLDERS_PER_ENTRY = 10
"""Folders in which a lookup searches in the time that it takes to load an entry."""


class LibraryState(Struct, frozen=True, eq=False, dict=True):
    """The files of a library with their analysis results and entries.

    Attributes:
        files: the files.
        results: the analysis results.
        make_store: returns the entries.
        target_specs: yields the specification of each target, empty for an unknown one; None if it is not a pattern.
    """

    files: FileSet
    results: AnalysisResults
    make_store: Callable[[], EntryStore]
    target_specs: Callable[[], Iterator[str | None]]

    @cached_property
    def store(self) -> EntryStore:
        """The entries of all files."""
        return self.make_store()


class StateLoader(Struct, frozen=True):
    """Loads states of a library.

    Attributes:
        worker_context: what is needed to analyze files.
        cache: the cache, if any.
        jobs: the maximum number of processes.
        progress: shows the progress.
    """

    worker_context: WorkerContext
    cache: ResultCache | None
    jobs: int
    progress: Progress

    def load(self, files: FileSet) -> LibraryState:
        """Return the state of all files. Files whose content is not cached are analyzed."""
        context, cache = self.worker_context, self.cache
        refs = files.all
        if cache is None:
            _, new = analyze_uncached(context, refs, self.jobs, None, self.progress)
            return self._whole(files, Contents(refs, new, lambda _: b""))
        folders = group_by_folder(refs)
        snapshots = cache.load_snapshots()
        cached = unchanged_files(folders, snapshots, cache)
        changed = [ref for ref in refs if ref.key not in cached]
        touched, new = analyze_uncached(context, changed, self.jobs, cache, self.progress)
        cached |= touched
        blob_ids = cached | {key: record.blob_id for key, record in new.records.items()}
        digest = files_digest(folders, lambda ref: blob_ids[ref.key])
        state = self._whole(files, Contents(refs, new, lambda ref: cached[ref.key], digest))
        if not files.listing.in_git:
            new_entries = {key: new.entries.get(key) for key in new.records}
            inputs = SnapshotInputs(blob_ids, new_entries, state.results.load_entries)
            store_snapshots(cache, folders, snapshots, inputs)
        cache.evict()
        return state

    def _whole(self, files: FileSet, contents: Contents) -> LibraryState:
        return self._state(files, AnalysisResults(self.worker_context, self.cache, lambda: contents, contents.digest))

    def _state(self, files: FileSet, results: AnalysisResults) -> LibraryState:
        relations = self.worker_context.project.specs.relations

        def target_specs() -> Iterator[str | None]:
            specs = {entry.path: None if entry.left_alone else entry.spec for entry in results.entries}
            return (specs.get(ref.path, "") for ref in files.targets)

        return LibraryState(files, results, lambda: MemoryStore(results.entries, relations), target_specs)

    def load_unchanged(self, files: FileSet) -> LibraryState | None:
        """Return the state of folders without any change, else None. Only a file without a row in the cache is read."""
        cache = self.cache
        if cache is None:
            return None
        snapshots = cache.load_snapshots()
        parts: list[tuple[bytes, str, bytes, bytes]] = []
        for folder in files.listing.folders:
            key = _key(files, folder)
            snapshot = snapshots.get(key)
            if snapshot is None or not is_unchanged(folder, snapshot):
                return None
            targets = ALL_TARGETS if files.is_target_folder(folder) else NO_TARGETS
            parts.append((key, files.display_prefix(folder), targets, snapshot.digest))
        digest = run_digest(sorted(parts))
        return self._state(
            files,
            AnalysisResults(
                self.worker_context, cache, lambda: self._unchanged_contents(files, cache, snapshots, digest), digest
            ),
        )

    def _unchanged_contents(
        self, files: FileSet, cache: ResultCache, snapshots: Mapping[bytes, FolderSnapshot], digest: bytes
    ) -> Contents:
        """Return unchanged files with their contents. Files whose snapshot has disappeared from the cache are analyzed."""
        folders = group_by_folder(files.all)
        cached = unchanged_files(folders, snapshots, cache)
        missing = [ref for ref in files.all if ref.key not in cached]
        if not missing:
            return Contents(files.all, NewResults(), lambda ref: cached[ref.key], digest)
        _, new = analyze_uncached(self.worker_context, missing, 1, None, lambda _: lambda _: None)
        blob_ids = cached | {key: record.blob_id for key, record in new.records.items()}
        digest = files_digest(folders, lambda ref: blob_ids[ref.key])
        return Contents(files.all, new, lambda ref: cached[ref.key], digest)

    def load_open(self, files: FileSet) -> LibraryState:
        """Return a state to keep open: partly loaded, if possible, and without a limit of lookups."""
        state = self.load_partly(files, is_open=True)
        if state is None:
            whole = self.load(files)
            state = self.load_partly(files, is_open=True) or whole
        return state

    def load_partly(self, files: FileSet, *, is_open: bool = False) -> LibraryState | None:
        """Return the state of files of which few differ from the snapshots, else None.

        Args:
            files: the files.
            is_open: whether rules run many times, so that loading all entries at once never pays.
        """
        cache = self.cache
        if cache is None or not files.has_utf8_names:
            return None
        snapshots = cache.load_snapshots()
        folders = [_known_folder(files, one, snapshots.get(_key(files, one)), cache) for one in files.listing.folders]
        if len(files.explicit) + sum(len(folder.changed) for folder in folders) > MAX_CHANGED:
            return None
        changed = [*files.explicit, *(files.ref(one.listing, name) for one in folders for name in one.changed)]
        changed.sort(key=lambda ref: ref.path)
        cached, new = analyze_uncached(self.worker_context, changed, 1, cache, self.progress)
        blob_id = _blob_ids(cached, folders)
        results = AnalysisResults(self.worker_context, cache, lambda: Contents((), new, blob_id))
        loaded = results.load_entries({ref.key: (cached[ref.key], ref) for ref in changed if ref.key in cached})
        entries = {ref.key: new.entries.get(ref.key) or loaded.get(ref.key) for ref in changed}
        size = sum(len(one.unchanged) for one in folders)
        max_lookups = min(MAX_LOOKUPS, FOLDERS_PER_ENTRY * size // max(len(folders), 1))
        above = MemoryStore(filter(None, entries.values()), self.worker_context.project.specs.relations)
        store = _SnapshotStore(files, folders, above, results, sys.maxsize if is_open else max_lookups)

        def target_specs() -> Iterator[str | None]:
            for ref in changed:
                if ref.is_target:
                    entry = entries[ref.key]
                    yield "" if entry is None else None if entry.left_alone else entry.spec
            for folder in folders:
                is_target_folder = files.is_target_folder(folder.listing)
                for name, (_, _, spec) in folder.names():
                    if is_target_folder or files.ref(folder.listing, name).is_target:
                        yield spec

        return LibraryState(files, results, lambda: store, target_specs)


def _blob_ids(changed: Mapping[str, bytes], folders: Iterable[_KnownFolder]) -> Callable[[FileRef], bytes]:
    """Return a function that returns the blob id of a cached file: one of `changed`, by file key, or an unchanged one."""
    by_folder = _by_folder(folders)

    def blob_id(ref: FileRef) -> bytes:
        path, name = ref.folder_and_name
        return changed.get(ref.key) or by_folder[path, ref.internal].blob_id(name)

    return blob_id


def _by_folder(folders: Iterable[_KnownFolder]) -> Mapping[tuple[str, bool], _KnownFolder]:
    """Return folders by path, and by whether they are internal."""
    return {(folder.listing.path, folder.listing.internal): folder for folder in folders}


def _key(files: FileSet, folder: FolderListing) -> bytes:
    return folder_key(folder.path, files.root, explicit=False, internal=folder.internal)


class _KnownFolder:
    """A folder with the index of its snapshot.

    Args:
        listing: the folder.
        names: the names in the snapshot.
        unchanged: those that have the same content now.
        changed: the other names in the listing, without those of explicit files.
        index: the index of the snapshot.
    """

    def __init__(
        self,
        listing: FolderListing,
        names: Sequence[str],
        unchanged: frozenset[str],
        changed: Sequence[str],
        index: NameIndex,
    ) -> None:
        self.listing = listing
        self.unchanged = unchanged
        self.changed = changed
        self._names = names
        self._index = index

    def find(self, key: int) -> Collection[str]:
        """Return the names of all unchanged files with a hashed lookup key, and maybe others."""
        positions = self._index.find(key)
        return {self._names[position] for position in positions} & self.unchanged if positions else ()

    def blob_id(self, name: str) -> bytes:
        """Return the blob id of an unchanged file."""
        return self._index.blob_id(self._positions[name])

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {name: position for position, name in enumerate(self._names)}

    def names(self) -> Iterator[tuple[str, tuple[str, str, str | None]]]:
        """Yield the name of every unchanged file with its slug, id and specification (see `NameIndex`)."""
        return (
            (name, found)
            for name, found in zip(self._names, self._index.names(), strict=True)
            if name in self.unchanged
        )


def _known_folder(
    files: FileSet, listing: FolderListing, snapshot: FolderSnapshot | None, cache: ResultCache
) -> _KnownFolder:
    versions = listing.files
    explicit = files.explicit_in(listing)
    found = cache.load_index(_key(files, listing), snapshot) if snapshot is not None else None
    if snapshot is None or found is None:
        changed = [name for name in versions if name not in explicit]
        return _KnownFolder(listing, (), frozenset(), changed, NameIndex(EMPTY_INDEX))
    index = NameIndex(found)
    if is_unchanged(listing, snapshot):
        names = list(versions)
        return _KnownFolder(listing, names, frozenset(names) - explicit, (), index)
    stamps = decode_listing(snapshot)
    unchanged = frozenset(
        name
        for position, (name, stamp) in enumerate(stamps.items())
        if (version := versions.get(name)) is not None and version in (stamp, index.blob_id(position))
    )
    changed = [name for name in versions if name not in unchanged and name not in explicit]
    return _KnownFolder(listing, list(stamps), unchanged - explicit, changed, index)


class _SnapshotStore(EntryStore):
    """The entries of changed files, and those of unchanged ones in the cache.

    Args:
        files: the files.
        folders: the folders with their snapshots.
        changed: the entries of changed files.
        results: loads entries.
        max_lookups: after this many different lookups, all entries are loaded.
    """

    def __init__(
        self,
        files: FileSet,
        folders: Sequence[_KnownFolder],
        changed: MemoryStore,
        results: AnalysisResults,
        max_lookups: int,
    ) -> None:
        super().__init__(changed.relations)
        self._files = files
        self._folders = folders
        self._by_folder = _by_folder(folders)
        self._changed = changed
        self._results = results
        self._loaded: dict[str, Entry | None] = {}
        self._found: dict[tuple[str, str], Sequence[Entry]] = {}
        self._referenced: dict[str, bool] = {}
        self._max_lookups = max_lookups

    def trim(self) -> None:
        if len(self._loaded) > MAX_KEPT:
            self._loaded.clear()
            self._found.clear()
            self._referenced.clear()
            self._graphs.clear()
            self._label_ids.clear()

    def find(self, kind: str, name: str) -> Sequence[Entry]:
        found = self._found.get((kind, name))
        if found is None:
            if len(self._found) > self._max_lookups:
                return self._whole.find(kind, name)
            entries = [entry for entry in self._load(list(self._refs(kind, name))) if name in keys_of(entry, kind)]
            found = sorted([*self._changed.find(kind, name), *entries], key=lambda entry: entry.path)
            self._found[kind, name] = found
        return found

    def is_referenced(self, name: str) -> bool:
        """Return whether another pattern has a slug or id among its links. Entries are loaded until one has."""
        found = self._referenced.get(name)
        if found is None:
            loaded = (entry for ref in self._refs(REFERENCED, name) for entry in self._load((ref,)))
            found = self._changed.is_referenced(name) or any(name in entry.foreign_targets for entry in loaded)
            self._referenced[name] = found
        return found

    def get(self, path: str) -> Entry | None:
        return self._changed.get(path) or self._loaded.get(path) or next(self.get_all((path,)), None)

    def get_all(self, paths: Iterable[str]) -> Iterator[Entry]:
        ordered = list(paths)
        unknown = [path for path in ordered if path not in self._loaded and self._changed.get(path) is None]
        places = filter(None, map(self._files.place, unknown))
        folders = self._by_folder
        self._load(
            [
                self._files.ref(listing, name)
                for listing, name in places
                if name in folders[listing.path, listing.internal].unchanged
            ]
        )
        return filter(None, (self._changed.get(path) or self._loaded.get(path) for path in ordered))

    def _refs(self, kind: str, name: str) -> Iterator[FileRef]:
        """Yield all unchanged files with a lookup key, and maybe others."""
        key = hash_key(kind, name)
        return (self._files.ref(one.listing, file) for one in self._folders for file in one.find(key))

    def _load(self, refs: Collection[FileRef]) -> Iterator[Entry]:
        """Return the entries of unchanged files."""
        found = [ref for ref in refs if ref.path not in self._loaded]
        entries = self._results.load_entries({ref.key: (self._results.blob_id(ref), ref) for ref in found})
        self._loaded.update((ref.path, entries.get(ref.key)) for ref in found)
        return filter(None, (self._loaded[ref.path] for ref in refs))

    def _everything(self) -> Sequence[Entry]:
        refs = [self._files.ref(one.listing, name) for one in self._folders for name in one.unchanged]
        return sorted([*self._changed.everything, *self._load(refs)], key=lambda entry: entry.path)

    @cached_property
    def _whole(self) -> MemoryStore:
        return MemoryStore(self.everything, self.relations)

    def _left_alone(self) -> Sequence[Entry]:
        refs = [
            self._files.ref(one.listing, name)
            for one in self._folders
            for name, (_, _, spec) in one.names()
            if spec is None
        ]
        return sorted([*self._changed.left_alone, *self._load(refs)], key=lambda entry: entry.path)

    def slugs(self) -> Iterator[str]:
        yield from self._changed.slugs()
        yield from (slug for folder in self._folders for _, (slug, _, _) in folder.names() if slug)

    def ids(self) -> Iterator[str]:
        yield from self._changed.ids()
        yield from (identity for folder in self._folders for _, (_, identity, _) in folder.names() if identity)

    def _count_groups(self) -> Counter[PatternGroup]:
        counts = Counter(self._changed.pattern_groups)
        for folder in self._folders:
            path, internal = self._files.display_prefix(folder.listing).rstrip("/"), folder.listing.internal
            counts.update(PatternGroup(path, spec, internal) for _, (_, _, spec) in folder.names() if spec is not None)
        return counts
