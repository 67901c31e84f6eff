"""Apply fixes until nothing changes, without those that verification rejects.

All selected fixes are applied first, which is right for nearly every file. If the result is rejected, the file is
restored and its fixes are bisected until the wrong ones are found. A fix that adds a diagnostic to a file that it does
not change is refused without a search.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import ALL_RULES, Diagnostic
from patternlint.diagnostics.fix import Safety
from patternlint.diagnostics.route import Route
from patternlint.fixer.apply import apply_fixes
from patternlint.fixer.verify import new_finding, rejection_reason
from patternlint.library.entry import Entry
from patternlint.parser.parser import ParsedFile
from patternlint.rule.internal import FixRefusal


class LintPass(Struct, frozen=True):
    """The files and their diagnostics at one time.

    Attributes:
        parsed: the files, by path; only those with fixes are read, so it may parse on demand.
        findings: all diagnostics about these files, including those without a fix.
        entries: the entries of the files that were linted again, by path.
        elsewhere: returns the diagnostics about other files, as far as they may differ from those of an earlier pass with
            the given entries: those of the earlier pass, and those of this one.
        linked: returns the paths of the files that a file links to.
        expand: returns a diagnostic with the edits that its fix needs in other files, or None if they cannot be made.
    """

    parsed: Mapping[str, ParsedFile]
    findings: Sequence[Diagnostic]
    entries: Mapping[str, Entry | None] = MappingProxyType({})
    elsewhere: Callable[[Mapping[str, Entry | None]], tuple[Sequence[Diagnostic], Sequence[Diagnostic]]] = lambda _: (
        (),
        (),
    )
    linked: Callable[[str], Collection[str]] = frozenset
    expand: Callable[[Diagnostic], Diagnostic | None] = lambda finding: finding

    def fixable(self, is_selected: Callable[[Diagnostic], bool]) -> Iterator[Diagnostic]:
        """Yield the diagnostics whose fixes are selected, with all edits."""
        for finding in self.findings:
            expanded = self.expand(finding) if finding.fix is not None and is_selected(finding) else None
            if expanded is not None:
                yield expanded


Relint = Callable[[Mapping[str, bytes]], LintPass]
"""Takes the new bytes of files, and returns the next pass."""

IsSelected = Callable[[Diagnostic], bool]


class FixResult(Struct, frozen=True):
    """The state in which no selected fix changes anything.

    Attributes:
        data: the new bytes of every changed file, by path.
        applied: the diagnostics whose fixes were applied, in this order.
        atomic_groups: files that must be written together, because one fix changes all of them.
        refused: the fixes that were not applied.
        last: the last pass, with the diagnostics that remain once `data` is written.
    """

    data: Mapping[str, bytes]
    applied: tuple[Diagnostic, ...]
    atomic_groups: tuple[frozenset[str], ...]
    refused: tuple[FixRefusal, ...]
    last: LintPass


MAX_PASSES = 10
_MAX_TRIALS = 60  # then undecided fixes are refused: a trial can take a second on a large library
_UNSTABLE = f"after {MAX_PASSES} passes the fixes still change the file"

_Key = tuple[str, str, Route, str]
"""Identifies a fix while the text around it changes: path, rule, route and subject of its diagnostic."""


class _Problem(Struct, frozen=True):
    """A file that an attempt damaged, and how."""

    path: str
    reason: str
    changed: bool  # whether a fix changed it


class _Attempt(Struct, frozen=True):
    """Fixes applied until nothing changes, or until `MAX_PASSES`."""

    last: LintPass
    applied: tuple[Diagnostic, ...]
    changed: frozenset[str]  # the files that any pass changed
    unstable: frozenset[str]  # the files that another pass would still change


def fix_until_stable(start: LintPass, relint: Relint, is_selected: IsSelected) -> FixResult:
    """Apply the selected fixes until nothing changes, without those that damage a file.

    Args:
        start: the current files and their diagnostics.
        relint: lints files with new bytes.
        is_selected: returns whether to apply the fix of a diagnostic.
    """
    search = _Search(start, relint, is_selected)
    attempt = _repeat(start, relint, is_selected)
    made = attempt.applied
    problems = _problems(start, attempt, made)
    while problems:
        attempt, made = search.narrow(attempt, made, problems)
        problems = _problems(start, attempt, made)
    now = attempt.last
    changed = frozenset(chain.from_iterable(map(_files_of, made)))
    after = {path: now.parsed[path].source.data for path in sorted(changed)}
    data = {path: new for path, new in after.items() if new != start.parsed[path].source.data}
    return FixResult(data, made, _atomic_groups(made), search.refusals(now), now)


def _repeat(start: LintPass, relint: Relint, is_selected: IsSelected) -> _Attempt:
    now = start
    changed: set[str] = set()
    made: list[Diagnostic] = []
    for _ in range(MAX_PASSES):
        fixes = apply_fixes(now.parsed, now.fixable(is_selected))
        if not fixes.texts:
            return _Attempt(now, tuple(made), frozenset(changed), frozenset())
        made += fixes.applied
        changed |= fixes.texts.keys()
        now = relint({path: text.encode() for path, text in fixes.texts.items()})
    rest = apply_fixes(now.parsed, now.fixable(is_selected))
    return _Attempt(now, tuple(made), frozenset(changed), frozenset(rest.texts))


def _problems(start: LintPass, attempt: _Attempt, made: Iterable[Diagnostic]) -> tuple[_Problem, ...]:
    """Return the files that an attempt damaged; the fixes of `made` were applied since `start`."""
    if not attempt.changed:
        return ()
    declared = _declared_routes(made)
    revealed, revealed_anywhere = _revealed_rules(made)
    is_readable_now = any(ALL_RULES in one.fix.may_reveal for one in made if one.fix is not None)
    now = attempt.last
    before, after = _counts(start.findings), _counts(now.findings)
    if any(declared.values()):
        for by_path, elsewhere in zip((before, after), now.elsewhere(start.entries), strict=True):
            by_path.update(_counts(elsewhere))
    found: list[_Problem] = []
    for path in sorted(attempt.changed | after.keys()):
        changed = path in attempt.changed
        expected = revealed[path] | revealed_anywhere
        unforeseen = {} if is_readable_now else after[path]
        counts = before[path], {rule: count for rule, count in unforeseen.items() if rule not in expected}
        if path in attempt.unstable:
            reason: str | None = _UNSTABLE
        elif changed:
            reason = rejection_reason(start.parsed[path], now.parsed[path], declared[path], counts)
        else:
            reason = new_finding(*counts)
        if reason is not None:
            found.append(_Problem(path, reason, changed))
    return tuple(found)


def _declared_routes(made: Iterable[Diagnostic]) -> defaultdict[str, set[Route]]:
    """Return the routes that the applied fixes declare to change, by path."""
    declared: defaultdict[str, set[Route]] = defaultdict(set)
    for finding in made:
        for change in finding.fix.declared_changes if finding.fix is not None else ():
            declared[change.path or finding.path].add(change.route)
    return declared


def _revealed_rules(made: Iterable[Diagnostic]) -> tuple[defaultdict[str, set[str]], set[str]]:
    """Return the rules that may report something new after the fixes: in the changed files by path, and in any file."""
    here: defaultdict[str, set[str]] = defaultdict(set)
    anywhere: set[str] = set()
    for finding in made:
        fix = finding.fix
        if fix is None or not fix.may_reveal:
            continue
        for path in _files_of(finding):
            here[path].update(fix.may_reveal)
        if fix.safety is Safety.UNSAFE:
            anywhere.update(fix.may_reveal)
    return here, anywhere


def _counts(findings: Iterable[Diagnostic]) -> defaultdict[str, Counter[str]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for finding in findings:
        counts[finding.path][finding.rule] += 1
    return counts


class _Group:
    """Files whose fixes are bisected together, because a fix changes several of them."""

    def __init__(self, files: frozenset[str], keys: Sequence[_Key], reason: str) -> None:
        self.files = files
        self.reason = reason
        self.accepted: frozenset[_Key] = frozenset()  # fixes that proved right
        self.refused: dict[_Key, str] = {}  # fixes that proved wrong, each with the reason
        self.waiting: list[Sequence[_Key]] = []  # fixes to try, in chunks; the last one is next
        self._tried_again = False
        self._split(keys, reason)

    def judge(self, chunk: Sequence[_Key], reason: str | None) -> None:
        """Record the result of a trial that applied `accepted` and `chunk`: why it was rejected, or None."""
        if reason is None:
            self.accepted |= frozenset(chunk)
            for key in chunk:
                self.refused.pop(key, None)
        else:
            self._split(chunk, reason)
        if not self.waiting and self.refused and self.accepted and not self._tried_again:
            self._tried_again = True  # a fix may depend on another one
            self.waiting = [[key] for key in self.refused]

    def _split(self, keys: Sequence[_Key], reason: str) -> None:
        if len(keys) < 2:  # noqa: PLR2004 - nothing to halve
            self.refused.update(dict.fromkeys(keys, reason))
            return
        middle = len(keys) // 2
        self.waiting += [keys[middle:], keys[:middle]]

    def give_up(self) -> None:
        """Refuse the undecided fixes."""
        for key in chain.from_iterable(self.waiting):
            self.refused.setdefault(key, self.reason)
        self.waiting.clear()


class _Search:
    """The search for the fixes that cause problems, in one call of `fix_until_stable`."""

    def __init__(self, start: LintPass, relint: Relint, is_selected: IsSelected) -> None:
        self._start = start
        self._relint = relint
        self._is_selected = is_selected
        self._refused: dict[_Key, str] = {}
        self._trials = 0

    def refusals(self, now: LintPass) -> tuple[FixRefusal, ...]:
        """Return the refused fixes that `now` still contains."""
        return tuple(
            FixRefusal(finding, self._refused[_key(finding)])
            for finding in now.findings
            if finding.fix is not None and _key(finding) in self._refused and self._is_selected(finding)
        )

    def narrow(
        self, attempt: _Attempt, made: Sequence[Diagnostic], problems: Sequence[_Problem]
    ) -> tuple[_Attempt, tuple[Diagnostic, ...]]:
        """Return an attempt without one or more of the fixes that caused `problems`, and all fixes applied in the end."""
        known = len(self._refused)
        for problem in problems:
            if not problem.changed:
                for key in self._suspects(attempt.last, made, problem):
                    self._refused.setdefault(key, f"{problem.reason} in {problem.path}")
        groups = self._groups(made, [problem for problem in problems if problem.changed])
        again = frozenset(path for one in made if _key(one) in self._refused for path in _files_of(one)).union(
            *(group.files for group in groups)
        )
        files = _with_linked_files(again, _atomic_groups(made))
        kept = tuple(one for one in made if files.isdisjoint(_files_of(one)))
        base = self._relint({path: self._start.parsed[path].source.data for path in sorted(files & attempt.changed)})
        base = self._search(base, groups)
        for group in groups:
            self._refused.update(group.refused)
        if len(self._refused) == known:  # each fix is right alone, but not all of them together
            culprits = [one for one in made if not files.isdisjoint(_files_of(one))] or made
            self._refused.update((_key(one), problems[0].reason) for one in culprits)
        following = _repeat(base, self._relint, self._is_allowed)
        changed = attempt.changed - files | following.changed
        return replace(following, changed=changed), (*kept, *following.applied)

    def _is_allowed(self, finding: Diagnostic) -> bool:
        return self._is_selected(finding) and _key(finding) not in self._refused

    def _is_among(self, keys: Container[_Key]) -> IsSelected:
        return lambda finding: self._is_selected(finding) and _key(finding) in keys

    def _suspects(self, now: LintPass, made: Iterable[Diagnostic], problem: _Problem) -> Iterator[_Key]:
        """Yield the fixes that may have added a finding to a file that none of them changed.

        They change the data of files that it links to, or of any file if none does.
        """
        path = problem.path
        near = {*self._start.linked(path), *now.linked(path)}
        data = [one for one in made if one.fix is not None and one.fix.declared_changes]
        linked = [one for one in data if not near.isdisjoint(_files_of(one))]
        yield from dict.fromkeys(map(_key, linked or data))

    def _groups(self, made: Sequence[Diagnostic], problems: Iterable[_Problem]) -> list[_Group]:
        ties = _atomic_groups(made)
        reasons: dict[frozenset[str], str] = {}
        for problem in problems:
            reasons.setdefault(_with_linked_files(frozenset((problem.path,)), ties), problem.reason)
        keys: dict[frozenset[str], dict[_Key, None]] = {files: {} for files in reasons}
        home = {path: files for files in reasons for path in files}
        for finding in sorted(made, key=lambda one: (one.rule, one.path)):  # so that a half consists of a few rules
            for path in _files_of(finding):
                if path in home and _key(finding) not in self._refused:
                    keys[home[path]][_key(finding)] = None
        return [_Group(files, list(keys[files]), reason) for files, reason in reasons.items()]

    def _search(self, base: LintPass, groups: Sequence[_Group]) -> LintPass:
        """Try the fixes of all groups in parallel until the wrong ones are found; return the restored `base`."""
        waiting = [group for group in groups if group.waiting]
        while waiting:
            self._trials += 1
            if self._trials > _MAX_TRIALS:
                for group in waiting:
                    group.give_up()
                break
            chunks = [group.waiting.pop() for group in waiting]
            allowed = frozenset(chain(*chunks, *(group.accepted for group in groups)))
            attempt = _repeat(base, self._relint, self._is_among(allowed))
            reasons = {problem.path: problem.reason for problem in _problems(base, attempt, attempt.applied)}
            elsewhere = next(
                (why for path, why in reasons.items() if not any(path in one.files for one in groups)), None
            )
            for group, chunk in zip(waiting, chunks, strict=True):
                mine = next((reasons[path] for path in sorted(group.files) if path in reasons), elsewhere)
                group.judge(chunk, mine)
            if attempt.changed:
                base = self._relint({path: base.parsed[path].source.data for path in sorted(attempt.changed)})
            waiting = [group for group in groups if group.waiting]
        return base


def _key(finding: Diagnostic) -> _Key:
    return finding.path, finding.rule, finding.route, finding.subject


def _files_of(finding: Diagnostic) -> frozenset[str]:
    fix = finding.fix
    return frozenset(edit.path or finding.path for edit in fix.edits) if fix is not None else frozenset()


def _atomic_groups(applied: Iterable[Diagnostic]) -> tuple[frozenset[str], ...]:
    """Return the sets of files that must change together, because a fix changes several of them."""
    groups: list[frozenset[str]] = []
    for finding in applied:
        touched = _files_of(finding)
        if len(touched) > 1:
            apart = [group for group in groups if group.isdisjoint(touched)]
            groups = [*apart, touched.union(*(group for group in groups if not group.isdisjoint(touched)))]
    return tuple(sorted(groups, key=sorted))


def _with_linked_files(paths: frozenset[str], groups: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return `paths` and all files that must change together with one of them."""
    return paths.union(*(group for group in groups if not group.isdisjoint(paths)))
