"""What changed in a run since its baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.gate.baseline import (
    BaselineFilter,
    baseline_of_run,
    checked_files,
    follow_renames,
    read_baseline,
    resolved,
)
from patternlint.gate.finding_key import FindingKey, NewDiagnosticsFilter, finding_key
from patternlint.library_report.model import CauseChange, CountChange
from patternlint.run.run import Run

_KINDS = ("known", "new", "resolved")


class BaselineChanges:
    """The findings of a run that are new since its baseline, and the numbers of known, new and resolved ones.

    Args:
        run: a run with all its findings.
        path: the baseline file.
        is_checked: whether the absence of findings of a rule means that they are resolved.
    """

    def __init__(self, run: Run, path: Path, is_checked: Callable[[str], bool]) -> None:
        request, folder = run.request, path.parent
        baseline = follow_renames(read_baseline(path, request.checkouts, request.loaded.commit), folder, run)
        known = BaselineFilter(baseline, folder)
        self._filter = NewDiagnosticsFilter((known,))
        self._run = run
        absent = resolved(baseline, baseline_of_run(run, known), checked_files(run, baseline, folder), is_checked)
        self.counts: Counter[tuple[str, str]] = Counter()
        self.causes: Counter[tuple[str, str, str]] = Counter()
        for keys in absent.files.values():
            for key, count in keys.items():
                self._add(key, "resolved", count)
        for file in run.by_file():
            for finding, is_new in zip(file.findings, self.is_new(file.path, file.findings), strict=True):
                self._add(finding_key(finding), "new" if is_new else "known", 1)

    def _add(self, key: FindingKey, kind: str, count: int) -> None:
        rule, text = key
        self.counts[rule, kind] += count
        route, _, subject = text.partition(": ")
        self.causes[rule, subject or route, kind] += count

    def covers(self, path: str) -> bool:
        """Return whether a file is in the run."""
        return self._run.files.get(path) is not None

    def is_new(self, path: str, findings: Sequence[Diagnostic]) -> Sequence[bool]:
        """Return whether each finding of a file is new."""
        new = {id(finding) for finding in self._filter.split(path, findings)[0]}
        return [id(finding) in new for finding in findings]


def changes_by_rule(changes: Iterable[BaselineChanges]) -> tuple[CountChange, ...]:
    """Return the numbers of known, new and resolved findings by rule."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in changes:
        counts.update(one.counts)
    rules = sorted({rule for rule, _ in counts})
    return tuple(CountChange(rule, *(counts[rule, kind] for kind in _KINDS)) for rule in rules)


def changes_by_cause(changes: Iterable[BaselineChanges], most: int = 50) -> tuple[CauseChange, ...]:
    """Return the numbers of new and resolved findings by cause, the greatest change first, at most `most` causes."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in changes:
        counts.update(one.causes)
    causes = {(rule, about) for rule, about, kind in counts if kind != "known"}
    found = [
        CauseChange(rule, about, counts[rule, about, "new"], counts[rule, about, "resolved"]) for rule, about in causes
    ]
    return tuple(sorted(found, key=lambda one: (-one.new - one.resolved, one.rule, one.about))[:most])
