"""How long a run takes, by stage and by rule.

A run that is timed works in one process, with engines that look at the clock; any other run knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.document.pattern import Pattern
from patternlint.linter.linter import Linter, Looking
from patternlint.linter.results import FileAnalysis
from patternlint.linter.selection import RuleSelection
from patternlint.parser.parser import ParsedFile
from patternlint.rule.internal import SchemaRule

DISCOVER = "load the rules, find the files"
READ = "read and parse"
FILES = "check each file"
LIBRARY = "check the library"
REPORT = "report"
SCHEMAS = "(JSON Schemas)"

SHOWN_RULES = 20


class Profiler:
    """A clock for one run. What it measures is told to it in the order in which it happens."""

    def __init__(self) -> None:
        """Start the clock."""
        self.files = 0
        self.stages: dict[str, float] = dict.fromkeys((DISCOVER, READ, FILES, LIBRARY, REPORT), 0.0)
        self.rules: dict[str, float] = {}
        self.in_rules = 0.0
        self._begun = perf_counter()

    def engine(self, checks: RuleSelection, rule_time: float) -> Linter:
        """Return the checks ready to use, by this clock."""
        return _TimedEngine(checks, rule_time, self)

    def progress(self, inner: Callable[[int], Callable[[int], None]]) -> Callable[[int], Callable[[int], None]]:
        """Return what is told how many files there are to read, and tells `inner` too."""

        def start(total: int) -> Callable[[int], None]:
            self.files += total
            self._end(DISCOVER)
            return inner(total)

        return start

    def looked(self) -> None:
        """Take note that the files are read and checked."""
        self._end(READ)

    def reported(self) -> None:
        """Take note that the report is written."""
        self._end(REPORT)

    def _end(self, stage: str) -> None:
        """Give the time since the last stage ended to `stage`, without that of the engines."""
        now = perf_counter()
        self.stages[stage] += now - self._begun
        self._begun = now

    def spend(self, stage: str, begun: float) -> None:
        """Give the time since `begun` to a stage that lies within another."""
        seconds = perf_counter() - begun
        self.stages[stage] += seconds
        self._begun += seconds

    def table(self) -> str:
        """Return the times as tables."""
        total = sum(self.stages.values())
        stages = [
            (f"{stage} ({self.files:,} files)" if stage == READ else stage, seconds)
            for stage, seconds in self.stages.items()
        ]
        rules = sorted(self.rules.items(), key=lambda item: (-item[1], item[0]))
        rest = rules[SHOWN_RULES:]
        if rest:
            words = "one rule more" if len(rest) == 1 else f"{len(rest)} rules more"
            rules = [*rules[:SHOWN_RULES], (words, sum(seconds for _, seconds in rest))]
        lines = [*_rows("stage", stages, total)]
        if rules:
            lines += ["", *_rows("rule", rules, total)]
        return "".join(f"{line}\n" for line in lines)


def _rows(head: str, rows: Sequence[tuple[str, float]], total: float) -> Iterator[str]:
    """Yield a table with the part of each row in the whole run."""
    width = max(len(head), *(len(name) for name, _ in rows))
    yield f"{head:<{width}}  seconds   part"
    for name, seconds in rows:
        yield f"{name:<{width}}  {seconds:7.3f}  {seconds / total if total else 0:5.1%}"


class _TimedEngine(Linter):
    """Runs rules by a clock."""

    def __init__(self, checks: RuleSelection, rule_time: float, timing: Profiler) -> None:
        super().__init__(checks, rule_time)
        self._timing = timing

    def lint_file(self, parsed: ParsedFile, ignored: frozenset[str] = frozenset()) -> FileAnalysis:
        begun = perf_counter()
        result = super().lint_file(parsed, ignored)
        self._timing.spend(FILES, begun)
        return result

    def _check_schema(self, findings: list[Diagnostic], pattern: Pattern, rules: Mapping[str, SchemaRule]) -> None:
        timing = self._timing
        begun, in_rules = perf_counter(), timing.in_rules
        super()._check_schema(findings, pattern, rules)
        own = perf_counter() - begun - (timing.in_rules - in_rules)
        timing.rules[SCHEMAS] = timing.rules.get(SCHEMAS, 0.0) + own

    def _collect(self, findings: list[Diagnostic], path: str, rules: Iterable[Looking], subject: Any) -> None:
        timing = self._timing
        for rule in rules:
            begun = perf_counter()
            super()._collect(findings, path, (rule,), subject)
            seconds = perf_counter() - begun
            timing.in_rules += seconds
            if not path:
                timing.spend(LIBRARY, begun)
            timing.rules[rule.name] = timing.rules.get(rule.name, 0.0) + seconds
