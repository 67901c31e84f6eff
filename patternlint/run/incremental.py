"""Incremental runs.

`view_unchanged` answers from the cache when no folder changed. `view_targets` analyzes a few files against the cached library.
Both rely on folder snapshots, and return None when these are not enough; the caller then runs in full.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, partial

from msgspec import Struct

from patternlint.cache.snapshots import (
    ALL_TARGETS,
    EMPTY_INDEX,
    NO_TARGETS,
    NameIndex,
    decode_listing,
    files_digest,
    folder_key,
    group_by_folder,
    is_unchanged,
    run_digest,
    unchanged_files,
)
from patternlint.cache.store import FolderIndex, FolderSnapshot, ResultCache
from patternlint.library.entry import Entry
from patternlint.library.lazy import LazyIndex, lookup_keys
from patternlint.library.library import Library
from patternlint.project.discovery import FileCollector, Listing
from patternlint.project.files import FileRef, FileSet, FileStamp, FolderListing
from patternlint.run.analysis import WorkerContext
from patternlint.run.results import AnalysisResults, NewResults, Progress, RunInputs, analyze_uncached, reanalyze

MAX_TARGETS = 100
MAX_CHANGED = 300
"""With more targets or changed files, a full run is faster than `view_targets`."""


class IncrementalContext(Struct, frozen=True):
    """The folders of a run with their stored snapshots, by folder key."""

    worker_context: WorkerContext
    collector: FileCollector
    folders: Sequence[FolderListing]
    snapshots: Mapping[bytes, FolderSnapshot]
    cache: ResultCache


class RunView(Struct, frozen=True):
    """The files of a run and their analysis results.

    Attributes:
        library: makes the library of `former` and excluded files; None to make it from all entries.
    """

    files: FileSet
    results: AnalysisResults
    library: Callable[[Mapping[str, str], Sequence[str]], Library] | None = None


def view_unchanged(context: IncrementalContext) -> RunView | None:
    """Return a view of folders without any change. No file is read unless its row has disappeared from the cache."""
    collector = context.collector
    keyed = sorted((folder_key(one.path, explicit=False, internal=one.internal), one) for one in context.folders)
    parts: list[tuple[bytes, str, bytes, bytes]] = []
    for key, folder in keyed:
        snapshot = context.snapshots.get(key)
        if snapshot is None or not is_unchanged(folder, snapshot):
            return None
        targets = ALL_TARGETS if collector.is_target_folder(folder) else NO_TARGETS
        parts.append((key, collector.display_prefix(folder), targets, snapshot.digest))
    files = FileSet(lambda: collector.refs(Listing(context.folders, {})))
    context.cache.evict()
    digest = run_digest(parts)
    load = partial(_load_inputs, context, files, digest)
    return RunView(files, AnalysisResults(context.cache, load, digest, partial(reanalyze, context.worker_context)))


def _load_inputs(context: IncrementalContext, files: FileSet, digest: bytes) -> RunInputs:
    """Return unchanged files with their contents. Files whose snapshot has disappeared from the cache are analyzed."""
    folders = group_by_folder(files.all)
    cached = unchanged_files(folders, context.snapshots, context.cache)
    missing = [ref for ref in files.all if ref.key not in cached]
    if not missing:
        return RunInputs(files.all, NewResults({}, {}), cached, digest)
    _, new = analyze_uncached(context.worker_context, missing, 1, None, lambda _: lambda _: None)
    blob_ids = cached | {key: record.blob_id for key, record in new.records.items()}
    return RunInputs(files.all, new, cached, files_digest(folders, lambda ref: blob_ids[ref.key]))


def view_targets(context: IncrementalContext, progress: Progress) -> RunView | None:
    """Return a view of a few target files. Changed files are analyzed; other entries are loaded when looked up."""
    collector, cache, project = context.collector, context.cache, context.worker_context.project
    if len(collector.files) > MAX_TARGETS or not project.selection.library_rules:
        return None
    targets_in: defaultdict[str, set[str]] = defaultdict(set)
    for path in collector.files:
        folder, name = os.path.split(path)
        targets_in[folder].add(name)
    refs = list(collector.explicit_refs())
    explicit = {ref.absolute for ref in refs}
    views: list[_FolderView] = []
    for one in context.folders:
        if collector.is_target_folder(one) or not _has_utf8_names(one):
            return None
        view = _folder_view(context, one, targets_in[one.path])
        views.append(view)
        refs += (ref for ref in view.changed(collector) if ref.absolute not in explicit)
        if len(refs) > MAX_CHANGED + MAX_TARGETS:
            return None
    cached, new = analyze_uncached(context.worker_context, refs, 1, cache, progress)
    refs.sort(key=lambda ref: ref.path)
    again = partial(reanalyze, context.worker_context)
    results = AnalysisResults(cache, lambda: RunInputs(refs, new, cached), b"", again)
    store = _CachedEntryStore(collector, results, views, refs)
    targets = [ref for ref in refs if ref.is_target]
    files = _TargetFileSet(lambda: collector.refs(Listing(context.folders, {})), targets, store)
    paths = frozenset(ref.path for ref in targets)

    def library(former: Mapping[str, str], excluded: Sequence[str]) -> Library:
        return Library.of(LazyIndex(store, project.specs, former, excluded), paths.__contains__)

    return RunView(files, results, library)


def _has_utf8_names(folder: FolderListing) -> bool:
    try:
        "".join((folder.path, *folder.files)).encode()
    except UnicodeEncodeError:
        return False
    return True


class _FolderView:
    """A folder with the index of its snapshot, for the files that are unchanged and not targets.

    Args:
        folder: the folder.
        targets: the names of the targets in it.
        snapshot: the names and stamps in the snapshot; positions are those in this mapping.
        index: the index of the snapshot.
    """

    def __init__(
        self, folder: FolderListing, targets: AbstractSet[str], snapshot: Mapping[str, FileStamp], index: FolderIndex
    ) -> None:
        self.folder = folder
        files = folder.files
        self._names = list(snapshot)
        self._hidden = targets
        self._changed = targets & files.keys()
        if snapshot is not files:
            self._hidden = targets | {name for name, stamp in snapshot.items() if files.get(name) != stamp}
            self._changed |= {name for name, stamp in files.items() if snapshot.get(name) != stamp}
        self._index = NameIndex(index)

    def changed(self, collector: FileCollector) -> Iterator[FileRef]:
        """Yield the targets and the changed files."""
        return (collector.ref(self.folder, name) for name in self._changed)

    def find(self, kind: str, name: str) -> Iterator[int]:
        """Yield the positions of all unchanged files with a lookup key, and maybe others."""
        return (one for one in self._index.find(kind, name) if self._names[one] not in self._hidden)

    def get(self, position: int, collector: FileCollector) -> tuple[bytes, FileRef]:
        """Return the blob id and the file at a position."""
        return self._index.blob_id(position), collector.ref(self.folder, self._names[position])

    def names(self) -> Iterator[tuple[int, str, str]]:
        """Yield the position, the slug and the id of every unchanged file."""
        for position, (slug, identity) in enumerate(self._index.names()):
            if self._names[position] not in self._hidden:
                yield position, slug, identity


def _folder_view(context: IncrementalContext, folder: FolderListing, targets: AbstractSet[str]) -> _FolderView:
    key = folder_key(folder.path, explicit=False, internal=folder.internal)
    snapshot = context.snapshots.get(key)
    index = context.cache.load_index(key, snapshot) if snapshot is not None else None
    if snapshot is None or index is None:
        return _FolderView(folder, targets, {}, EMPTY_INDEX)
    files = folder.files if is_unchanged(folder, snapshot) else decode_listing(snapshot)
    return _FolderView(folder, targets, files, index)


class _CachedEntryStore:
    """The `EntryStore` of a view: entries of analyzed files, and of unchanged ones by way of their folder views."""

    def __init__(
        self, collector: FileCollector, results: AnalysisResults, views: Sequence[_FolderView], refs: Iterable[FileRef]
    ) -> None:
        self._collector = collector
        self._results = results
        self._views = views
        self._refs = {ref.path: ref for ref in refs}
        self._entries = results.entries
        self._loaded: dict[tuple[int, int], Entry | None] = {}
        self._by_lookup_key: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in self._entries.values():
            for key in lookup_keys(entry):
                self._by_lookup_key[key].append(entry)

    def ref(self, path: str) -> FileRef | None:
        """Return the file of an entry that was returned before."""
        return self._refs.get(path)

    def find(self, kind: str, name: str) -> Iterator[Entry]:
        yield from self._by_lookup_key.get((kind, name), ())
        for number, view in enumerate(self._views):
            for position in set(view.find(kind, name)):
                entry = self._load(number, position)
                if entry is not None:
                    yield entry

    def _load(self, number: int, position: int) -> Entry | None:
        if (number, position) not in self._loaded:
            blob_id, ref = self._views[number].get(position, self._collector)
            ((_, entry),) = self._results.load_entries({ref.key: (blob_id, ref)})
            self._refs[ref.path] = ref  # first: the time limit of a rule may interrupt between these two lines
            self._loaded[number, position] = entry
        return self._loaded[number, position]

    def slugs(self) -> Iterator[str]:
        yield from (entry.slug for entry in self._entries.values() if entry.slug)
        yield from (slug for view in self._views for _, slug, _ in view.names() if slug)

    def ids(self) -> Iterator[str]:
        yield from (entry.id for entry in self._entries.values() if entry.id)
        yield from (identity for view in self._views for _, _, identity in view.names() if identity)

    def targets(self) -> Iterator[Entry]:
        return (entry for entry in self._entries.values() if self._refs[entry.path].is_target)

    def everything(self) -> Iterator[Entry]:
        yield from self._entries.values()
        yield from filter(None, self._loaded.values())
        contents: dict[str, tuple[bytes, FileRef]] = {}
        for number, view in enumerate(self._views):
            for position, _, _ in view.names():
                if (number, position) not in self._loaded:
                    blob_id, ref = view.get(position, self._collector)
                    contents[ref.key] = blob_id, ref
        yield from (entry for _, entry in self._results.load_entries(contents) if entry is not None)


class _TargetFileSet(FileSet):
    """A file set that finds targets and looked-up entries without making all files."""

    def __init__(
        self, make: Callable[[], Sequence[FileRef]], targets: Sequence[FileRef], store: _CachedEntryStore
    ) -> None:
        super().__init__(make)
        self._targets = targets
        self._store = store

    @cached_property
    def targets(self) -> Sequence[FileRef]:
        return self._targets

    def get(self, path: str) -> FileRef | None:
        return self._store.ref(path) or super().get(path)
