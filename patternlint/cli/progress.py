"""The progress bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

DELAY_S = 1.0


@contextmanager
def delayed_bar() -> Iterator[Callable[[int], Callable[[int], None]]]:
    """Show a progress bar on standard error after a second of work, and remove it at the end."""
    columns = (TextColumn("linting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)

    def add_task(total: int) -> Callable[[int], None]:
        start = monotonic()
        task = bar.add_task("linting", total=total)

        def advance(count: int) -> None:
            bar.advance(task, count)
            if monotonic() - start > DELAY_S:
                bar.start()

        return advance

    try:
        yield add_task
    finally:
        if bar.live.is_started:  # stopping prints a line otherwise
            bar.stop()
