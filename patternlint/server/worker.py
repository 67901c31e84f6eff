"""One thread that owns all libraries. Jobs run in order; background work runs while no job waits.

It is the main thread, because only there a rule that does not end can be interrupted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue

Job = Callable[[], None]

_MOMENT = 0.15  # seconds: an editor that opens a file asks about it at once


class Worker:
    """Runs jobs, and background work between them."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._background: deque[Job] = deque()
        self._long: deque[Job] = deque()

    def post(self, job: Job) -> None:
        """Add a job, from any thread."""
        self._jobs.put(job)

    def stop(self) -> None:
        """End `run` after the jobs before."""
        self._jobs.put(None)

    def later(self, job: Job) -> None:
        """Run a job once no other waits; call it from a job. A waiting one is not added again."""
        if job not in self._background:
            self._background.append(job)

    def add_long(self, job: Job) -> None:
        """Run a job that takes seconds, once no other came for a moment; call it from a job."""
        if job not in self._long:
            self._long.append(job)

    def run(self) -> None:
        """Run jobs until `stop`."""
        while True:
            try:
                is_waiting = self._background or self._long
                timeout = 0 if self._background else _MOMENT
                job = self._jobs.get(timeout=timeout) if is_waiting else self._jobs.get()
            except Empty:
                job = (self._background or self._long).popleft()
            if job is None:
                return
            job()
