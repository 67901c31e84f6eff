"""One thread that owns all libraries. Jobs run in order; background work runs while no job waits.

It is the main thread, because only there a rule that does not end can be interrupted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue

Job = Callable[[], None]


class Worker:
    """Runs jobs, and background work between them."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._background: deque[Job] = deque()

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

    def run(self) -> None:
        """Run jobs until `stop`."""
        while True:
            try:
                job = self._jobs.get(block=not self._background)
            except Empty:
                job = self._background.popleft()
            if job is None:
                return
            job()
