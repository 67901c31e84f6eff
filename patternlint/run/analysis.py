"""Analyze files, in this process or in a pool. The results do not depend on the number of processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patternlint.cache.record import (
    AnalysisRecord,
    blob_id,
    decode_entry,
    decode_records,
    encode_record,
    encode_records,
)
from patternlint.errors import UserError
from patternlint.library.entry import Entry
from patternlint.linter.linter import Linter
from patternlint.linter.results import FileAnalysis
from patternlint.parser.parser import FileKind, ParsedFile
from patternlint.project.config import LimitSettings, LoadedConfig
from patternlint.project.files import FileRef
from patternlint.project.git import BlobReader, GitError, find_top
from patternlint.project.project import Overrides, Project, load_project
from patternlint.rule.internal import FileTooLargeError, LineTooLongError
from patternlint.source import Source

CHUNK_SIZE = 128
"""Files in one task of the pool: enough to make transfer cheap, few enough to keep all workers busy."""

POOL_THRESHOLD = 600
"""For fewer files, starting workers takes longer than the analysis."""


def read_source(path: str, real: str, limits: LimitSettings) -> Source:
    """Return the content of the file at the absolute path `real`, under the path for display `path`.

    Raises:
        OSError: when it cannot be read, or exceeds `limits`.
    """
    most = limits.file_size + 1
    try:
        with open(real, "rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            length = min(size + 1, most)  # allocating a buffer of `most` bytes is slower than the read
            data = file.read(length)
            if len(data) == length:  # a pipe, or a file that grows
                while len(data) < most and (more := file.read(most - len(data))):
                    data += more
    except OSError as error:
        if not os.path.isdir(real):
            raise
        raise _listing_error(real) from error
    return _check_limits(limits, path, data, max(size, len(data)))


def _listing_error(folder: str) -> IsADirectoryError:
    """Return why a folder cannot be listed. Only such folders are among the files of a run."""
    try:
        os.scandir(folder).close()
    except OSError as error:
        return IsADirectoryError(error.errno, error.strerror)
    return IsADirectoryError(0, "could not be listed during the run")


def _check_limits(limits: LimitSettings, path: str, data: bytes, size: int) -> Source:
    """Return the source of a file of `size` bytes, of which `data` may be only the start.

    Raises:
        FileTooLargeError, LineTooLongError: when the file exceeds `limits`.
    """
    if size > limits.file_size:
        message = f"the file has {size:,} bytes; the limit is {limits.file_size:,}"
        raise FileTooLargeError(0, message)
    longest = limits.line_length
    if size > longest:
        for number, line in enumerate(data.splitlines(), 1):
            if len(line) > longest:
                message = f"the line has {len(line):,} bytes; the limit is {longest:,}"
                raise LineTooLongError(message, number)
    return Source(path, data)


class WorkerContext(Struct, frozen=True):
    """What is needed to analyze files. Workers build their own `project` from `loaded` and `overrides`.

    Attributes:
        repository: the top of the git work tree whose object store holds contents; None when all files are on disk.
    """

    loaded: LoadedConfig
    overrides: Overrides
    project: Project
    repository: Path | None


class FileReader:
    """Reads files from disk, or from the object stores of git repositories.

    A sparse checkout of an external library in another repository has its contents there.
    """

    def __init__(self, limits: LimitSettings, repository: Path | None) -> None:
        self._limits = limits
        self._repository = repository
        self._blobs: dict[Path, BlobReader] = {}

    def read(self, ref: FileRef) -> Source:
        """Return a file.

        Raises:
            OSError: when it cannot be read, or exceeds the limits.
            GitError: when git does not have its content.
        """
        if not ref.blob_id:
            return read_source(ref.path, ref.absolute, self._limits)
        data = self._content(ref)
        return _check_limits(self._limits, ref.path, data, len(data))

    def _content(self, ref: FileRef) -> bytes:
        """Return a content from the repository of the run, else from the one around the file."""
        own = self._repository
        if own is not None:
            try:
                return self._read_blob(own, ref.blob_id)
            except GitError:
                if find_top(Path(ref.absolute)) in {own, None}:
                    raise
        return self._read_blob(find_top(Path(ref.absolute)) or Path.cwd(), ref.blob_id)

    def _read_blob(self, top: Path, blob: bytes) -> bytes:
        if top not in self._blobs:
            self._blobs[top] = BlobReader(top)
        return self._blobs[top].read(blob)

    def close(self) -> None:
        """End the processes of git."""
        for reader in self._blobs.values():
            reader.close()


class FileAnalyzer:
    """Parses and lints files, one after the other."""

    def __init__(self, context: WorkerContext) -> None:
        self._project = context.project
        self._linter = context.project.linter()
        self.time_limit = self._linter.time_limit
        self.reader = FileReader(context.project.config.limits, context.repository)

    def analyze(self, ref: FileRef, cached: frozenset[bytes]) -> tuple[AnalysisRecord, Entry | None]:
        """Return the record of a file and its decoded entry.

        A file that cannot be read has an incomplete record with a diagnostic about that.

        Args:
            ref: the file.
            cached: blob ids with a stored record; for a file with such a content, the record holds its blob id only.
        """
        project = self._project
        try:
            source = self.reader.read(ref)
        except OSError as error:
            ignored = project.ignored_rules(ref.absolute)
            return encode_record(self._linter.internal_error(ref.path, error, ignored), b""), None
        content_id = blob_id(source.data)
        if content_id in cached:
            return AnalysisRecord(ref.path, FileKind.NOT_A_PATTERN, content_id), None
        result = _lint(project, self._linter, ref, project.parse(source, named=ref.declared_pattern))
        return encode_record(result, content_id if result.is_complete else b""), result.entry


def _lint(project: Project, linter: Linter, ref: FileRef, parsed: ParsedFile) -> FileAnalysis:
    result = linter.lint_file(parsed, project.ignored_rules(ref.absolute))
    if result.entry is None or ref.internal:
        return result
    return replace(result, entry=replace(result.entry, internal=False))


def analyze_data(
    project: Project, linter: Linter, ref: FileRef, data: bytes, parse: Callable[[str, bytes], ParsedFile]
) -> FileAnalysis:
    """Return the analysis of a file that holds `data`, as if it was read from disk.

    Args:
        project: the project.
        linter: its linter.
        ref: the file.
        data: what it holds.
        parse: parses a content under a path for display.
    """
    try:
        _check_limits(project.config.limits, ref.path, data, len(data))
    except OSError as error:
        return linter.internal_error(ref.path, error, project.ignored_rules(ref.absolute))
    return _lint(project, linter, ref, parse(ref.path, data))


def analyze_files(
    context: WorkerContext,
    refs: Sequence[FileRef],
    cached: Sequence[frozenset[bytes]],
    jobs: int,
    advance: Callable[[int], None],
) -> Iterator[tuple[AnalysisRecord, Entry | None]]:
    """Yield the record of each file and its decoded entry, in the order of `refs`.

    Args:
        context: the project and the repository.
        refs: the files.
        cached: for each file, see `FileAnalyzer.analyze`.
        jobs: the maximum number of processes.
        advance: called with the number of files just finished.

    Raises:
        WorkerError: when a worker was killed.
    """
    if jobs < 2 or len(refs) < POOL_THRESHOLD:  # noqa: PLR2004 - a pool of one saves nothing
        analyzer = FileAnalyzer(context)
        with analyzer.time_limit():
            for ref, blob_ids in zip(refs, cached, strict=True):
                yield analyzer.analyze(ref, blob_ids)
                advance(1)
        analyzer.reader.close()
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - 30 ms, needed for many files only
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - as above

    tasks = list(zip(refs, cached, strict=True))
    chunks = [tasks[start : start + CHUNK_SIZE] for start in range(0, len(tasks), CHUNK_SIZE)]
    arguments = (context.loaded, context.overrides, context.repository)
    try:
        with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=arguments) as pool:
            for chunk, encoded in zip(chunks, pool.map(_analyze_chunk, chunks), strict=True):
                for (ref, _), decoded in zip(chunk, decode_records(encoded), strict=True):
                    record = replace(decoded, path=ref.path)  # an equal text, which `ref` holds already
                    yield record, decode_entry(record, internal=ref.internal)
                advance(len(chunk))
    except BrokenProcessPool as error:
        message = "a worker process was killed, perhaps because memory ran out; try again with `--jobs 1`"
        raise WorkerError(message) from error


class WorkerError(UserError):
    """A worker process ended before its work was done."""


_worker: list[FileAnalyzer] = []
"""The analyzer of a worker process. Tasks of a pool can only find it in a global variable."""


def _start_worker(loaded: LoadedConfig, overrides: Overrides, repository: Path | None) -> None:
    import gc  # noqa: PLC0415 - in workers only
    import threading  # noqa: PLC0415 - as above

    gc.disable()  # values of a run do not form cycles
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker[:] = [FileAnalyzer(WorkerContext(loaded, overrides, load_project(loaded, overrides), repository))]


def _end_with_parent() -> None:
    """Exit when the parent process has ended; otherwise a worker of a killed run would wait forever."""
    import multiprocessing  # noqa: PLC0415 - in workers only

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _analyze_chunk(tasks: Sequence[tuple[FileRef, frozenset[bytes]]]) -> bytes:
    analyzer = _worker[0]
    with analyzer.time_limit():
        return encode_records([analyzer.analyze(ref, cached)[0] for ref, cached in tasks])
