"""A whole run: discover files, analyze those whose content is not cached, run library rules, and collect findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from patternlint.cache.record import SUMMARY_UNKNOWN, AnalysisRecord, decode_diagnostics
from patternlint.diagnostics.diagnostic import Diagnostic, sort_key
from patternlint.diagnostics.statistics import RunStatistics, StatisticsCollector, summarize
from patternlint.library.library import Former, Library
from patternlint.linter.linter import Linter
from patternlint.linter.results import NO_DIAGNOSTICS, LocalDiagnostics
from patternlint.linter.suppressions import SuppressionKey, added_suppressions
from patternlint.parser.parser import FileKind
from patternlint.project.discovery import FileSet, Listing, walk_folders
from patternlint.project.files import FileRef
from patternlint.project.git import GitError
from patternlint.project.project import Project
from patternlint.run.analysis import FileReader
from patternlint.run.library_diagnostics import FILES_PER_BATCH
from patternlint.run.linted import LintedFiles
from patternlint.run.request import RunRequest, prepare
from patternlint.run.results import Progress
from patternlint.run.state import StateLoader
from patternlint.source import Source

_encode = msgspec.msgpack.Encoder().encode
_decode_statistics = msgspec.msgpack.Decoder(RunStatistics).decode


class FileFindings(Struct, frozen=True):
    """The findings about one file, sorted; the number of suppressed and of known findings, which are not among them."""

    path: str
    findings: Sequence[Diagnostic]
    silenced: int = 0
    known: int = 0


class KnownDiagnostics(Protocol):
    """Findings of a baseline or of an earlier revision, which are not reported again."""

    def split(self, path: str, findings: Sequence[Diagnostic]) -> tuple[Sequence[Diagnostic], int]:
        """Return the new findings of a file, and the number of known ones."""
        ...

    def suppressions(self, path: str) -> Counter[SuppressionKey] | None:
        """Return the suppressions of a file in the earlier revision; None without one."""
        ...


class Run(Struct, frozen=True, eq=False, dict=True):
    """A finished run. Findings and statistics are computed on demand, any number of times.

    Attributes:
        linted: the files with their diagnostics.
        baseline: the known findings, if any.
        replaced: the findings of files whose text is not the linted one, by path, sorted.
        sources: the texts of such files.
        specs: the specification versions that such files follow; empty for an unknown one.
    """

    linted: LintedFiles
    baseline: KnownDiagnostics | None = None
    replaced: Mapping[str, Sequence[Diagnostic]] = {}
    sources: Mapping[str, Source] = {}
    specs: Mapping[str, str] = {}

    @property
    def request(self) -> RunRequest:
        """The request of the run."""
        return self.linted.request

    @property
    def project(self) -> Project:
        """The project."""
        return self.linted.project

    @property
    def linter(self) -> Linter:
        """The linter for library rules and the last steps of each file."""
        return self.linted.linter

    @property
    def files(self) -> FileSet:
        """The files of the library."""
        return self.linted.files

    @property
    def targets(self) -> Sequence[FileRef]:
        """The files that findings are reported for, sorted by path for display."""
        return self.linted.targets

    def ref(self, path: str) -> FileRef:
        """Return the file with a path for display; it exists."""
        ref = self.files.get(path)
        if ref is None:
            raise KeyError(path)
        return ref

    @property
    def library(self) -> Library:
        """All patterns of the run."""
        return self.linted.library

    @property
    def former(self) -> Former:
        """What an earlier state of the library has else, in a comparison with it."""
        return self.linted.former

    @property
    def cache_problem(self) -> str | None:
        """Why the cache is not used or not written; empty when it works, None without a cache."""
        return self.linted.results.cache_problem

    def only_new(self, known: KnownDiagnostics) -> Run:
        """Return this run without known findings."""
        return replace(self, baseline=known)

    def compared_with(self, former: Former) -> Run:
        """Return this run with what an earlier state of the library has else."""
        return replace(self, linted=self.linted.compared_with(former))

    def replacing(
        self,
        findings: Mapping[str, Sequence[Diagnostic]],
        sources: Mapping[str, Source] | None = None,
        specs: Mapping[str, str] | None = None,
    ) -> Run:
        """Return this run with other findings, texts and specification versions of some files (see the attributes)."""
        return replace(
            self,
            replaced={**self.replaced, **findings},
            sources={**self.sources, **(sources or {})},
            specs={**self.specs, **(specs or {})},
        )

    def source(self, path: str) -> Source | None:
        """Return the text of a file as this run read it, or None when it can no longer be read."""
        source = self.sources.get(path)
        ref = self.files.get(path)
        if source is not None or ref is None:
            return source
        reader = FileReader(self.project.config.limits, self.request.repository)
        try:
            return reader.read(ref)
        except (OSError, GitError):
            return None
        finally:
            reader.close()

    def local_diagnostics(self, ref: FileRef) -> LocalDiagnostics:
        """Return the diagnostics of one file, before library rules, and its suppressions."""
        return self.linted.local_diagnostics(ref)

    def blob_id(self, ref: FileRef) -> bytes:
        """Return the `blob_id` of the content that the findings of a file are about; empty when it is unknown."""
        return self.linted.results.blob_id(ref)

    def by_file(self) -> Iterator[FileFindings]:
        """Yield the findings of every target, preceded by those about no file, if any."""
        return self._findings_of(self.targets)

    def _findings_of(self, refs: Sequence[FileRef]) -> Iterator[FileFindings]:
        about_library = self._findings_about_library()
        if about_library.findings or about_library.known:
            yield about_library
        for start in range(0, len(refs), FILES_PER_BATCH):
            batch = refs[start : start + FILES_PER_BATCH]
            records = self.linted.results.load_diagnostics(batch)
            yield from (self._file_findings(ref, records.get(ref.key), refs) for ref in batch)

    def _findings_about_library(self) -> FileFindings:
        """Return the findings about no file: failures of rules are never known, those about the library can be."""
        findings = self.linted.library_diagnostics.for_path("")
        if self.baseline is None or not findings:
            return FileFindings("", findings)
        rules = {rule.name for rule in self.project.selection.library_rules}
        new, known = self.baseline.split("", [one for one in findings if one.rule in rules])
        failures = [one for one in findings if one.rule not in rules]
        return FileFindings("", sorted((*failures, *new), key=sort_key), known=known)

    def findings_about(self, ref: FileRef) -> FileFindings:
        """Return the findings about one file."""
        return self._file_findings(ref, self.linted.results.load_diagnostics((ref,)).get(ref.key))

    def _file_findings(
        self, ref: FileRef, record: AnalysisRecord | None, beside: Sequence[FileRef] = ()
    ) -> FileFindings:
        if ref.path in self.replaced:
            return FileFindings(ref.path, self.replaced[ref.path])
        library_diagnostics = self.linted.library_diagnostics.for_path(ref.path)
        own = decode_diagnostics(record) if record is not None else NO_DIAGNOSTICS
        own = self.linted.as_stored(ref, own, beside)
        if not library_diagnostics and own is NO_DIAGNOSTICS:
            return FileFindings(ref.path, ())
        findings, silenced = self.linter.finalize(ref.path, own, library_diagnostics)
        if record is not None:
            findings = self.linted.without_repeated_failures(record, findings)
        if self.baseline is None:
            return FileFindings(ref.path, findings, silenced)
        new, known = self.baseline.split(ref.path, findings)
        earlier = self.baseline.suppressions(ref.path) if own.suppressions else None
        if earlier is not None:
            added = added_suppressions(ref.path, own.suppressions, earlier)
            new = sorted((*new, *self.linter.report_added_suppressions(added)), key=sort_key)
        return FileFindings(ref.path, new, silenced, known)

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield all findings, sorted."""
        for file in self.by_file():
            yield from file.findings

    @cached_property
    def counts(self) -> RunStatistics:
        """The statistics of the run."""
        if self.baseline is not None or self.replaced or not self.former.is_empty:
            return self._count()
        name = self.linted.stored_name("counts")
        stored = self.linted.results.load(name)
        if stored is not None:
            return _decode_statistics(stored)
        counts = self._count()
        if self.linted.is_complete and not self.linted.depends_on_git:
            self.linted.results.store(name, _encode(counts))
        return counts

    def _count(self) -> RunStatistics:
        """Count findings by the summaries of records where these are final, else by the findings themselves."""
        collector = StatisticsCollector()
        not_final = self._count_local(collector)
        if len(not_final) < len(self.targets):
            counted_below = {"", *(ref.path for ref in not_final)}
            for path, summary in self.linted.library_diagnostics.summaries():
                if path not in counted_below:
                    collector.add(summary)
        for file in self._findings_of(not_final):
            collector.add(summarize(file.findings), file.silenced, file.known)
        return collector.counts()

    def _count_local(self, collector: StatisticsCollector) -> Sequence[FileRef]:
        """Count files and the findings of rules about one file, and return the targets whose summaries are not final."""
        if self.linted.is_narrowed:
            for spec in self.linted.state.target_specs():
                collector.add_file(spec)
        not_final: list[FileRef] = []
        for start in range(0, len(self.targets), FILES_PER_BATCH):
            batch = self.targets[start : start + FILES_PER_BATCH]
            records = self.linted.results.load_diagnostics(batch)
            for ref in batch:
                record = records[ref.key]
                if not self.linted.is_narrowed:
                    spec = None if record.kind is FileKind.NOT_A_PATTERN else record.spec
                    collector.add_file(self.specs.get(ref.path, spec))
                if self.baseline is not None or ref.path in self.replaced or record.summary == SUMMARY_UNKNOWN:
                    not_final.append(ref)
                else:
                    collector.add_text(record.summary)
        return not_final


def check(request: RunRequest, progress: Progress) -> Run:
    """Lint the targets of a request, with the library around them.

    Raises:
        RegistryError, SpecError: when a rule or a specification cannot be used.
    """
    project, cache = prepare(request)
    scope, listing = walk_folders(request.scope, project.is_excluded)
    request = replace(request, scope=scope)
    files = files_of(request, project, listing)
    loader = StateLoader(request.worker_context(project), cache, request.jobs, progress)
    is_narrow = files.named and not any(map(files.is_target_folder, files.listing.folders))
    state = loader.load_partly(files) if is_narrow else loader.load_unchanged(files) if not files.named else None
    return Run(LintedFiles(request, project, state or loader.load(files)))


def files_of(request: RunRequest, project: Project, listing: Listing) -> FileSet:
    """Return the files of a listing that a run needs: only the targets without library rules."""
    files = FileSet(request.scope, project.is_declared_pattern, listing)
    return files if project.selection.library_rules else files.only_targets()
