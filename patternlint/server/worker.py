"""One thread that owns all libraries. Jobs run in order; background work runs while no job waits.

It is the main thread, because only there a rule that does not end can be interrupted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Condition
from time import monotonic

Job = Callable[[], None]

_MOMENT = 0.15  # seconds: an editor that opens a file asks about it at once


class Worker:
    """Runs jobs, and background work between them."""

    def __init__(self) -> None:
        self._jobs: deque[tuple[Job | None, str]] = deque()
        self._news = Condition()
        self._background: dict[Job, float] = {}
        """The background work, with the times from which it may begin."""
        self._began: dict[Job, float] = {}
        self._long: deque[Job] = deque()

    def post(self, job: Job | None, subject: str = "") -> None:
        """Add a job, from any thread.

        Args:
            job: the job; None ends `run`.
            subject: what it changes as a whole; it replaces the last job if that waits and has the same subject.
        """
        with self._news:
            if subject and self._jobs and self._jobs[-1][1] == subject:
                self._jobs.pop()
            self._jobs.append((job, subject))
            self._news.notify()

    def stop(self) -> None:
        """End `run` after the jobs before."""
        self.post(None)

    def later(self, job: Job, pause: float = 0.0) -> None:
        """Run a job once no other waits; call it from a job. A waiting one is not added again.

        Args:
            job: the job.
            pause: the seconds from its last beginning to its next.
        """
        self._background.setdefault(job, self._began.get(job, -pause) + pause)

    def add_long(self, job: Job) -> None:
        """Run a job that takes seconds, once no other came for a moment; call it from a job."""
        if job not in self._long:
            self._long.append(job)

    def run(self) -> None:
        """Run jobs until `stop`."""
        while (job := self._next()) is not None:
            job()

    def _next(self) -> Job | None:
        with self._news:
            while not self._jobs:
                now = monotonic()
                first = min(self._background, key=lambda job: self._background[job], default=None)
                if first is not None and self._background[first] <= now:
                    del self._background[first]
                    self._began[first] = now
                    return first
                pause = self._background[first] - now if first is not None else _MOMENT if self._long else None
                if not self._news.wait(pause) and first is None and self._long:
                    return self._long.popleft()
            return self._jobs.popleft()[0]
