"""The short ways to an answer: nothing has changed, or a few files of a large library are asked about.

Both stand on what the cache knows of whole folders, and give up (None) where it does not know enough.
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
"""As many files are asked about at most for the short way to be one."""

MAX_CHANGED = 300
"""As many files may have changed at most since the whole library was looked at."""


class IncrementalContext(Struct, frozen=True):
    """What is there to be looked at.

    Attributes:
        worker_context: what those who learn from files have to know.
        collector: makes the files out of the folders.
        folders: the folders of the run.
        snapshots: what was seen in folders before.
        cache: the cache.
    """

    worker_context: WorkerContext
    collector: FileCollector
    folders: Sequence[FolderListing]
    snapshots: Mapping[bytes, FolderSnapshot]
    cache: ResultCache


class RunView(Struct, frozen=True):
    """The files of a run, what they taught, and what makes the library where there is a short way to that."""

    files: FileSet
    results: AnalysisResults
    library: Callable[[Mapping[str, str], Sequence[str]], Library] | None = None


def view_unchanged(scene: IncrementalContext) -> RunView | None:
    """Return the view of folders in which nothing has changed: what was found may be kept, and no file is looked at."""
    finder = scene.collector
    keyed = sorted((folder_key(one.path, forced=False, reported=one.internal), one) for one in scene.folders)
    parts: list[tuple[bytes, str, bytes, bytes]] = []
    for key, folder in keyed:
        before = scene.snapshots.get(key)
        if before is None or not is_unchanged(folder, before):
            return None
        parts.append(
            (
                key,
                finder.display_prefix(folder),
                ALL_TARGETS if finder.is_target_folder(folder) else NO_TARGETS,
                before.digest,
            )
        )
    files = FileSet(lambda: finder.refs(Listing(scene.folders, {})))
    scene.cache.evict()
    whole = run_digest(parts)
    load = partial(_content, scene, files, whole)
    return RunView(files, AnalysisResults(scene.cache, load, whole, partial(reanalyze, scene.worker_context)))


def _content(scene: IncrementalContext, files: FileSet, key: bytes) -> RunInputs:
    """Return what is in files that have not changed. What the cache has lost meanwhile is read."""
    groups = group_by_folder(files.all)
    kept = unchanged_files(groups, scene.snapshots, scene.cache)
    missing = [ref for ref in files.all if ref.key not in kept]
    if not missing:
        return RunInputs(files.all, NewResults({}, {}), kept, key)
    _, fresh = analyze_uncached(scene.worker_context, missing, 1, None, lambda _: lambda _: None)
    contents = kept | {key: one.blob_id for key, one in fresh.records.items()}
    return RunInputs(files.all, fresh, kept, files_digest(groups, lambda ref: contents[ref.key]))


def view_targets(scene: IncrementalContext, progress: Progress) -> RunView | None:
    """Return the view of a few files: what has changed is read, and of the library only that which somebody asks for."""
    collector, cache = scene.collector, scene.cache
    if len(collector.files) > MAX_TARGETS or not scene.worker_context.project.selection.library_rules:
        return None
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for real in collector.files:
        folder, name = os.path.split(real)
        by_name[folder].add(name)
    refs = list(collector.explicit_refs())
    forced = {ref.absolute for ref in refs}
    drawers: list[_FolderView] = []
    for one in scene.folders:
        if collector.is_target_folder(one) or not _is_plain(one):
            return None
        drawer = _folder_view(scene, one, by_name[one.path])
        drawers.append(drawer)
        refs += (ref for ref in drawer.changed(collector) if ref.absolute not in forced)
        if len(refs) > MAX_CHANGED + MAX_TARGETS:
            return None
    kept, fresh = analyze_uncached(scene.worker_context, refs, 1, cache, progress)
    refs.sort(key=lambda ref: ref.path)
    again = partial(reanalyze, scene.worker_context)
    knowledge = AnalysisResults(cache, lambda: RunInputs(refs, fresh, kept), b"", again)
    shelf = _CachedEntryStore(collector, knowledge, drawers, refs)
    wanted = [ref for ref in refs if ref.is_target]
    files = _TargetFileSet(lambda: collector.refs(Listing(scene.folders, {})), wanted, shelf)
    paths = frozenset(ref.path for ref in wanted)
    specs = scene.worker_context.project.specs

    def library(former: Mapping[str, str], excluded: Sequence[str]) -> Library:
        return Library.of(LazyIndex(shelf, specs, former, excluded), paths.__contains__)

    return RunView(files, knowledge, library)


def _is_plain(folder: FolderListing) -> bool:
    """Return whether all names are UTF-8."""
    try:
        "".join((folder.path, *folder.files)).encode()
    except UnicodeEncodeError:
        return False
    return True


class _FolderView:
    """A folder, and what is known of the files in it that are as they were."""

    def __init__(
        self, folder: FolderListing, asked: AbstractSet[str], listed: Mapping[str, FileStamp], found: FolderIndex
    ) -> None:
        """Take the folder, the files in it that are asked about, those that were seen before, and what finds these."""
        self.folder = folder
        files = folder.files
        self._names = list(listed)
        self._hidden = asked
        self._changed = asked & files.keys()
        if listed is not files:
            self._hidden = asked | {name for name, stamp in listed.items() if files.get(name) != stamp}
            self._changed |= {name for name, stamp in files.items() if listed.get(name) != stamp}
        self._catalogue = NameIndex(found)

    def changed(self, finder: FileCollector) -> Iterator[FileRef]:
        """Yield the files that have to be looked at."""
        return (finder.ref(self.folder, name) for name in self._changed)

    def find(self, kind: str, name: str) -> Iterator[int]:
        """Yield the places of all files that are as they were and are found by this, and maybe others."""
        return (place for place in self._catalogue.find(kind, name) if self._names[place] not in self._hidden)

    def get(self, place: int, finder: FileCollector) -> tuple[bytes, FileRef]:
        """Return the content and the file in a place."""
        return self._catalogue.blob_id(place), finder.ref(self.folder, self._names[place])

    def names(self) -> Iterator[tuple[int, str, str]]:
        """Yield the place, the slug and the id of every file that is as it was."""
        for place, (slug, identity) in enumerate(self._catalogue.names()):
            if self._names[place] not in self._hidden:
                yield place, slug, identity


def _folder_view(scene: IncrementalContext, folder: FolderListing, asked: AbstractSet[str]) -> _FolderView:
    key = folder_key(folder.path, forced=False, reported=folder.internal)
    seen = scene.snapshots.get(key)
    found = scene.cache.load_index(key, seen) if seen is not None else None
    if seen is None or found is None:
        return _FolderView(folder, asked, {}, EMPTY_INDEX)
    return _FolderView(folder, asked, folder.files if is_unchanged(folder, seen) else decode_listing(seen), found)


class _CachedEntryStore:
    """The entries of a library: those of files that had to be looked at, and the others in their drawers."""

    def __init__(
        self, finder: FileCollector, knowledge: AnalysisResults, drawers: Sequence[_FolderView], refs: Iterable[FileRef]
    ) -> None:
        """Take the drawers, and the files that had to be looked at with what they taught."""
        self._finder = finder
        self._knowledge = knowledge
        self._drawers = drawers
        self._own = {ref.path: ref for ref in refs}
        self._entries = knowledge.entries
        self._taken: dict[tuple[int, int], Entry | None] = {}
        self._by_name: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in self._entries.values():
            for one in lookup_keys(entry):
                self._by_name[one].append(entry)

    def ref(self, path: str) -> FileRef | None:
        """Return the file of an entry that was handed out."""
        return self._own.get(path)

    def find(self, kind: str, name: str) -> Iterator[Entry]:
        """See `Shelf`."""
        yield from self._by_name.get((kind, name), ())
        for number, drawer in enumerate(self._drawers):
            for place in set(drawer.find(kind, name)):
                entry = self._take(number, place)
                if entry is not None:
                    yield entry

    def _take(self, number: int, place: int) -> Entry | None:
        known = (number, place) in self._taken
        if not known:
            content, ref = self._drawers[number].get(place, self._finder)
            ((_, entry),) = self._knowledge.load_entries({ref.key: (content, ref)})
            self._own[ref.path] = ref  # first: a rule may be stopped between these two
            self._taken[number, place] = entry
        return self._taken[number, place]

    def slugs(self) -> Iterator[str]:
        """See `Shelf`."""
        yield from (entry.slug for entry in self._entries.values() if entry.slug)
        yield from (slug for drawer in self._drawers for _, slug, _ in drawer.names() if slug)

    def ids(self) -> Iterator[str]:
        """See `Shelf`."""
        yield from (entry.id for entry in self._entries.values() if entry.id)
        yield from (identity for drawer in self._drawers for _, _, identity in drawer.names() if identity)

    def targets(self) -> Iterator[Entry]:
        """See `Shelf`."""
        return (entry for entry in self._entries.values() if self._own[entry.path].is_target)

    def everything(self) -> Iterator[Entry]:
        """See `Shelf`."""
        yield from self._entries.values()
        yield from filter(None, self._taken.values())
        kept: dict[str, tuple[bytes, FileRef]] = {}
        for number, drawer in enumerate(self._drawers):
            for place, _, _ in drawer.names():
                if (number, place) not in self._taken:
                    content, ref = drawer.get(place, self._finder)
                    kept[ref.key] = content, ref
        yield from (entry for _, entry in self._knowledge.load_entries(kept) if entry is not None)


class _TargetFileSet(FileSet):
    """The files of a run about a few of them."""

    def __init__(
        self, make: Callable[[], Sequence[FileRef]], wanted: Sequence[FileRef], shelf: _CachedEntryStore
    ) -> None:
        """Take what makes all of them, those that are asked about, and the entries, whose files are known."""
        super().__init__(make)
        self._wanted = wanted
        self._shelf = shelf

    @cached_property
    def targets(self) -> Sequence[FileRef]:
        """See `Files`."""
        return self._wanted

    def get(self, path: str) -> FileRef | None:
        """See `Files`."""
        return self._shelf.ref(path) or super().get(path)
