"""How long a run takes, by stage and by rule.

A profiled run uses one process. Its linters call `Profiler.measure`; other runs have no profiler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter

from patternlint.linter.linter import Measured

DISCOVER = "load the rules, find the files"
READ = "read and parse"
FILES = "check each file"
LIBRARY = "check the library"
REPORT = "report"
SCHEMAS = "(JSON Schemas)"

_STAGES: Mapping[Measured, str] = {"file": FILES, "library": LIBRARY}

MAX_RULES = 20


class Profiler:
    """Measures the stages and rules of one run, in order. Create it when the run starts."""

    def __init__(self) -> None:
        self.files = 0
        self.stages: dict[str, float] = dict.fromkeys((DISCOVER, READ, FILES, LIBRARY, REPORT), 0.0)
        self.rules: dict[str, float] = {}
        self._measured = 0.0  # seconds in `rules`
        self._begun = perf_counter()

    @contextmanager
    def measure(self, part: Measured, rule: str = "") -> Iterator[None]:
        """Add the time of this context to the stage `part` is in, and the part of it outside rules to its own row."""
        begun, inner = perf_counter(), self._measured
        try:
            yield
        finally:
            seconds = perf_counter() - begun
            row = SCHEMAS if part == "schemas" else rule
            if row:
                self.rules[row] = self.rules.get(row, 0.0) + seconds - (self._measured - inner)
                self._measured = inner + seconds
            if part in _STAGES:
                self.stages[_STAGES[part]] += seconds
                self._begun += seconds

    def progress(self, inner: Callable[[int], Callable[[int], None]]) -> Callable[[int], Callable[[int], None]]:
        """Return a progress function that ends the first stage and calls `inner`."""

        def start(total: int) -> Callable[[int], None]:
            self.files += total
            self._end(DISCOVER)
            return inner(total)

        return start

    def finish_checks(self) -> None:
        """End the stage in which files are read and checked."""
        self._end(READ)

    def finish_report(self) -> None:
        """End the stage in which the report is written."""
        self._end(REPORT)

    def _end(self, stage: str) -> None:
        """Add the time since the last stage ended to `stage`, without the time that was measured."""
        now = perf_counter()
        self.stages[stage] += now - self._begun
        self._begun = now

    def table(self) -> str:
        """Return the times as tables."""
        total = sum(self.stages.values())
        stages = [
            (f"{stage} ({self.files:,} files)" if stage == READ else stage, seconds)
            for stage, seconds in self.stages.items()
        ]
        rules = sorted(self.rules.items(), key=lambda item: (-item[1], item[0]))
        rest = rules[MAX_RULES:]
        if rest:
            label = "1 other rule" if len(rest) == 1 else f"{len(rest)} other rules"
            rules = [*rules[:MAX_RULES], (label, sum(seconds for _, seconds in rest))]
        lines = [*_rows("stage", stages, total)]
        if rules:
            lines += ["", *_rows("rule", rules, total)]
        return "".join(f"{line}\n" for line in lines)


def _rows(head: str, rows: Sequence[tuple[str, float]], total: float) -> Iterator[str]:
    """Yield a table of seconds, with the share of each row in the run."""
    width = max(len(head), *(len(name) for name, _ in rows))
    yield f"{head:<{width}}  seconds   part"
    for name, seconds in rows:
        yield f"{name:<{width}}  {seconds:7.3f}  {seconds / total if total else 0:5.1%}"
