"""Learns what each file teaches, in this process or in several; the same for any number of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from patternlint.config import LoadedConfig
from patternlint.learned import Learned, blob_id, keep, pack, unpack
from patternlint.parse import Kind, parse
from patternlint.run.discover import FileRef
from patternlint.run.project import Overrides, Project, load_project
from patternlint.text import Source

CHUNK = 128
"""Files that a worker takes at a time: enough to make the way there and back cheap, few enough to share out evenly."""

WORTH_A_POOL = 600
"""Fewer files than this are done sooner by one process than a second one starts."""


def read_source(path: str, real: str, limit: int) -> Source:
    """Return a file.

    Raises:
        OSError: when it cannot be read, or holds more than `limit` bytes.
    """
    with Path(real).open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        size = os.stat(real).st_size
        message = f"it holds {size:,} bytes, and the limit is {limit:,} (`limits.file-size` in the config)"
        raise OSError(0, message)
    return Source(path, data)


class Learner:
    """Learns what files teach, one after the other."""

    def __init__(self, project: Project) -> None:
        """Take the project."""
        self._project = project
        self._engine = project.engine()

    def learn(self, ref: FileRef, known: frozenset[bytes]) -> Learned:
        """Return what one file teaches. A file that cannot be read teaches that.

        Args:
            ref: the file.
            known: contents that were learned from before; for one of these nothing but the content is returned.
        """
        project = self._project
        try:
            source = read_source(ref.path, ref.real, project.config.limits.file_size)
        except OSError as error:
            return keep(self._engine.crash(ref.path, error), b"")
        blob = blob_id(source.data)
        if blob in known:
            return Learned(ref.path, Kind.OTHER, blob, b"", b"")
        parsed = parse(source, project.specs, spec=project.spec if ref.named else None, named=ref.named)
        result = self._engine.lint(parsed, project.ignored(ref.real))
        broke = any(finding.rule == project.checks.crash.name for finding in result.own.findings)
        return keep(result, b"" if broke else blob)


def learn_all(
    loaded: LoadedConfig,
    overrides: Overrides,
    project: Project,
    refs: Sequence[FileRef],
    known: Sequence[frozenset[bytes]],
    jobs: int,
    advance: Callable[[int], None],
) -> Iterator[Learned]:
    """Yield what each file teaches, in the order of `refs`.

    Args:
        loaded: the config, to build the project again in other processes.
        overrides: what the command line says about rules, for the same.
        project: what the run is made of.
        refs: the files.
        known: for each of them, contents that were learned from before (see `Learner.learn`).
        jobs: how many processes may work.
        advance: told how many files are done, to show progress.
    """
    if jobs < 2 or len(refs) < WORTH_A_POOL:
        learner = Learner(project)
        for ref, contents in zip(refs, known, strict=True):
            yield learner.learn(ref, contents)
            advance(1)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - 30 ms, and needed for many files only

    tasks = list(zip(refs, known, strict=True))
    chunks = [tasks[start : start + CHUNK] for start in range(0, len(tasks), CHUNK)]
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(loaded, overrides)) as pool:
        for answer in pool.map(_learn_chunk, chunks):
            learned = unpack(answer)
            yield from learned
            advance(len(learned))


_worker: list[Learner] = []
"""The learner of this process, when it is a worker of a pool: pools hand nothing else to their tasks."""


def _start_worker(loaded: LoadedConfig, overrides: Overrides) -> None:
    import gc  # noqa: PLC0415 - in workers only

    gc.disable()  # the values of a run form no cycles, and a worker's life is short
    _worker.append(Learner(load_project(loaded, overrides)))


def _learn_chunk(tasks: Sequence[tuple[FileRef, frozenset[bytes]]]) -> bytes:
    learner = _worker[0]
    return pack([learner.learn(ref, known) for ref, known in tasks])


