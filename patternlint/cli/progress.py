"""The progress bar."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

DELAY_S = 1.0


class ProgressBar:
    """A progress bar on standard error that appears after a second of work and is removed at the end."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("linting"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._is_visible = False

    def __enter__(self) -> Callable[[int], Callable[[int], None]]:
        """Return the function that starts a task of so many files."""
        return self._start

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar."""
        if self._is_visible:
            self._progress.stop()

    def _start(self, total: int) -> Callable[[int], None]:
        start = monotonic()
        task = self._progress.add_task("linting", total=total)
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            if not self._is_visible and monotonic() - start > DELAY_S:
                self._is_visible = True
                self._progress.start()
            if self._is_visible:
                self._progress.update(task, completed=done)

        return advance
