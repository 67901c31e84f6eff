"""A whole run: discover, learn what is not known yet, look at the library, and gather the findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from patternlint.cache.record import SUMMARY_UNKNOWN, AnalysisRecord, blob_id, decode_diagnostics
from patternlint.cache.store import ResultCache
from patternlint.diagnostics.diagnostic import Diagnostic, Label, sort_key
from patternlint.diagnostics.statistics import RunStatistics, StatisticsCollector, summarize
from patternlint.library.library import Library
from patternlint.linter.results import NO_DIAGNOSTICS, LocalDiagnostics
from patternlint.linter.suppressions import SuppressionKey, added_suppressions
from patternlint.parser.parser import FileKind
from patternlint.project.discovery import FileCollector, walk_folders
from patternlint.project.files import FileRef, FileSet, FolderListing
from patternlint.project.git import GitError
from patternlint.project.project import Project
from patternlint.rule.internal import BrokenRuleError
from patternlint.run.analysis import FileReader
from patternlint.run.incremental import IncrementalContext, RunView, view_targets, view_unchanged
from patternlint.run.library_diagnostics import FILES_PER_BATCH, LibraryDiagnostics
from patternlint.run.request import RunRequest, prepare
from patternlint.run.results import Progress, analyze
from patternlint.source import Source

_Failure = tuple[str, str, tuple[Label, ...]]
_encode = msgspec.msgpack.Encoder().encode
_decode_counts = msgspec.msgpack.Decoder(RunStatistics).decode


class FileFindings(Struct, frozen=True):
    """The findings about one file, sorted; how many were silenced by suppressions, and how many were known before."""

    path: str
    findings: Sequence[Diagnostic]
    silenced: int = 0
    known: int = 0


class KnownDiagnostics(Protocol):
    """Findings that were there before: in a baseline, or in an earlier revision."""

    def split(self, path: str, findings: Sequence[Diagnostic]) -> tuple[Sequence[Diagnostic], int]:
        """Return those of a file's findings that are new, and how many are not."""
        ...

    def suppressions(self, path: str) -> Counter[SuppressionKey] | None:
        """Return the suppressions that a file had in an earlier revision; None where none is compared with."""
        ...


class Run:
    """A finished look at the files. Findings and counts are worked out when asked for, and can be asked for again."""

    def __init__(
        self,
        request: RunRequest,
        project: Project,
        view: RunView,
    ) -> None:
        """Take what was asked for, and the files with what they taught."""
        self.request = request
        self.project = project
        self._files = view.files
        self._knowledge = view.results
        self._library = view.library
        self.linter = project.linter()
        self._is_complete = True
        self._known: KnownDiagnostics | None = None
        self._instead: Mapping[str, Sequence[Diagnostic]] = {}
        self._sources: Mapping[str, Source] = {}
        self._specs: Mapping[str, str] = {}
        self._former: Mapping[str, str] = {}

    @property
    def cache_problem(self) -> str | None:
        """What is wrong with the cache, in words, empty when nothing is; None where there is no cache."""
        return self._knowledge.cache_problem

    @property
    def has_baseline(self) -> bool:
        """Whether findings that were there before are left out: by a baseline, or an earlier revision."""
        return self._known is not None

    def only_new(self, known: KnownDiagnostics) -> Run:
        """Return this run without the findings that were known before."""
        other = copy(self)
        other._known = known  # noqa: SLF001 - a copy of its own
        other.__dict__.pop("counts", None)
        return other

    def compared(self, former: Mapping[str, str]) -> Run:
        """Return this run with the paths and earlier specs of the files that are no longer checked as patterns."""
        if not former:
            return self
        other = copy(self)
        other._former = former  # noqa: SLF001 - a copy of its own
        for name in ("counts", "library", "_across"):
            other.__dict__.pop(name, None)
        return other

    def replacing(
        self,
        instead: Mapping[str, Sequence[Diagnostic]],
        sources: Mapping[str, Source] | None = None,
        specs: Mapping[str, str] | None = None,
    ) -> Run:
        """Return this run with other findings about some files, by path, sorted, and maybe with other texts.

        Args:
            instead: the findings.
            sources: the texts of files that have others.
            specs: the versions of the specs that these follow; empty for none that is known.
        """
        other = copy(self)
        other._specs = {**self._specs, **(specs or {})}  # noqa: SLF001 - a copy of its own
        other._instead = {**self._instead, **instead}  # noqa: SLF001 - a copy of its own
        other._sources = {**self._sources, **(sources or {})}  # noqa: SLF001 - a copy of its own
        other.__dict__.pop("counts", None)
        return other

    def source(self, path: str) -> Source | None:
        """Return the text of a file as this run saw it, or None when it can no longer be read."""
        known = self._sources.get(path)
        ref = self._files.get(path)
        if known is not None or ref is None:
            return known
        reader = FileReader(self.project.config.limits, self.request.repository)
        try:
            return reader.read(ref)
        except (OSError, GitError):
            return None
        finally:
            reader.close()

    @cached_property
    def refs(self) -> Mapping[str, FileRef]:
        """The files of the run by the path that people see."""
        return self._files.by_path

    @cached_property
    def library(self) -> Library:
        """All patterns of the run."""
        excluded = self.request.scope.excluded
        if self._library is not None:
            return self._library(self._former, excluded)
        refs = self.refs
        entries = self._knowledge.entries.values()
        return Library.build(entries, self.project.specs, lambda path: refs[path].is_target, self._former, excluded)

    @property
    def former(self) -> Mapping[str, str]:
        """The paths of files that are not patterns and were, in an earlier state that this run is compared with."""
        return self._former

    @cached_property
    def _across(self) -> LibraryDiagnostics:
        selection = self.project.selection
        if not selection.library_rules and not selection.broken:
            return LibraryDiagnostics.empty_for(())
        key = f"across{self._excluded_key}"
        known = self._knowledge.load(key) if not self._former else None
        if known is not None:
            return LibraryDiagnostics.from_bytes(known)
        wanted = {ref.path: ref for ref in self._files.targets}
        found = LibraryDiagnostics.empty_for(tuple(wanted))
        for some in self.linter.iter_library_batches(
            self.library, lambda path: self.project.ignored_rules(wanted[path].absolute), found.encode
        ):
            found.add(some)
        self._is_complete = self.linter.is_complete
        if self._is_complete and not self._former:
            self._knowledge.store(key, found.to_bytes())
        return found

    @property
    def _excluded_key(self) -> str:
        """The hash of the excluded files, on which findings depend and which the cache's key leaves out; or nothing."""
        excluded = self.request.scope.excluded
        return blob_id("\n".join(excluded).encode()).hex() if excluded else ""

    def by_file(self) -> Iterator[FileFindings]:
        """Yield every file that was asked for with its findings."""
        return self._about_each(self._files.targets)

    def _about_each(self, refs: Sequence[FileRef]) -> Iterator[FileFindings]:
        """Yield files with their findings; before them those about none."""
        of_none = self._across.for_path("")
        if of_none:
            yield FileFindings("", of_none)
        for start in range(0, len(refs), FILES_PER_BATCH):
            some = refs[start : start + FILES_PER_BATCH]
            own = self._knowledge.load_diagnostics(some)
            yield from (self._about(ref, own.get(ref.key)) for ref in some)

    def local_diagnostics(self, ref: FileRef) -> LocalDiagnostics:
        """Return what the text of one file shows by itself."""
        mine = self._knowledge.load_diagnostics((ref,)).get(ref.key)
        return decode_diagnostics(mine) if mine is not None else NO_DIAGNOSTICS

    def blob_id(self, ref: FileRef) -> bytes:
        """Return the name (`blob_id`) of the content that the findings of a file are about; empty when it is not known."""
        return self._knowledge.blob_id(ref.key)

    def findings_about(self, ref: FileRef) -> FileFindings:
        """Return the findings about one file."""
        return self._about(ref, self._knowledge.load_diagnostics((ref,)).get(ref.key))

    def _about(self, ref: FileRef, mine: AnalysisRecord | None) -> FileFindings:
        if ref.path in self._instead:
            return FileFindings(ref.path, self._instead[ref.path])
        found = self._across.for_path(ref.path)
        own = decode_diagnostics(mine) if mine is not None else NO_DIAGNOSTICS
        if not found and own is NO_DIAGNOSTICS:
            return FileFindings(ref.path, ())
        findings, silenced = self.linter.finalize(ref.path, own, found)
        if mine is not None and not mine.blob_id:
            findings = [one for one in findings if self._failures.get(_failure(one), one.path) == one.path]
        if self._known is None:
            return FileFindings(ref.path, findings, silenced)
        kept, known = self._known.split(ref.path, findings)
        before = self._known.suppressions(ref.path) if own.suppressions else None
        if before is not None:
            added = self.linter.report_added_suppressions(
                added_suppressions(ref.path, own.suppressions, own.regions, before)
            )
            kept = sorted((*kept, *added), key=sort_key)
        return FileFindings(ref.path, kept, silenced, known)

    @cached_property
    def _failures(self) -> Mapping[_Failure, str]:
        """The first file on which an own rule fails, for each rule and line of its code: the others say the same."""
        name = self.project.selection.error_rules[BrokenRuleError].name
        first: dict[_Failure, str] = {}
        for one in sorted(self._knowledge.incomplete(), key=lambda one: one.path):
            if self.refs[one.path].is_target:
                for finding in decode_diagnostics(one).findings:
                    if finding.rule == name:
                        first.setdefault(_failure(finding), finding.path)
        return first

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield all findings, sorted."""
        for one in self.by_file():
            yield from one.findings

    @cached_property
    def counts(self) -> RunStatistics:
        """The run in numbers."""
        if self._known is not None or self._instead or self._former:
            return self._count()
        key = f"counts{self._excluded_key}"
        kept = self._knowledge.load(key)
        if kept is not None:
            return _decode_counts(kept)
        counts = self._count()
        if self._is_complete:
            self._knowledge.store(key, _encode(counts))
        return counts

    def _count(self) -> RunStatistics:
        learned, entries = self._knowledge.records, self._knowledge.entries
        tally = StatisticsCollector()
        singly: list[FileRef] = []
        for ref in self._files.targets:
            key = ref.key
            one, entry = learned[key], entries.get(key)
            if ref.path in self._specs:
                tally.add_file(self._specs[ref.path])
            else:
                tally.add_file(None if one.kind is FileKind.NOT_A_PATTERN else entry.spec if entry is not None else "")
            if self._known is not None or ref.path in self._instead or one.summary == SUMMARY_UNKNOWN:
                singly.append(ref)
            else:
                tally.add_text(one.summary)
        if tally.files > len(singly):
            others = {"", *(ref.path for ref in singly)}
            for path, said in self._across.summaries():
                if path not in others:
                    tally.add(said)
        for found in self._about_each(singly):
            tally.add(summarize(found.findings), found.silenced, found.known)
        return tally.counts()


def _failure(finding: Diagnostic) -> _Failure:
    """Return what a finding about an own rule that failed is about: the rule and the line of its code."""
    return finding.rule, finding.subject, finding.labels


def check(request: RunRequest, progress: Progress) -> Run:
    """Look at the files that are asked for and at the library around them.

    Args:
        request: what is asked for.
        progress: told how many files there are; returns what is told how many more are done.

    Raises:
        RegistryError, SpecError: when a rule or a spec cannot be used.
    """
    project, cache = prepare(request)
    places, listing = walk_folders(request.scope, project.is_excluded)
    request = replace(request, scope=places)
    finder = FileCollector(places, project.is_declared_pattern)
    if cache is not None and not listing.not_checked_out:
        needed = _needed(project, finder, listing.folders)
        scene = IncrementalContext(request.worker_context(project), finder, needed, cache.load_snapshots(), cache)
        short = view_targets(scene, progress) if finder.files else view_unchanged(scene)
        if short is not None:
            return Run(request, project, short)
    refs = finder.refs(listing)
    if not project.selection.library_rules:
        refs = [ref for ref in refs if ref.is_target]
    return lint_files(request, project, refs, cache, progress)


def _needed(project: Project, finder: FileCollector, folders: Sequence[FolderListing]) -> Sequence[FolderListing]:
    """Return the folders that have a say in what is found."""
    if project.selection.library_rules:
        return folders
    return [folder for folder in folders if finder.is_target_folder(folder)]


def lint_files(  # noqa: PLR0913 - each is one thing
    request: RunRequest,
    project: Project,
    refs: Sequence[FileRef],
    cache: ResultCache | None,
    progress: Progress,
    *,
    store_listings: bool = True,
) -> Run:
    """Lint the given files, on disk or contents in git.

    Args:
        request: what is asked for.
        project: specs and rules.
        refs: the files.
        cache: the cache.
        progress: as for `check`.
        store_listings: whether `refs` holds all files of the folders on disk, so that the cache may store listings.

    Raises:
        GitError: when git does not have a content.
    """
    crew = request.worker_context(project)
    knowledge = analyze(crew, refs, request.jobs, cache, progress, store_listings=store_listings)
    return Run(request, project, RunView(FileSet(lambda: refs), knowledge))
