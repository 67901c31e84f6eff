"""Fixes a whole run: apply fixes, lint the changed files and the library again, until nothing changes; then write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from itertools import chain, groupby
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patternlint.cache.record import blob_id
from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Safety
from patternlint.diagnostics.route import Route
from patternlint.diagnostics.severity import Severity
from patternlint.fixer.fixpoint import FixResult, LintPass, Relint, fix_until_stable
from patternlint.fixer.references import RenameError
from patternlint.library.concern import concerned
from patternlint.library.entry import Entry, outgoing_targets
from patternlint.library.store import EntryStore
from patternlint.parser.parser import ParsedFile
from patternlint.project.atomic_write import CHANGED, PendingWrite, WriteError, remove_stale_temporaries, write_all
from patternlint.project.files import FileRef
from patternlint.project.project import load_project
from patternlint.rule.internal import FixRefusal
from patternlint.run.analysis import read_source
from patternlint.run.rename import RenameWorkspace, with_references, workspace_of
from patternlint.run.request import RunRequest
from patternlint.run.run import Run
from patternlint.run.session import Session
from patternlint.source import Source

SAFE_ONLY = frozenset((Safety.SAFE,))
ALL_FIXES = frozenset(Safety)

_MAX_ROUNDS = 5


class FixRun(Struct, frozen=True):
    """The outcome of fixing a run.

    Attributes:
        before: the old bytes of every file that changes, by path.
        after: the new bytes.
        applied: the findings that were fixed.
        refused: the fixes that were left out; the places are those of `after`.
        problems: findings about these, and about files that could not be written.
        atomic_groups: files that must be written all or none.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    applied: tuple[Diagnostic, ...]
    refused: tuple[FixRefusal, ...]
    problems: tuple[Diagnostic, ...]
    atomic_groups: tuple[frozenset[str], ...]


def verification_request(request: RunRequest) -> RunRequest:
    """Return the request of the run in which fixes are judged: with every enabled rule, whatever is selected."""
    given = request.overrides
    levels = tuple((rule, level) for rule, level in given.levels if Severity[level.upper()] is not Severity.OFF)
    wide = replace(given, select=(), extend_select=(*given.select, *given.extend_select), ignore=(), levels=levels)
    return request if wide == given else replace(request, overrides=wide)


def selected_by(request: RunRequest) -> Callable[[Diagnostic], bool]:
    """Return whether a finding of the run in which fixes are judged is also one of the run that was asked for."""
    if verification_request(request) is request:
        return lambda _: True
    project = load_project(request.loaded, request.overrides)
    selection, registry = project.selection, project.registry
    names = selection.names | ({selection.refusal_rule.name} if selection.refusal_rule is not None else set())
    suppression_rule_name = selection.suppression_rule.name if selection.suppression_rule is not None else ""

    def is_selected(finding: Diagnostic) -> bool:
        if finding.rule == suppression_rule_name and registry.has(finding.subject):
            return not selection.names.isdisjoint(registry.expand((finding.subject,)))
        return finding.rule in names

    return is_selected


def join_fix_runs(parts: Sequence[FixRun]) -> FixRun:
    """Return what fixing several runs about different files came to."""
    return FixRun(
        {path: data for one in parts for path, data in one.before.items()},
        {path: data for one in parts for path, data in one.after.items()},
        tuple(finding for one in parts for finding in one.applied),
        tuple(refusal for one in parts for refusal in one.refused),
        tuple(finding for one in parts for finding in one.problems),
        tuple(group for one in parts for group in one.atomic_groups),
    )


def fix(run: Run, safeties: frozenset[Safety], selected: Callable[[Diagnostic], bool] = lambda _: True) -> FixRun:
    """Return what the files of a run become when their fixes are applied. Nothing is written.

    Args:
        run: the run in which fixes are judged (see `judging`); only its targets change.
        safeties: which fixes are wanted.
        selected: whether the fix of a finding is wanted.
    """
    bench = FixWorkspace(run)
    return _fix(run, bench.lint_pass(bench.findings()), bench, safeties, selected)


def _fix(
    run: Run, start: LintPass, bench: FixWorkspace, safeties: frozenset[Safety], selected: Callable[[Diagnostic], bool]
) -> FixRun:
    data, phases, refused = fix_in_phases(start, bench.relint, safeties, selected)
    refused = (*refused, *bench.unexpanded(phases[-1].last.findings if phases else ()))
    before = {path: start.parsed[path].source.data for path in data}
    changed = {path: one for path, one in data.items() if one != before[path]}
    offered = (one for one in start.findings if _safety(one) in safeties and selected(one))
    outdated = _unwritten_refusals(offered, dict.fromkeys(sorted(bench.outdated), CHANGED))
    return FixRun(
        {path: before[path] for path in changed},
        changed,
        tuple(finding for phase in phases for finding in phase.applied),
        refused,
        tuple(filter(selected, run.linter.report_refused_fixes((*refused, *outdated)))),
        tuple(group for phase in phases for group in phase.atomic_groups),
    )


def fix_in_phases(
    start: LintPass, relint: Relint, safeties: frozenset[Safety], selected: Callable[[Diagnostic], bool]
) -> tuple[Mapping[str, bytes], Sequence[FixResult], tuple[FixRefusal, ...]]:
    """Apply the safe fixes, then the unsafe ones of one rule after the other, and repeat until nothing changes.

    Before them, those of files that do not parse: only then can anybody tell what else is to be fixed in them.

    Returns:
        The new bytes of every file that changed, the phases, and the fixes that are left out in the end.
    """
    now = start
    data: dict[str, bytes] = {}
    phases: list[FixResult] = []
    refused: tuple[FixRefusal, ...] = ()
    first = frozenset(one for one in start.findings if selected(one) and _is_unparsed_and_safe(start, one))
    if first:
        phases.append(fix_until_stable(start, relint, first.__contains__))
        data.update(phases[-1].data)
        now = phases[-1].last
    for _ in range(_MAX_ROUNDS):
        sweep = [fix_until_stable(now, relint, _of_phase("", selected))]
        now = sweep[0].last
        unsafe = {one.rule for one in now.findings if _safety(one) is Safety.UNSAFE and selected(one)}
        for rule in sorted(unsafe) if Safety.UNSAFE in safeties else ():
            sweep.append(fix_until_stable(now, relint, _of_phase(rule, selected)))
            now = sweep[-1].last
        for phase in sweep:
            data.update(phase.data)
        phases += sweep
        refused = tuple(chain.from_iterable(phase.refused for phase in sweep))
        if (len(sweep) == 1 and not refused) or not any(phase.data for phase in sweep):
            break
    return data, phases, refused


def _is_unparsed_and_safe(start: LintPass, finding: Diagnostic) -> bool:
    path = finding.path
    return _safety(finding) is Safety.SAFE and path in start.parsed and start.parsed[path].pattern is None


def _safety(finding: Diagnostic) -> Safety | None:
    return finding.fix.safety if finding.fix is not None else None


def _of_phase(rule: str, selected: Callable[[Diagnostic], bool]) -> Callable[[Diagnostic], bool]:
    """Return whether a fix belongs to a phase: a safe one, or an unsafe one of `rule`."""
    return lambda finding: (_safety(finding) is Safety.SAFE or finding.rule == rule) and selected(finding)


def fix_text(run: Run, data: bytes, safeties: frozenset[Safety], selected: Callable[[Diagnostic], bool]) -> FixRun:
    """Return what the one target of a run becomes when it holds `data` and its fixes are applied.

    Args:
        run: the run in which fixes are judged (see `judging`).
        data: the bytes of the target.
        safeties: which fixes are wanted.
        selected: whether the fix of a finding is wanted.
    """
    bench = FixWorkspace(run)
    (path,) = bench.targets
    return _fix(run, bench.relint({path: data}), bench, safeties, selected)


def lint_text(run: Run, data: bytes) -> Run:
    """Return a run as if its one target held `data`."""
    session = Session(run)
    (ref,) = run.targets
    path = ref.path
    session.put(path, data)
    return run.replacing(session.diagnostics((path,)), {path: Source(path, data)}, {path: session.spec(path)})


def pending_writes(run: Run, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, PendingWrite]:
    """Return what is to be written, by path: the files of a run that hold `before`, and shall hold `after`."""
    files: dict[str, PendingWrite] = {}
    for path, data in after.items():
        real = Path(run.ref(path).absolute)
        files[path] = PendingWrite(real, before[path], data, run.request.scope.root_of(real))
    return files


def write(run: Run, fixed: FixRun) -> FixRun:
    """Write what `fix` returned, and return what really was written."""
    files = pending_writes(run, fixed.before, fixed.after)
    failures = write_all(files, fixed.atomic_groups)
    remove_stale_temporaries({file.path.parent for file in files.values()})
    if not failures:
        return fixed
    unwritten = _unwritten_refusals(
        fixed.applied, {path: _write_failure(run, path, error) for path, error in failures.items()}
    )
    return FixRun(
        {path: data for path, data in fixed.before.items() if path not in failures},
        {path: data for path, data in fixed.after.items() if path not in failures},
        tuple(finding for finding in fixed.applied if not failures.keys() & _edited_paths(finding)),
        fixed.refused,
        (*fixed.problems, *run.linter.report_refused_fixes(unwritten)),
        fixed.atomic_groups,
    )


def _write_failure(run: Run, path: str, error: WriteError) -> str:
    """Return why a file was not written; where it is the fault of another one that belongs to it, with that one's name."""
    if str(error.path) == run.ref(path).absolute:
        return error.reason
    ref = run.files.at(str(error.path))
    return f"{ref.path if ref is not None else error.path}: {error.reason}"


def _unwritten_refusals(made: Iterable[Diagnostic], reasons: Mapping[str, str]) -> Iterator[FixRefusal]:
    """Yield one refusal for each file with fixes that would have changed a file that was not written."""
    by_file: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for finding in made:
        if not _edited_paths(finding).isdisjoint(reasons):
            by_file[finding.path].append(finding)
    for path, some in sorted(by_file.items()):
        reason = next(reasons[one] for one in (path, *sorted(_edited_paths(some[0]))) if one in reasons)
        until = "nothing else changes the file" if reason.endswith(CHANGED) else "the file can be written"
        yield FixRefusal(some[0], reason, len(some) - 1, f"run the command again once {until}")


def _edited_paths(finding: Diagnostic) -> frozenset[str]:
    edits = finding.fix.edits if finding.fix is not None else ()
    return frozenset(edit.path or finding.path for edit in edits)


class _Files(Mapping[str, ParsedFile]):
    """The files that may change, by path, parsed when asked for."""

    def __init__(self, bench: FixWorkspace, changed: Mapping[str, bytes]) -> None:
        self._bench = bench
        self._changed = changed
        self._parsed: dict[str, ParsedFile] = {}

    def __getitem__(self, path: str) -> ParsedFile:
        found = self._parsed.get(path)
        if found is None:
            found = self._parsed[path] = self._bench.parse(path, self._changed.get(path))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._bench.targets)

    def __len__(self) -> int:
        return len(self._bench.targets)


class FixWorkspace:
    """The files of a run during fixing: their content, analysis and findings."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._project = run.project
        self._session = Session(run)
        self._changed: dict[str, bytes] = {}
        self._read: dict[str, Source] = {}
        self.outdated: set[str] = set()
        """The files that no longer hold what was linted; their fixes are left out."""
        self._unexpanded: dict[tuple[str, str, Route, str], str] = {}
        self.targets: Mapping[str, FileRef] = {ref.path: ref for ref in run.targets}
        for path, ref in self.targets.items():
            if not run.blob_id(ref):  # a rule failed in it, so its content is not on record
                with suppress(OSError):
                    source = self._read[path] = read_source(path, ref.absolute, self._project.config.limits)
                    self._session.put(path, source.data)

    def files(self) -> Mapping[str, ParsedFile]:
        """Return the current files."""
        return _Files(self, dict(self._changed))

    def parse(self, path: str, data: bytes | None) -> ParsedFile:
        """Return a file, parsed: with the given bytes, or those that were linted.

        Raises:
            KeyError: when it is not a target, can no longer be read, or holds something else by now.
        """
        ref = self.targets[path]
        source = Source(path, data) if data is not None else self._linted(ref)
        return self._project.parse(source, named=ref.declared_pattern)

    def _linted(self, ref: FileRef) -> Source:
        """Return the text that the findings of a file are about: places of one text are not applied to another."""
        known = self._read.get(ref.path)
        if known is not None:
            return known
        try:
            source = read_source(ref.path, ref.absolute, self._project.config.limits)
        except OSError as error:
            raise KeyError(ref.path) from error
        if self._run.blob_id(ref) != blob_id(source.data):
            self.outdated.add(ref.path)
            raise KeyError(ref.path)
        self._read[ref.path] = source
        return source

    def relint(self, changed: Mapping[str, bytes]) -> LintPass:
        """Lint files with new bytes, and the library with them in it."""
        self._changed.update(changed)
        self._session.put_all(changed)
        return self.lint_pass(self.findings())

    def lint_pass(self, findings: Sequence[Diagnostic]) -> LintPass:
        """Return the lint pass of the current files, in which `findings` were found."""
        entries, store = self._session.entries, self._session.store
        elsewhere = partial(self._elsewhere, entries, store)
        return LintPass(self.files(), findings, entries, elsewhere, self._linked_paths(store), self._expander(store))

    def _expander(self, store: EntryStore) -> Callable[[Diagnostic], Diagnostic | None]:
        changed = dict(self._changed)
        run = self._run

        def read(path: str) -> Source | None:
            if path in changed:
                return Source(path, changed[path])
            if path not in self.targets:
                return run.source(path)
            try:
                return self._linted(self.targets[path])
            except KeyError:
                return None

        @cache
        def space() -> RenameWorkspace:
            return workspace_of(run, run.linted.library_of(store, self.targets), read)

        def expand(finding: Diagnostic) -> Diagnostic | None:
            if finding.fix is None or not finding.fix.new_slug:
                return finding
            key = (finding.path, finding.rule, finding.route, finding.subject)
            try:
                whole = with_references(finding, space())
            except RenameError as error:
                self._unexpanded[key] = str(error)
                return None
            self._unexpanded.pop(key, None)
            return whole

        return expand

    def unexpanded(self, findings: Iterable[Diagnostic]) -> Iterator[FixRefusal]:
        """Yield the fixes of `findings` whose edits in other files cannot be made."""
        for finding in findings:
            reason = self._unexpanded.get((finding.path, finding.rule, finding.route, finding.subject))
            if reason is not None:
                yield FixRefusal(finding, reason)

    def _elsewhere(
        self, entries: Mapping[str, Entry | None], store: EntryStore, earlier: Mapping[str, Entry | None]
    ) -> tuple[Sequence[Diagnostic], Sequence[Diagnostic]]:
        """Return the findings of library rules about other files than the targets; see `LintPass.elsewhere`."""
        selection = self._project.selection
        if not selection.library_rules:
            return (), ()
        linted = self._run.linted
        store_before = linted.state.store.with_changes(earlier)
        before, after = linted.library_of(store_before, ()), linted.library_of(store, ())
        if selection.has_own_library_rules:
            paths = frozenset(ref.path for ref in self._run.files.all)
        else:
            paths = concerned(before, after, ((before.entry(path), after.entry(path)) for path in entries))
        others = sorted(paths - self.targets.keys())
        return self._library_findings(store_before, others), self._library_findings(store, others)

    def _library_findings(self, store: EntryStore, paths: Sequence[str]) -> Sequence[Diagnostic]:
        run = self._run
        found = run.linter.lint_library(run.linted.library_of(store, paths), self._session.ignored_rules)
        reported: list[Diagnostic] = []
        for path, some in groupby(found, key=lambda finding: finding.path):
            about = tuple(some)
            finished, _ = run.linter.finalize(path, replace(run.local_diagnostics(run.ref(path)), findings=()), about)
            reported += [finding for finding in finished if finding in about]
        return reported

    def _linked_paths(self, store: EntryStore) -> Callable[[str], frozenset[str]]:
        library = self._run.linted.library_of(store, ())

        def linked(path: str) -> frozenset[str]:
            entry = library.entry(path)
            found = map(library.resolve, outgoing_targets(entry)) if entry is not None else ()
            return frozenset(one.path for one in found if one is not None)

        return linked

    def findings(self) -> list[Diagnostic]:
        """Return all findings about the files that were asked for."""
        return [finding for some in self._session.diagnostics(self.targets).values() for finding in some]
