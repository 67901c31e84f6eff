"""The files of a run with the diagnostics that were found in them, before baselines and fixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from msgspec.structs import replace

from patternlint.cache.record import AnalysisRecord, blob_id, decode_diagnostics
from patternlint.diagnostics.diagnostic import Diagnostic, Label, is_about_line_endings
from patternlint.library.card import Card
from patternlint.library.entry import Entry
from patternlint.library.library import NO_FORMER, Former, Library
from patternlint.library.store import EntryStore
from patternlint.linter.linter import Linter
from patternlint.linter.results import NO_DIAGNOSTICS, LocalDiagnostics
from patternlint.project.discovery import FileSet
from patternlint.project.files import FileRef
from patternlint.project.line_endings import files_stored_with_lf
from patternlint.project.project import Project
from patternlint.rule.internal import BrokenRuleError
from patternlint.run.library_diagnostics import LibraryDiagnostics
from patternlint.run.request import RunRequest
from patternlint.run.results import AnalysisResults
from patternlint.run.state import LibraryState

_Failure = tuple[str, str, tuple[Label, ...]]


class LintedFiles:
    """The files of a run with their diagnostics. What is computed from them is computed once, on demand.

    Args:
        request: what was asked for.
        project: the project.
        state: the files and their analysis results.
        targets: the files that findings are reported for, sorted by path for display; None for those of the request.
        former: what an earlier state of the library has else.
    """

    def __init__(
        self,
        request: RunRequest,
        project: Project,
        state: LibraryState,
        targets: Sequence[FileRef] | None = None,
        former: Former = NO_FORMER,
    ) -> None:
        self.request = request
        self.project = project
        self.state = state
        self.former = former
        self._targets = targets
        self._stored_with_lf: dict[str, bool] = {}

    @property
    def files(self) -> FileSet:
        """The files of the library."""
        return self.state.files

    @property
    def results(self) -> AnalysisResults:
        """The analysis results of the files."""
        return self.state.results

    @property
    def is_narrowed(self) -> bool:
        """Whether the targets are not those of the request."""
        return self._targets is not None

    @cached_property
    def targets(self) -> Sequence[FileRef]:
        """The files that findings are reported for, sorted by path for display."""
        return self.files.targets if self._targets is None else self._targets

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(ref.path for ref in self.targets)

    @cached_property
    def linter(self) -> Linter:
        """The linter for library rules and the last steps of each file."""
        return self.project.linter()

    def compared_with(self, former: Former) -> LintedFiles:
        """Return the same files with what an earlier state has else."""
        return LintedFiles(self.request, self.project, self.state, self._targets, former)

    @cached_property
    def library(self) -> Library:
        """All patterns of the run."""
        return self.library_of(self.state.store, (ref.path for ref in self.targets))

    def library_of(self, store: EntryStore, targets: Iterable[str]) -> Library:
        """Return a library of some entries, with the targets at some paths."""
        paths = frozenset(targets)
        return Library.of(
            store,
            self.project.specs,
            store.get_all(sorted(paths)),
            paths.__contains__,
            former=self.former,
            excluded=self.request.scope.excluded,
            roots=self.files.root_prefixes,
            load_cards=self._load_cards,
            redirects=self.project.redirects,
        )

    def _load_cards(self, entries: Sequence[Entry]) -> Mapping[str, Card]:
        refs = [ref for entry in entries if (ref := self.files.get(entry.path)) is not None]
        cards = self.results.load_cards(refs)
        return {ref.path: card for ref in refs if (card := cards.get(ref.key)) is not None}

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
        is_storable = self.former.is_empty and not self.is_narrowed
        stored = self.results.load(name) if is_storable else None
        if stored is not None:
            return LibraryDiagnostics.from_bytes(stored), True
        targets = {ref.path: ref for ref in self.targets}
        diagnostics = LibraryDiagnostics.empty_for(tuple(targets))
        for batch in self.linter.iter_library_batches(
            self.library, lambda path: self.project.ignored_rules(targets[path].absolute), diagnostics.encode
        ):
            diagnostics.add(batch)
        if self.linter.is_complete and is_storable:
            self.results.store(name, diagnostics.to_bytes())
        return diagnostics, self.linter.is_complete

    def stored_name(self, name: str) -> str:
        """Return the name of a stored result, which depends on the excluded files: they are not in the run's digest."""
        excluded = self.request.scope.excluded
        return name + (blob_id("\n".join(excluded).encode()).hex() if excluded else "")

    def local_diagnostics(self, ref: FileRef) -> LocalDiagnostics:
        """Return the diagnostics of one file, before library rules, and its suppressions."""
        return self.all_local_diagnostics((ref,))[ref.path]

    def all_local_diagnostics(self, refs: Sequence[FileRef]) -> Mapping[str, LocalDiagnostics]:
        """Return the same for several files, by path."""
        records = self.results.load_diagnostics(refs)
        return {
            ref.path: self.as_stored(ref, decode_diagnostics(record)) if record is not None else NO_DIAGNOSTICS
            for ref in refs
            for record in (records.get(ref.key),)
        }

    def as_stored(
        self, ref: FileRef, local: LocalDiagnostics, beside: Sequence[FileRef] = (), content_id: bytes = b""
    ) -> LocalDiagnostics:
        """Return the diagnostics of a file without those about line endings that git does not store.

        Args:
            ref: the file.
            local: its diagnostics.
            beside: other files that git is asked about at the same time.
            content_id: the blob id of what it holds, if not the content on disk.
        """
        top = self.request.repository
        if ref.blob_id or top is None or not any(map(is_about_line_endings, local.findings)):
            return local
        if ref.absolute not in self._stored_with_lf:
            contents = {one.absolute: self.results.blob_id(one) for one in beside if not one.blob_id}
            contents[ref.absolute] = content_id or self.results.blob_id(ref)
            found = files_stored_with_lf(top, contents)
            self._stored_with_lf.update((path, path in found) for path in contents)
        if not self._stored_with_lf[ref.absolute]:
            return local
        return replace(local, findings=tuple(one for one in local.findings if not is_about_line_endings(one)))

    @property
    def depends_on_git(self) -> bool:
        """Whether findings depend on the settings of git, which no digest contains."""
        return bool(self._stored_with_lf)

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
            if record.path in self._paths:
                for finding in decode_diagnostics(record).findings:
                    if finding.rule == name:
                        first.setdefault(_failure(finding), finding.path)
        return first


def _failure(finding: Diagnostic) -> _Failure:
    """Return the rule and the line of its code that a diagnostic about a failed rule names."""
    return finding.rule, finding.subject, finding.labels
