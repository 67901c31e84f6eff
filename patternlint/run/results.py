"""What the files of a run taught: just now, or long ago."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, partial

from msgspec import Struct

from patternlint.cache.record import AnalysisRecord, decode_entry, without_entry, without_payload
from patternlint.cache.snapshots import SnapshotInputs, files_digest, group_by_folder, store_snapshots, unchanged_files
from patternlint.cache.store import ResultCache
from patternlint.library.entry import Entry
from patternlint.project.files import FileRef
from patternlint.run.analysis import WorkerContext, analyze_files

Progress = Callable[[int], Callable[[int], None]]
"""Told how many files there are; returns what is told how many more are done."""


class NewResults(Struct, frozen=True):
    """What this run learned.

    Attributes:
        records: by key, without entries.
        entries: the entries, by key.
        stored: the keys of those about which the cache knows what their text shows, and `learned` does not.
    """

    records: Mapping[str, AnalysisRecord]
    entries: Mapping[str, Entry]
    stored: AbstractSet[str] = frozenset()


class RunInputs(Struct, frozen=True):
    """The files of a run and what is in them.

    Attributes:
        refs: the files.
        new: what it has just learned.
        cached: by key, the contents of the other files: the cache knows those.
        digest: stands for all contents and what is asked about them; empty when nothing is to be kept of the run.
    """

    refs: Sequence[FileRef]
    new: NewResults
    cached: Mapping[str, bytes]
    digest: bytes = b""


class AnalysisResults:
    """What the files of a run taught: fresh from this run, or kept in the cache and fetched when asked for."""

    def __init__(
        self,
        cache: ResultCache | None,
        content: Callable[[], RunInputs],
        key: bytes,
        learn_again: Callable[[Sequence[FileRef]], Iterator[AnalysisRecord]],
    ) -> None:
        """Take what this run learned, and what the cache knows.

        Args:
            cache: the cache.
            content: the files and what is in them; asked for when it is needed.
            key: that of the content, as far as is known without asking for it.
            learn_again: learns from files about which the cache, when it was asked, knew nothing after all.
        """
        self._cache = cache
        self._load = content
        self._learn_again = learn_again
        self._key = key

    @cached_property
    def _content(self) -> RunInputs:
        content = self._load()
        self._key = content.digest
        return content

    @cached_property
    def _kept(self) -> Mapping[str, tuple[bytes, FileRef]]:
        kept = self._content.cached
        return {ref.key: (kept[ref.key], ref) for ref in self._content.refs if ref.key in kept}

    @cached_property
    def _fetched(self) -> tuple[Mapping[str, AnalysisRecord], Mapping[str, Entry]]:
        """What every file taught, by key, and every entry."""
        fresh = self._content.new
        if self._cache is None or not self._kept:
            return fresh.records, fresh.entries
        learned, entries = dict(fresh.records), dict(fresh.entries)
        for key, one in self._complete(self._kept, self._cache.load_entries):
            learned[key] = without_payload(one)
            entry = decode_entry(one, reported=self._kept[key][1].internal)
            if entry is not None:
                entries[key] = entry
        return learned, entries

    def _complete(
        self,
        kept: Mapping[str, tuple[bytes, FileRef]],
        fetch: Callable[[Mapping[str, tuple[bytes, str]]], Iterator[tuple[str, AnalysisRecord]]],
    ) -> Iterator[tuple[str, AnalysisRecord]]:
        """Yield what the cache knows of files, by key, and what they teach again where it knows nothing any more.

        That happens: its disk is full or spoilt, it was deleted, another run tidied it up.
        """
        missing = dict(kept)
        for key, one in fetch({key: (blob, ref.path) for key, (blob, ref) in kept.items()}):
            if missing.pop(key, None) is not None:
                yield key, one
        refs = [ref for _, ref in missing.values()]
        for (key, (blob, _)), one in zip(missing.items(), self._learn_again(refs), strict=True):
            if one.blob_id != blob:  # changed in the meantime: what is found is not about what the key stands for
                self._key = b""
            yield key, one

    @property
    def records(self) -> Mapping[str, AnalysisRecord]:
        """What every file is, by key."""
        return self._fetched[0]

    @property
    def entries(self) -> Mapping[str, Entry]:
        """What the library may know about each pattern, by key."""
        return self._fetched[1]

    def load_diagnostics(self, refs: Iterable[FileRef]) -> Mapping[str, AnalysisRecord]:
        """Return what the text of each of some files shows by itself, by key."""
        content = self._content
        learned, stored = content.new.records, content.new.stored
        found: dict[str, AnalysisRecord] = {}
        kept: dict[str, tuple[bytes, FileRef]] = {}
        for ref in refs:
            key = ref.key
            one = learned.get(key)
            if one is not None and key not in stored:
                found[key] = one
            elif one is not None or key in content.cached:
                kept[key] = one.blob_id if one is not None else content.cached[key], ref
        if self._cache is not None and kept:
            found.update(self._complete(kept, self._cache.load_diagnostics))
        return found

    def blob_id(self, key: str) -> bytes:
        """Return the name of the content that the results of a file are about; empty when it is not known."""
        one = self._content.new.records.get(key)
        return one.blob_id if one is not None else self._content.cached.get(key, b"")

    def incomplete(self) -> Iterator[AnalysisRecord]:
        """Yield what was learned of files that could not be checked, or on which a rule failed."""
        return (one for one in self._content.new.records.values() if not one.blob_id)

    def load_entries(self, kept: Mapping[str, tuple[bytes, FileRef]]) -> Iterator[tuple[str, Entry | None]]:
        """Yield the entry of each of the given contents, as the cache knows it, by key; None for one that is no pattern."""
        if self._cache is not None and kept:
            for key, one in self._complete(kept, self._cache.load_entries):
                yield key, decode_entry(one, reported=kept[key][1].internal)

    def entries_of(self, refs: Sequence[FileRef]) -> Iterator[Entry | None]:
        """Yield the entry of each of some files that the cache knows."""
        found = dict(self.load_entries({ref.key: self._kept[ref.key] for ref in refs}))
        return (found[ref.key] for ref in refs)

    @property
    def cache_problem(self) -> str | None:
        """What is wrong with the cache, in words, empty when nothing is; None where there is no cache."""
        return self._cache.problem if self._cache is not None else None

    def load(self, what: str) -> bytes | None:
        """Return what is kept of a run in which every file held the same."""
        return self._cache.load_run(self._key + what.encode()) if self._cache is not None and self._key else None

    def store(self, what: str, data: bytes) -> None:
        """Keep something of this run."""
        if self._cache is not None and self._key:
            self._cache.store_run(self._key + what.encode(), data)


FILES_PER_WRITE = 2048
"""Files whose teachings are written to the cache at a time."""


def analyze(  # noqa: PLR0913 - each is one thing
    crew: WorkerContext,
    refs: Sequence[FileRef],
    jobs: int,
    cache: ResultCache | None,
    progress: Progress,
    *,
    store_listings: bool = True,
) -> AnalysisResults:
    """Return what the files teach; those that the cache does not know are read, by so many processes.

    `store_listings` says whether `refs` holds all files of the folders on disk, so that the cache may store listings.
    """
    again = partial(reanalyze, crew)
    if cache is None:
        _, fresh = analyze_uncached(crew, refs, jobs, None, progress)
        return AnalysisResults(None, lambda: RunInputs(refs, fresh, {}), b"", again)
    groups = group_by_folder(refs)
    seen = cache.load_snapshots()
    on_disk = groups
    if any(ref.blob_id for ref in refs):
        on_disk = group_by_folder(ref for ref in refs if not ref.blob_id)
    kept = unchanged_files(on_disk, seen, cache)
    if on_disk is not groups:
        in_git = cache.stored_contents()
        kept |= {ref.key: ref.blob_id for ref in refs if ref.blob_id and (ref.key, ref.blob_id) in in_git}
    more, fresh = analyze_uncached(crew, [ref for ref in refs if ref.key not in kept], jobs, cache, progress)
    kept |= more
    contents = kept | {key: one.blob_id for key, one in fresh.records.items()}
    key = files_digest(groups, lambda ref: contents[ref.key])
    knowledge = AnalysisResults(cache, lambda: RunInputs(refs, fresh, kept, key), key, again)
    if store_listings:
        store_snapshots(cache, on_disk, seen, SnapshotInputs(contents, _entries(fresh), knowledge.entries_of))
    cache.evict()
    return knowledge


def _entries(fresh: NewResults) -> Mapping[str, Entry | None]:
    return {key: fresh.entries.get(key) for key in fresh.records}


def analyze_uncached(
    crew: WorkerContext, refs: Sequence[FileRef], jobs: int, cache: ResultCache | None, progress: Progress
) -> tuple[dict[str, bytes], NewResults]:
    """Read files, and return what they teach; of those whose content the cache knows the content alone, by key."""
    contents = cache.blob_ids_of([ref.key for ref in refs]) if cache is not None else [frozenset[bytes]()] * len(refs)
    kept: dict[str, bytes] = {}
    fresh: dict[str, AnalysisRecord] = {}
    entries: dict[str, Entry] = {}
    stored: set[str] = set()
    batch: list[tuple[str, AnalysisRecord]] = []

    def store() -> None:
        if cache is not None and cache.store(batch):
            for key, one in batch:
                if one.blob_id:
                    fresh[key] = without_payload(one)
                    stored.add(key)
        batch.clear()

    learned = analyze_files(crew, refs, contents, jobs, progress(len(refs)))
    for ref, before, (one, entry) in zip(refs, contents, learned, strict=True):
        if one.blob_id and one.blob_id in before:
            kept[ref.key] = one.blob_id
            continue
        batch.append((ref.key, one))
        fresh[ref.key] = without_entry(one)
        if entry is not None:
            entries[ref.key] = entry
        if len(batch) >= FILES_PER_WRITE:
            store()
    store()
    return kept, NewResults(fresh, entries, frozenset(stored))


def reanalyze(crew: WorkerContext, refs: Sequence[FileRef]) -> Iterator[AnalysisRecord]:
    """Yield what files teach, read now."""
    known = [frozenset[bytes]()] * len(refs)
    return (learned for learned, _ in analyze_files(crew, refs, known, 1, lambda _: None)) if refs else iter(())
