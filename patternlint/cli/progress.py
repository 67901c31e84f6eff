"""The progress bar: on a terminal, and only when the work takes longer than a second."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

PATIENCE = 1.0
"""Seconds of work before the bar shows."""


class Bar:
    """A progress bar on standard error that leaves nothing behind."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("linting"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._shown = False

    def __enter__(self) -> Callable[[int], Callable[[int], None]]:
        """Return what is told how many files there are."""
        return self._start

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._shown:
            self._progress.stop()

    def _start(self, total: int) -> Callable[[int], None]:
        begun = monotonic()
        task = self._progress.add_task("linting", total=total)
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            if not self._shown and monotonic() - begun > PATIENCE:
                self._shown = True
                self._progress.start()
            if self._shown:
                self._progress.update(task, completed=done)

        return advance
