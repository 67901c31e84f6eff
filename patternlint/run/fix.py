"""Fixes a whole run: make fixes, look again at what changed and at the library, until nothing changes; then write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from patternlint.diagnostic import Diagnostic, Safety
from patternlint.engine import Own
from patternlint.fixes import Relint, Round, Settled, settle
from patternlint.library import Entry, Library
from patternlint.parse import Parsed
from patternlint.rule import NotFixedError
from patternlint.run.check import Run
from patternlint.run.discover import FileRef
from patternlint.run.learn import read_source
from patternlint.text import Source
from patternlint.write import Rewrite, sweep, write_all

SAFE_ONLY = frozenset((Safety.SAFE,))
ALL_FIXES = frozenset(Safety)


class Fixed(Struct, frozen=True):
    """What fixing came to.

    Attributes:
        before: the old bytes of every file that changes, by path.
        after: the new bytes.
        made: the findings that were fixed.
        troubles: findings about files in which some fixes could not be made, or not be written.
        together: files that must be written all or none.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    made: tuple[Diagnostic, ...]
    troubles: tuple[Diagnostic, ...]
    together: tuple[frozenset[str], ...]


def fix(run: Run, safeties: frozenset[Safety]) -> Fixed:
    """Return what the files of a run become when their fixes are made. Nothing is written.

    Args:
        run: the run; only files that were asked for change.
        safeties: which fixes are wanted.
    """
    bench = Bench(run)
    start = Round(bench.files(), bench.findings())
    data, phases = _settle_in_phases(start, bench.relint, safeties)
    changed = {path: one for path, one in data.items() if one != start.parsed[path].source.data}
    refused = {refusal.path: refusal.reason for phase in phases for refusal in phase.refused}
    return Fixed(
        {path: start.parsed[path].source.data for path in changed},
        changed,
        tuple(finding for phase in phases for finding in phase.made),
        tuple(finding for path in sorted(refused) for finding in _trouble(run, path, refused[path])),
        tuple(group for phase in phases for group in phase.together),
    )


def _settle_in_phases(
    start: Round, relint: Relint, safeties: frozenset[Safety]
) -> tuple[Mapping[str, bytes], Sequence[Settled]]:
    """Make the safe fixes, then the unsafe ones of one rule after the other, then the safe ones that these call for.

    So a fix that the guard refuses in a file takes only those of its own rule in that file with it.
    """
    now = start
    data: dict[str, bytes] = {}
    phases: list[Settled] = []
    unsafe = sorted({one.rule for one in start.findings if _safety(one) is Safety.UNSAFE})
    rules = ["", *unsafe, ""] if Safety.UNSAFE in safeties else [""]
    for rule in rules:
        settled = settle(now, relint, _of_phase(rule))
        phases.append(settled)
        data.update(settled.data)
        now = settled.last
    return data, phases


def _safety(finding: Diagnostic) -> Safety | None:
    return finding.fix.safety if finding.fix is not None else None


def _of_phase(rule: str) -> Callable[[Diagnostic], bool]:
    """Return whether a fix is one of a phase: a safe one when `rule` is empty, else an unsafe one of that rule."""
    wanted = Safety.UNSAFE if rule else Safety.SAFE
    return lambda finding: _safety(finding) is wanted and rule in ("", finding.rule)


def look_at_text(run: Run, data: bytes, safeties: frozenset[Safety]) -> tuple[Run, bytes, int]:
    """Look at the one file of a run as if it held `data`, and fix that.

    Returns:
        The run with the findings that remain, the fixed bytes, and how many findings were fixed.
    """
    bench = Bench(run)
    (path,) = bench.wanted
    start = bench.relint({path: data})
    fixed, phases = _settle_in_phases(start, bench.relint, safeties) if safeties else ({}, ())
    after = fixed.get(path, data)
    last = phases[-1].last if phases else start
    made = sum(len(phase.made) for phase in phases)
    return run.with_findings({path: last.findings}, {path: Source(path, after)}, {path: bench.spec(path)}), after, made


def rewrites(run: Run, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, Rewrite]:
    """Return what is to be written, by path: the files of a run that hold `before`, and shall hold `after`."""
    files: dict[str, Rewrite] = {}
    for path, data in after.items():
        real = Path(run.refs[path].real)
        files[path] = Rewrite(real, before[path], data, run.request.places.root_of(real))
    return files


def write(run: Run, fixed: Fixed) -> Fixed:
    """Write what `fix` returned, and return what really was written."""
    files = rewrites(run, fixed.before, fixed.after)
    failures = write_all(files, fixed.together)
    sweep({file.path.parent for file in files.values()})
    if not failures:
        return fixed
    troubles = [finding for path, error in failures.items() for finding in _trouble(run, path, error.reason)]
    return Fixed(
        {path: data for path, data in fixed.before.items() if path not in failures},
        {path: data for path, data in fixed.after.items() if path not in failures},
        tuple(finding for finding in fixed.made if not failures.keys() & _touched(finding)),
        (*fixed.troubles, *troubles),
        fixed.together,
    )


def _touched(finding: Diagnostic) -> frozenset[str]:
    edits = finding.fix.edits if finding.fix is not None else ()
    return frozenset(edit.path or finding.path for edit in edits)


def _trouble(run: Run, path: str, reason: str) -> Sequence[Diagnostic]:
    return run.engine.crash(path, NotFixedError(reason)).own.findings


class _Files(Mapping[str, Parsed]):
    """The files that may change, by path, parsed when asked for."""

    def __init__(self, bench: Bench, changed: Mapping[str, bytes]) -> None:
        self._bench = bench
        self._changed = changed
        self._parsed: dict[str, Parsed] = {}

    def __getitem__(self, path: str) -> Parsed:
        found = self._parsed.get(path)
        if found is None:
            found = self._parsed[path] = self._bench.parse(path, self._changed.get(path))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._bench.wanted)

    def __len__(self) -> int:
        return len(self._bench.wanted)


class Bench:
    """The files of a run while they are being fixed: what they hold, what they teach, what is found."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._project = run.project
        self._changed: dict[str, bytes] = {}
        self._entries: dict[str, Entry | None] = {}
        self._own: dict[str, Own] = {}
        self.wanted: Mapping[str, FileRef] = {ref.path: ref for ref in run.refs.values() if ref.wanted}

    def files(self) -> Mapping[str, Parsed]:
        """Return the files as they are now."""
        return _Files(self, dict(self._changed))

    def parse(self, path: str, data: bytes | None) -> Parsed:
        """Return a file, parsed: with the given bytes, or as it is on disk.

        Raises:
            KeyError: when it was not asked for, or can no longer be read.
        """
        ref = self.wanted[path]
        project = self._project
        if data is None:
            try:
                source = read_source(path, ref.real, project.config.limits)
            except OSError as error:
                raise KeyError(path) from error
        else:
            source = Source(path, data)
        return project.parse(source, named=ref.named)

    def relint(self, changed: Mapping[str, bytes]) -> Round:
        """Look again at files with new bytes, and at the library with them in it."""
        self._changed.update(changed)
        files = self.files()
        for path in changed:
            result = self._run.engine.lint(files[path], self._project.ignored(self.wanted[path].real))
            self._entries[path], self._own[path] = result.entry, result.own
        return Round(files, self.findings())

    def spec(self, path: str) -> str:
        """Return the version of the spec that a file follows that was looked at again; empty for none that is known."""
        entry = self._entries[path]
        return entry.spec if entry is not None else ""

    def findings(self) -> list[Diagnostic]:
        """Return all findings about the files that were asked for."""
        run, project = self._run, self._project
        across: dict[str, list[Diagnostic]] = {}
        if project.checks.library:
            known = {entry.path: entry for entry in run.library} | self._entries
            wanted = self.wanted
            library = Library(
                (entry for entry in known.values() if entry is not None), project.specs, wanted.__contains__
            )
            found = run.engine.lint_library(library, lambda path: project.ignored(wanted[path].real))
            for finding in found:
                across.setdefault(finding.path, []).append(finding)
        findings: list[Diagnostic] = []
        for path, ref in self.wanted.items():
            own = self._own.get(path)
            if own is None:
                own = run.own(ref)
            finished, _ = run.engine.finish(path, own, across.get(path, ()))
            findings += finished
        return findings
