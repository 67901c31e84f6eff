"""Several runs as one, for reports: one for each config, about different files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from heapq import merge
from pathlib import Path

from patternlint.diagnostics.diagnostic import Diagnostic, sort_key
from patternlint.diagnostics.statistics import RunStatistics, joined_counts
from patternlint.project.files import FileRef
from patternlint.run.run import Run
from patternlint.source import Source


class JoinedRun:
    """Finished runs about different files. Iterating yields all findings, sorted as those of one run."""

    def __init__(self, runs: Sequence[Run]) -> None:
        """Take the runs, at least one."""
        self.runs = runs

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield all findings, sorted."""
        return iter(self.runs[0]) if len(self.runs) == 1 else merge(*self.runs, key=sort_key)

    @cached_property
    def counts(self) -> RunStatistics:
        """The runs in numbers."""
        return self.runs[0].counts if len(self.runs) == 1 else joined_counts([run.counts for run in self.runs])

    @property
    def checkouts(self) -> list[Path]:
        """The folders of the runs whose content a commit can replace; see `RunRequest.checkouts`."""
        return [top for run in self.runs for top in run.request.checkouts]

    def targets(self) -> list[FileRef]:
        """Return the files that were asked for, sorted by the path that people see."""
        found = [ref for run in self.runs for ref in run.files.targets]
        return sorted(found, key=lambda ref: ref.path) if len(self.runs) > 1 else found

    def source(self, path: str) -> Source | None:
        """Return the text of a file, or None when it can no longer be read."""
        return next((found for run in self.runs if (found := run.source(path)) is not None), None)
