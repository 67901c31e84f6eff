"""Analysis results of files, computed or read from the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from msgspec import Struct

from patternlint.cache.record import AnalysisRecord, decode_card, decode_entry, without_entry, without_payload
from patternlint.cache.store import Column, ResultCache
from patternlint.library.card import Card
from patternlint.library.entry import Entry
from patternlint.project.files import FileRef
from patternlint.run.analysis import WorkerContext, analyze_files

Progress = Callable[[int], Callable[[int], None]]
"""Called with the number of files to read; returns a function that is called with the number of files just finished."""

FILES_PER_WRITE = 2048
"""Records that are written to the cache in one transaction."""


class NewResults(Struct, frozen=True):
    """Results that this run computed.

    Attributes:
        records: by file key, without entries.
        entries: by file key.
        stored: file keys of the records whose diagnostics must be loaded from the cache.
    """

    records: Mapping[str, AnalysisRecord] = {}
    entries: Mapping[str, Entry] = {}
    stored: AbstractSet[str] = frozenset()


class Contents(Struct, frozen=True):
    """The files of a run and their contents.

    Attributes:
        refs: the files.
        new: the results of files that this run analyzed.
        cached: returns the blob id of another file. The cache holds its record.
        digest: the `run_digest`; empty when results of the whole run cannot be cached.
    """

    refs: Sequence[FileRef]
    new: NewResults
    cached: Callable[[FileRef], bytes]
    digest: bytes = b""


class AnalysisResults:
    """Analysis results of the files in a run, computed or read from the cache.

    Results in the cache are loaded on demand. A file whose row has disappeared is analyzed again; when its content has
    changed since, results of the whole run are no longer stored.

    Args:
        worker_context: what is needed to analyze files.
        cache: the cache.
        load_contents: returns the files and their contents; called at most once.
        digest: `Contents.digest`, as far as known before `load_contents` is called.
    """

    def __init__(
        self,
        worker_context: WorkerContext,
        cache: ResultCache | None,
        load_contents: Callable[[], Contents],
        digest: bytes = b"",
    ) -> None:
        self._worker_context = worker_context
        self._cache = cache
        self._load_contents = load_contents
        self._digest = digest

    @cached_property
    def _contents(self) -> Contents:
        contents = self._load_contents()
        self._digest = contents.digest
        return contents

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """The entries of all files."""
        contents = self._contents
        new = contents.new
        cached = {ref.key: (contents.cached(ref), ref) for ref in contents.refs if ref.key not in new.records}
        return [*new.entries.values(), *filter(None, self.load_entries(cached).values())]

    def load_entries(self, contents: Mapping[str, tuple[bytes, FileRef]]) -> dict[str, Entry | None]:
        """Return the entries of cached contents by file key; None for a file without an entry."""
        if self._cache is None or not contents:
            return {}
        records = self._load_or_reanalyze("entry", contents)
        return {key: decode_entry(record, internal=contents[key][1].internal) for key, record in records}

    def load_cards(self, refs: Iterable[FileRef]) -> dict[str, Card | None]:
        """Return the cards of files by file key; None for a file without one."""
        return {key: decode_card(record) for key, record in self._load("card", refs).items()}

    def load_diagnostics(self, refs: Iterable[FileRef]) -> Mapping[str, AnalysisRecord]:
        """Return records with diagnostics, by file key."""
        return self._load("diagnostics", refs)

    def _load(self, column: Column, refs: Iterable[FileRef]) -> Mapping[str, AnalysisRecord]:
        contents = self._contents
        new, stored = contents.new.records, contents.new.stored
        records: dict[str, AnalysisRecord] = {}
        cached: dict[str, tuple[bytes, FileRef]] = {}
        for ref in refs:
            key = ref.key
            record = new.get(key)
            if record is not None and key not in stored:
                records[key] = record
            else:
                cached[key] = self.blob_id(ref), ref
        if self._cache is not None and cached:
            records.update(self._load_or_reanalyze(column, cached))
        return records

    def _load_or_reanalyze(
        self, column: Column, contents: Mapping[str, tuple[bytes, FileRef]]
    ) -> Iterator[tuple[str, AnalysisRecord]]:
        """Yield file keys and records from the cache, then of files whose row has disappeared."""
        missing = dict(contents)
        requested = {key: (blob_id, ref.path) for key, (blob_id, ref) in contents.items()}
        for key, record in self._cache.load(column, requested) if self._cache is not None else ():
            if missing.pop(key, None) is not None:
                yield key, record
        refs = [ref for _, ref in missing.values()]
        for (key, (blob_id, _)), record in zip(missing.items(), self._reanalyze(refs), strict=True):
            if record.blob_id != blob_id:
                self._digest = b""
            yield key, record

    def _reanalyze(self, refs: Sequence[FileRef]) -> Iterator[AnalysisRecord]:
        """Yield the current records of files, in order."""
        if refs:
            nothing: list[frozenset[bytes]] = [frozenset()] * len(refs)
            for record, _ in analyze_files(self._worker_context, refs, nothing, 1, lambda _: None):
                yield record

    def blob_id(self, ref: FileRef) -> bytes:
        """Return the blob id of the content that was analyzed; empty when the analysis is incomplete."""
        record = self._contents.new.records.get(ref.key)
        return record.blob_id if record is not None else self._contents.cached(ref)

    def incomplete(self) -> Iterator[AnalysisRecord]:
        """Yield the records of files that could not be read, or on which a rule failed."""
        return (record for record in self._contents.new.records.values() if not record.blob_id)

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


def analyze_uncached(
    context: WorkerContext, refs: Sequence[FileRef], jobs: int, cache: ResultCache | None, progress: Progress
) -> tuple[dict[str, bytes], NewResults]:
    """Read files and analyze and store those whose content is not cached.

    Returns:
        The blob ids of the files with cached content by file key, and the results of the others.
    """
    stored_ids = cache.blob_ids_of([ref.key for ref in refs]) if cache is not None else [frozenset[bytes]()] * len(refs)
    cached = {ref.key: ref.blob_id for ref, blob_ids in zip(refs, stored_ids, strict=True) if ref.blob_id in blob_ids}
    if cached:  # the rest is to be read
        stored_ids = [blob_ids for ref, blob_ids in zip(refs, stored_ids, strict=True) if ref.key not in cached]
        refs = [ref for ref in refs if ref.key not in cached]
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
        key = ref.key  # one text for all mappings
        if record.blob_id and record.blob_id in blob_ids:
            cached[key] = record.blob_id
            continue
        batch.append((key, record))
        records[key] = without_entry(record)
        if entry is not None:
            entries[key] = entry
        if len(batch) >= FILES_PER_WRITE:
            store_batch()
    store_batch()
    return cached, NewResults(records, entries, stored)
