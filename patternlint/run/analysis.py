"""Learns what each file teaches, in this process or in several; the same for any number of them."""

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
from patternlint.parser.parser import FileKind
from patternlint.project.config import Limits, LoadedConfig
from patternlint.project.files import FileRef
from patternlint.project.git import BlobReader
from patternlint.project.project import Overrides, Project, load_project
from patternlint.rule.internal import FileTooLargeError, LineTooLongError
from patternlint.source import Source

CHUNK_SIZE = 128
"""Files that a worker takes at a time: enough to make the way there and back cheap, few enough to share out evenly."""

POOL_THRESHOLD = 600
"""Fewer files than this are done sooner by one process than a second one starts."""


def read_source(path: str, real: str, limits: Limits) -> Source:
    """Return a file.

    Raises:
        OSError: when it cannot be read, or holds more than `limits` allow.
    """
    most = limits.file_size + 1
    try:
        with open(real, "rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            asked = min(size + 1, most)  # room for the most costs more than the reading
            data = file.read(asked)
            if len(data) == asked:  # a pipe, or a file that grows
                while len(data) < most and (more := file.read(most - len(data))):
                    data += more
    except OSError as error:
        if not os.path.isdir(real):
            raise
        raise _listing_error(real) from error
    return _check_limits(limits, path, data, max(size, len(data)))


def _listing_error(folder: str) -> IsADirectoryError:
    """Return why a folder cannot be listed: one that can is no file of a run."""
    try:
        os.scandir(folder).close()
    except OSError as error:
        return IsADirectoryError(error.errno, error.strerror)
    return IsADirectoryError(0, "it could not be listed a moment ago")


def _check_limits(limits: Limits, path: str, data: bytes, size: int) -> Source:
    """Return a file that holds no more than `limits` allow; `size` is that of the whole file."""
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
    """What those who learn from files have to know.

    Attributes:
        loaded, overrides: config and command line, to build the project again in another process.
        project: what the run is made of.
        repository: the top of the git work tree that contents are read from; None when all are on disk.
    """

    loaded: LoadedConfig
    overrides: Overrides
    project: Project
    repository: Path | None


class FileReader:
    """Reads files: from disk, or contents from git."""

    def __init__(self, limits: Limits, repository: Path | None) -> None:
        """Take what a file may at most hold, and the top of the work tree of contents in git."""
        self._limits = limits
        self._blobs = BlobReader(repository) if repository is not None else None

    def read(self, ref: FileRef) -> Source:
        """Return a file.

        Raises:
            OSError: when it cannot be read, or holds too much.
        """
        if ref.blob_id and self._blobs is not None:
            data = self._blobs.read(ref.blob_id)
            return _check_limits(self._limits, ref.path, data, len(data))
        return read_source(ref.path, ref.absolute, self._limits)

    def close(self) -> None:
        """Let go of git."""
        if self._blobs is not None:
            self._blobs.close()


class FileAnalyzer:
    """Learns what files teach, one after the other."""

    def __init__(self, crew: WorkerContext) -> None:
        """Take what there is to know."""
        self._project = crew.project
        self._engine = crew.project.linter()
        self.reader = FileReader(crew.project.config.limits, crew.repository)

    def analyze(self, ref: FileRef, known: frozenset[bytes]) -> tuple[AnalysisRecord, Entry | None]:
        """Return what one file teaches, and the entry that is encoded in it. A file that cannot be read teaches that.

        Args:
            ref: the file.
            known: contents that were learned from before; for one of these nothing but the content is returned.
        """
        project = self._project
        try:
            source = self.reader.read(ref)
        except OSError as error:
            return encode_record(
                self._engine.internal_error(ref.path, error, project.ignored_rules(ref.absolute)), b""
            ), None
        blob = blob_id(source.data)
        if blob in known:
            return AnalysisRecord(ref.path, FileKind.NOT_A_PATTERN, blob, b"", b""), None
        parsed = project.parse(source, named=ref.declared_pattern)
        result = self._engine.lint_file(parsed, project.ignored_rules(ref.absolute))
        entry = result.entry
        if entry is not None and not ref.internal:
            entry = replace(entry, internal=False)
        return encode_record(result, blob if result.is_complete else b""), entry


def analyze_files(
    crew: WorkerContext,
    refs: Sequence[FileRef],
    known: Sequence[frozenset[bytes]],
    jobs: int,
    advance: Callable[[int], None],
) -> Iterator[tuple[AnalysisRecord, Entry | None]]:
    """Yield what each file teaches, and the entry that is encoded in it, in the order of `refs`.

    Args:
        crew: what those who learn have to know.
        refs: the files.
        known: for each of them, contents that were learned from before (see `Learner.learn`).
        jobs: how many processes may work.
        advance: told how many files are done, to show progress.
    """
    if jobs < 2 or len(refs) < POOL_THRESHOLD:  # noqa: PLR2004 - one process is no pool
        learner = FileAnalyzer(crew)
        for ref, contents in zip(refs, known, strict=True):
            yield learner.analyze(ref, contents)
            advance(1)
        learner.reader.close()
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - 30 ms, and needed for many files only
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - as above

    tasks = list(zip(refs, known, strict=True))
    chunks = [tasks[start : start + CHUNK_SIZE] for start in range(0, len(tasks), CHUNK_SIZE)]
    start_with = (crew.loaded, crew.overrides, crew.repository)
    try:
        with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=start_with) as pool:
            for chunk, answer in zip(chunks, pool.map(_analyze_chunk, chunks), strict=True):
                for (ref, _), learned in zip(chunk, decode_records(answer), strict=True):
                    yield learned, decode_entry(learned, reported=ref.internal)
                advance(len(chunk))
    except BrokenProcessPool as error:
        message = "a worker process was killed, perhaps because memory ran out; try again with `--jobs 1`"
        raise WorkerError(message) from error


class WorkerError(UserError):
    """A worker process that ended before its work was done."""


_worker: list[FileAnalyzer] = []
"""The learner of this process, when it is a worker of a pool: pools hand nothing else to their tasks."""


def _start_worker(loaded: LoadedConfig, overrides: Overrides, repository: Path | None) -> None:
    import gc  # noqa: PLC0415 - in workers only
    import threading  # noqa: PLC0415 - as above

    gc.disable()  # the values of a run form no cycles, and a worker's life is short
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker[:] = [FileAnalyzer(WorkerContext(loaded, overrides, load_project(loaded, overrides), repository))]


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, however it ended: the pool would wait for work forever."""
    import multiprocessing  # noqa: PLC0415 - in workers only

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _analyze_chunk(tasks: Sequence[tuple[FileRef, frozenset[bytes]]]) -> bytes:
    learner = _worker[0]
    return encode_records([learner.analyze(ref, known)[0] for ref, known in tasks])
