"""Analysis results of the files in a run, computed or read from the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, partial

from msgspec import Struct

from patternlint.cache.record import AnalysisRecord, decode_entry, without_entry, without_payload
from patternlint.cache.snapshots import (
    SnapshotInputs,
    files_digest,
    group_by_folder,
    store_snapshots,
    unchanged_files,
)
from patternlint.cache.store import ResultCache
from patternlint.library.entry import Entry
from patternlint.project.files import FileRef
from patternlint.run.analysis import WorkerContext, analyze_files

Progress = Callable[[int], Callable[[int], None]]
"""Called with the number of files to read; returns a function that is called with the number of files just finished."""


class NewResults(Struct, frozen=True):
    """Results that this run computed.

    Attributes:
        records: by file key, without entries.
        entries: by file key.
        stored: file keys of the records whose diagnostics must be loaded from the cache.
    """

    records: Mapping[str, AnalysisRecord]
    entries: Mapping[str, Entry]
    stored: AbstractSet[str] = frozenset()


class RunInputs(Struct, frozen=True):
    """The files of a run and their contents.

    Attributes:
        refs: the files.
        new: the results of files that this run analyzed.
        cached: the blob ids of the other files, by file key. The cache holds their records.
        digest: the `run_digest`; empty when results of the whole run cannot be cached.
    """

    refs: Sequence[FileRef]
    new: NewResults
    cached: Mapping[str, bytes]
    digest: bytes = b""


class AnalysisResults:
    """Analysis results of the files in a run, computed or read from the cache.

    Results in the cache are loaded on demand. A file whose row has disappeared is analyzed again; when its content has
    changed since, results of the whole run are no longer stored.
    """

    def __init__(
        self,
        cache: ResultCache | None,
        load_inputs: Callable[[], RunInputs],
        digest: bytes,
        reanalyze: Callable[[Sequence[FileRef]], Iterator[AnalysisRecord]],
    ) -> None:
        """Create results.

        Args:
            cache: the cache.
            load_inputs: returns the files and their contents; called at most once.
            digest: `RunInputs.digest`, as far as known before `load_inputs` is called.
            reanalyze: analyzes files whose row has disappeared from the cache.
        """
        self._cache = cache
        self._load_inputs = load_inputs
        self._reanalyze = reanalyze
        self._digest = digest

    @cached_property
    def _inputs(self) -> RunInputs:
        inputs = self._load_inputs()
        self._digest = inputs.digest
        return inputs

    @cached_property
    def _cached(self) -> Mapping[str, tuple[bytes, FileRef]]:
        cached = self._inputs.cached
        return {ref.key: (cached[ref.key], ref) for ref in self._inputs.refs if ref.key in cached}

    @cached_property
    def _all(self) -> tuple[Mapping[str, AnalysisRecord], Mapping[str, Entry]]:
        """The records and the entries of all files, by file key."""
        new = self._inputs.new
        if self._cache is None or not self._cached:
            return new.records, new.entries
        records, entries = dict(new.records), dict(new.entries)
        for key, record in self._load_or_reanalyze(self._cached, self._cache.load_entries):
            records[key] = without_payload(record)
            entry = decode_entry(record, internal=self._cached[key][1].internal)
            if entry is not None:
                entries[key] = entry
        return records, entries

    def _load_or_reanalyze(
        self,
        contents: Mapping[str, tuple[bytes, FileRef]],
        load: Callable[[Mapping[str, tuple[bytes, str]]], Iterator[tuple[str, AnalysisRecord]]],
    ) -> Iterator[tuple[str, AnalysisRecord]]:
        """Yield file keys and records from the cache, then of files whose row has disappeared."""
        missing = dict(contents)
        for key, record in load({key: (blob_id, ref.path) for key, (blob_id, ref) in contents.items()}):
            if missing.pop(key, None) is not None:
                yield key, record
        refs = [ref for _, ref in missing.values()]
        for (key, (blob_id, _)), record in zip(missing.items(), self._reanalyze(refs), strict=True):
            if record.blob_id != blob_id:
                self._digest = b""
            yield key, record

    @property
    def records(self) -> Mapping[str, AnalysisRecord]:
        """The records of all files by file key, without entries. Diagnostics may be missing, summaries are not."""
        return self._all[0]

    @property
    def entries(self) -> Mapping[str, Entry]:
        """All entries by file key."""
        return self._all[1]

    def load_diagnostics(self, refs: Iterable[FileRef]) -> Mapping[str, AnalysisRecord]:
        """Return records with diagnostics, by file key."""
        inputs = self._inputs
        new, stored = inputs.new.records, inputs.new.stored
        records: dict[str, AnalysisRecord] = {}
        cached: dict[str, tuple[bytes, FileRef]] = {}
        for ref in refs:
            key = ref.key
            record = new.get(key)
            if record is not None and key not in stored:
                records[key] = record
            elif record is not None or key in inputs.cached:
                cached[key] = record.blob_id if record is not None else inputs.cached[key], ref
        if self._cache is not None and cached:
            records.update(self._load_or_reanalyze(cached, self._cache.load_diagnostics))
        return records

    def blob_id(self, key: str) -> bytes:
        """Return the blob id of the content that was analyzed; empty when the analysis is incomplete."""
        record = self._inputs.new.records.get(key)
        return record.blob_id if record is not None else self._inputs.cached.get(key, b"")

    def incomplete(self) -> Iterator[AnalysisRecord]:
        """Yield the records of files that could not be read, or on which a rule failed."""
        return (record for record in self._inputs.new.records.values() if not record.blob_id)

    def load_entries(self, contents: Mapping[str, tuple[bytes, FileRef]]) -> Iterator[tuple[str, Entry | None]]:
        """Yield file keys and entries of cached contents; None for a file without an entry."""
        if self._cache is not None and contents:
            for key, record in self._load_or_reanalyze(contents, self._cache.load_entries):
                yield key, decode_entry(record, internal=contents[key][1].internal)

    def entries_of(self, refs: Sequence[FileRef]) -> Iterator[Entry | None]:
        """Yield the entries of cached files, in order."""
        entries = dict(self.load_entries({ref.key: self._cached[ref.key] for ref in refs}))
        return (entries[ref.key] for ref in refs)

    @property
    def cache_problem(self) -> str | None:
        """Why the cache is not used or not written; empty when it works, None without a cache."""
        return self._cache.problem if self._cache is not None else None

    def load(self, name: str) -> bytes | None:
        """Return a stored result of an earlier run with the same digest."""
        return self._cache.load_run(self._digest + name.encode()) if self._cache is not None and self._digest else None

    def store(self, name: str, data: bytes) -> None:
        """Store a result of this run under its digest."""
        if self._cache is not None and self._digest:
            self._cache.store_run(self._digest + name.encode(), data)


FILES_PER_WRITE = 2048
"""Records that are written to the cache in one transaction."""


def analyze(  # noqa: PLR0913 - none of them belong together
    context: WorkerContext,
    refs: Sequence[FileRef],
    jobs: int,
    cache: ResultCache | None,
    progress: Progress,
    *,
    store_listings: bool = True,
) -> AnalysisResults:
    """Return the results of files. Files whose content is not cached are analyzed, with up to `jobs` processes.

    `store_listings` says whether `refs` holds all files of the folders on disk, so that snapshots may be stored.
    """
    again = partial(reanalyze, context)
    if cache is None:
        _, new = analyze_uncached(context, refs, jobs, None, progress)
        return AnalysisResults(None, lambda: RunInputs(refs, new, {}), b"", again)
    folders = group_by_folder(refs)
    snapshots = cache.load_snapshots()
    on_disk = folders
    if any(ref.blob_id for ref in refs):
        on_disk = group_by_folder(ref for ref in refs if not ref.blob_id)
    cached = unchanged_files(on_disk, snapshots, cache)
    if on_disk is not folders:
        stored = cache.stored_contents()
        cached |= {ref.key: ref.blob_id for ref in refs if ref.blob_id and (ref.key, ref.blob_id) in stored}
    touched, new = analyze_uncached(context, [ref for ref in refs if ref.key not in cached], jobs, cache, progress)
    cached |= touched
    blob_ids = cached | {key: record.blob_id for key, record in new.records.items()}
    digest = files_digest(folders, lambda ref: blob_ids[ref.key])
    results = AnalysisResults(cache, lambda: RunInputs(refs, new, cached, digest), digest, again)
    if store_listings:
        new_entries = {key: new.entries.get(key) for key in new.records}
        store_snapshots(cache, on_disk, snapshots, SnapshotInputs(blob_ids, new_entries, results.entries_of))
    cache.evict()
    return results


def analyze_uncached(
    context: WorkerContext, refs: Sequence[FileRef], jobs: int, cache: ResultCache | None, progress: Progress
) -> tuple[dict[str, bytes], NewResults]:
    """Read files and analyze and store those whose content is not cached.

    Returns:
        The blob ids of the files with cached content by file key, and the results of the others.
    """
    stored_ids = cache.blob_ids_of([ref.key for ref in refs]) if cache is not None else [frozenset[bytes]()] * len(refs)
    cached: dict[str, bytes] = {}
    records: dict[str, AnalysisRecord] = {}
    entries: dict[str, Entry] = {}
    stored: set[str] = set()
    batch: list[tuple[str, AnalysisRecord]] = []

    def store_batch() -> None:
        if cache is not None and cache.store(batch):
            for key, record in batch:
                if record.blob_id:
                    records[key] = without_payload(record)
                    stored.add(key)
        batch.clear()

    analyses = analyze_files(context, refs, stored_ids, jobs, progress(len(refs)))
    for ref, blob_ids, (record, entry) in zip(refs, stored_ids, analyses, strict=True):
        if record.blob_id and record.blob_id in blob_ids:
            cached[ref.key] = record.blob_id
            continue
        batch.append((ref.key, record))
        records[ref.key] = without_entry(record)
        if entry is not None:
            entries[ref.key] = entry
        if len(batch) >= FILES_PER_WRITE:
            store_batch()
    store_batch()
    return cached, NewResults(records, entries, stored)


def reanalyze(context: WorkerContext, refs: Sequence[FileRef]) -> Iterator[AnalysisRecord]:
    """Yield the current records of files, in order."""
    if refs:
        for record, _ in analyze_files(context, refs, [frozenset()] * len(refs), 1, lambda _: None):
            yield record
