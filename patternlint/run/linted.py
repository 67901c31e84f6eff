"""The files of a run with the diagnostics that were found in them, before baselines and fixes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from patternlint.cache.record import AnalysisRecord, blob_id, decode_diagnostics
from patternlint.diagnostics.diagnostic import Diagnostic, Label
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.results import NO_DIAGNOSTICS, LocalDiagnostics
from patternlint.project.files import FileRef, FileSet
from patternlint.project.project import Project
from patternlint.rule.internal import BrokenRuleError
from patternlint.run.incremental import RunView
from patternlint.run.library_diagnostics import LibraryDiagnostics
from patternlint.run.request import RunRequest
from patternlint.run.results import AnalysisResults

_Failure = tuple[str, str, tuple[Label, ...]]


class LintedFiles:
    """The files of a run with their diagnostics. What is computed from them is computed once, on demand.

    Args:
        request: what was asked for.
        project: the project.
        view: the files and their analysis results.
        former: paths and earlier specification versions of files that are no longer patterns.
    """

    def __init__(
        self, request: RunRequest, project: Project, view: RunView, former: Mapping[str, str] | None = None
    ) -> None:
        self.request = request
        self.project = project
        self.former = former or {}
        self._view = view

    @property
    def files(self) -> FileSet:
        """The files."""
        return self._view.files

    @property
    def results(self) -> AnalysisResults:
        """The analysis results of the files."""
        return self._view.results

    @cached_property
    def linter(self) -> Linter:
        """The linter for library rules and the last steps of each file."""
        return self.project.linter()

    def compared_with(self, former: Mapping[str, str]) -> LintedFiles:
        """Return the same files with other `former` ones."""
        return LintedFiles(self.request, self.project, self._view, former) if former else self

    @cached_property
    def library(self) -> Library:
        """All patterns of the run."""
        excluded = self.request.scope.excluded
        if self._view.library is not None:
            return self._view.library(self.former, excluded)
        refs = self.files.by_path
        entries = self.results.entries.values()
        return Library.build(entries, self.project.specs, lambda path: refs[path].is_target, self.former, excluded)

    @cached_property
    def library_diagnostics(self) -> LibraryDiagnostics:
        """The diagnostics of library rules about the targets."""
        return self._library_diagnostics[0]

    @property
    def is_complete(self) -> bool:
        """Whether no library rule failed."""
        return self._library_diagnostics[1]

    @cached_property
    def _library_diagnostics(self) -> tuple[LibraryDiagnostics, bool]:
        selection = self.project.selection
        if not selection.library_rules and not selection.broken:
            return LibraryDiagnostics.empty_for(()), True
        name = self.stored_name("library")
        stored = self.results.load(name) if not self.former else None
        if stored is not None:
            return LibraryDiagnostics.from_bytes(stored), True
        targets = {ref.path: ref for ref in self.files.targets}
        diagnostics = LibraryDiagnostics.empty_for(tuple(targets))
        for batch in self.linter.iter_library_batches(
            self.library, lambda path: self.project.ignored_rules(targets[path].absolute), diagnostics.encode
        ):
            diagnostics.add(batch)
        if self.linter.is_complete and not self.former:
            self.results.store(name, diagnostics.to_bytes())
        return diagnostics, self.linter.is_complete

    def stored_name(self, name: str) -> str:
        """Return the name of a stored result, which depends on the excluded files: they are not in the run's digest."""
        excluded = self.request.scope.excluded
        return name + (blob_id("\n".join(excluded).encode()).hex() if excluded else "")

    def local_diagnostics(self, ref: FileRef) -> LocalDiagnostics:
        """Return the diagnostics of one file, before library rules, and its suppressions."""
        record = self.results.load_diagnostics((ref,)).get(ref.key)
        return decode_diagnostics(record) if record is not None else NO_DIAGNOSTICS

    def without_repeated_failures(self, record: AnalysisRecord, findings: list[Diagnostic]) -> list[Diagnostic]:
        """Return the diagnostics of a file without failures of own rules that were reported for an earlier file."""
        if record.blob_id:  # complete, so no rule failed
            return findings
        return [one for one in findings if self._first_failures.get(_failure(one), one.path) == one.path]

    @cached_property
    def _first_failures(self) -> Mapping[_Failure, str]:
        """The first target on which an own rule fails, by rule and line of its code."""
        name = self.project.selection.error_rules[BrokenRuleError].name
        first: dict[_Failure, str] = {}
        for record in sorted(self.results.incomplete(), key=lambda record: record.path):
            if self.files.by_path[record.path].is_target:
                for finding in decode_diagnostics(record).findings:
                    if finding.rule == name:
                        first.setdefault(_failure(finding), finding.path)
        return first


def _failure(finding: Diagnostic) -> _Failure:
    """Return the rule and the line of its code that a diagnostic about a failed rule names."""
    return finding.rule, finding.subject, finding.labels
