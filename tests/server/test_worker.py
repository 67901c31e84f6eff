from __future__ import annotations

from itertools import pairwise
from time import monotonic

from patternlint.server.worker import Worker


def test_a_job_replaces_the_last_one_with_its_subject() -> None:
    worker, done = Worker(), list[str]()
    for job, subject in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a"), ("c", ""), ("d", "")):
        worker.post(lambda job=job: done.append(job), subject)  # type: ignore[misc]
    worker.stop()
    worker.run()
    assert done == ["a2", "b1", "a3", "c", "d"]


def test_background_work_waits_for_jobs_and_for_its_pause() -> None:
    worker, done = Worker(), list[str]()
    times: list[float] = []

    def end() -> None:
        done.append("long")
        worker.stop()

    def look() -> None:
        times.append(monotonic())
        done.append("look")
        if len(times) < 3:
            worker.later(look, 0.05)
        else:
            worker.add_long(end)

    worker.later(look, 0.05)
    worker.later(look, 0.05)
    worker.post(lambda: done.append("job"))
    worker.run()
    assert done == ["job", "look", "look", "look", "long"]
    assert all(later - earlier >= 0.05 for earlier, later in pairwise(times))
