"""Compares two states of a library: only what a change brought, wherever it shows.

The earlier state is read from git's objects, through the cache and without a checkout. Files are compared under the
name that they had before, so that a rename by itself brings nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec.structs import replace

from patternlint.cache.store import ResultCache
from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.gate.finding_key import FindingKey, NewDiagnosticsFilter, count_keys, rename_keys
from patternlint.gate.renames import RenameMap
from patternlint.library.entry import Entry
from patternlint.linter.suppressions import SuppressionKey, suppression_keys
from patternlint.project.config import CONFIG_NAME, PYPROJECT, pyproject_table
from patternlint.project.discovery import discover, excluded_among, files_in_tree
from patternlint.project.files import FileRef, configs_among
from patternlint.project.git import (
    Commit,
    FileChange,
    GitError,
    TreeFile,
    diff,
    files_of_commit,
    files_of_index,
    modified_files,
)
from patternlint.project.project import Project
from patternlint.run.request import RunRequest
from patternlint.run.run import Run, lint_files


class BaseRevision:
    """An earlier state of the library."""

    def __init__(self, before: Run, now: Run, moves: RenameMap) -> None:
        """Take the runs of the earlier and of the present state, and what became of the files."""
        self._before = before
        self._now = now
        self._moves = moves

    @cached_property
    def _refs(self) -> Mapping[str, FileRef]:
        return {ref.absolute: ref for ref in self._before.refs.values()}

    def _old(self, path: str) -> FileRef | None:
        return self._refs.get(self._moves.old(self._now.refs[path].absolute)) if path else None

    def suppressions(self, path: str) -> Counter[SuppressionKey]:
        """Return the suppressions that a file of the present state had, under the name that it had."""
        old = self._old(path)
        return suppression_keys(self._before.local_diagnostics(old).suppressions) if old is not None else Counter()

    def known(self, path: str, present: Counter[FindingKey]) -> Counter[FindingKey]:
        """Return what was found about a file of the present state, under the name that it had."""
        old = self._old(path)
        return (
            rename_keys(count_keys(self._before.findings_about(old).findings), self._anew, present)
            if old
            else Counter()
        )

    @cached_property
    def _gone(self) -> Mapping[str, Entry]:
        """The patterns of the earlier state whose slug or id no pattern has now, by both."""
        now = self._now.library
        gone: dict[str, Entry] = {}
        for entry in self._before.library:
            for name in (entry.slug, entry.id):
                if name and not now.contains(name):
                    gone.setdefault(name, entry)
        return gone

    @cached_property
    def _anew(self) -> Mapping[str, str]:
        """The slugs and ids that patterns had, with those that they have now, where the other of the two has stayed."""
        now = self._now.library
        names: dict[str, str] = {}
        for name, entry in self._gone.items():
            if name == entry.slug:
                same = [other.slug for other in now.by_id.get(entry.id, ())]
            else:
                same = [other.id for other in now.by_slug.get(entry.slug, ())]
            if len(same) == 1 and same[0]:
                names[name] = same[0]
        return names

    @cached_property
    def former(self) -> Mapping[str, str]:
        """The paths of the files that were checked as patterns and are not any longer, each with its earlier spec."""
        now = self._now.library
        unchecked = {spec.version for spec in now.specs.all if not spec.groups}
        found = [*now.left_alone, *(entry for entry in now.targets if entry.spec in unchecked)]
        if not found:
            return {}
        patterns = {
            self._before.refs[entry.path].absolute: entry.spec
            for entry in self._before.library
            if entry.spec not in unchecked
        }
        old = {entry.path: self._moves.old(self._now.refs[entry.path].absolute) for entry in found}
        return {path: patterns[real] for path, real in old.items() if real in patterns}

    def cause(self, finding: Diagnostic) -> str:
        """Return why a pattern that a finding is about is no longer there, in words, or nothing."""
        entry = self._gone.get(finding.subject) if finding.subject else None
        if entry is None:
            return ""
        new = self._moves.new(self._before.refs[entry.path].absolute)
        if not new:
            return f"this change deletes {entry.path}, which was `{finding.subject}`"
        shown = self._paths_now.get(new, new)
        if shown in self.former:
            return f"after this change {shown}, which was `{finding.subject}`, is no longer a pattern: repair that file"
        if shown == entry.path:
            return f"this change gives {entry.path}, which was `{finding.subject}`, another name"
        return f"this change renames {entry.path}, which was `{finding.subject}`, to {shown}"

    @cached_property
    def _paths_now(self) -> Mapping[str, str]:
        return {ref.absolute: ref.path for ref in self._now.refs.values()}


def _explainer(bases: Sequence[BaseRevision]) -> Callable[[Diagnostic], Diagnostic]:
    """Return what names the deleted or renamed file in a finding that is about a pattern that was there before."""

    def explain(finding: Diagnostic) -> Diagnostic:
        cause = next(filter(None, (base.cause(finding) for base in bases)), "")
        return replace(finding, help="; ".join(filter(None, (cause, finding.help)))) if cause else finding

    return explain


def lint_commit(
    request: RunRequest,
    project: Project,
    cache: ResultCache | None,
    commit: str,
    progress: Callable[[int], Callable[[int], None]],
) -> Run:
    """Return the run of a library as it is at a commit.

    Raises:
        GitError: when git cannot tell.
    """
    return _look_at(request, project, cache, files_of_commit(_top(request), commit), progress)


def lint_changed(
    request: RunRequest,
    project: Project,
    cache: ResultCache | None,
    commits: Sequence[str],
    progress: Callable[[int], Callable[[int], None]],
) -> Run:
    """Return the run of the files in the work tree that are in none of some commits as they are now.

    Raises:
        GitError: when git cannot tell.
    """
    top = _top(request)
    same = frozenset[str]().union(*(_unchanged(top, commit) for commit in commits))
    places, refs = discover(request.scope, project.is_excluded, project.is_declared_pattern)
    changed = [replace(ref, is_target=ref.is_target and ref.absolute not in same) for ref in refs]
    return lint_files(replace(request, scope=places), project, changed, cache, progress)


def _unchanged(top: Path, commit: str) -> frozenset[str]:
    """Return the absolute paths of the files that are in the work tree as they are in a commit."""
    changed = modified_files(top, commit)
    return frozenset(
        os.path.join(top, *file.path.split("/")) for file in files_of_commit(top, commit) if file.path not in changed
    )


def _refs_at(request: RunRequest, project: Project, commit: str) -> list[FileRef]:
    top = _top(request)
    return files_in_tree(
        files_of_commit(top, commit), top, request.scope, project.is_excluded, project.is_declared_pattern
    )


def lint_index(
    request: RunRequest, project: Project, cache: ResultCache | None, progress: Callable[[int], Callable[[int], None]]
) -> Run:
    """Return the run of a library as the next commit would have it.

    Raises:
        GitError: when git cannot tell.
    """
    return _look_at(request, project, cache, files_of_index(_top(request)), progress)


def _look_at(
    request: RunRequest,
    project: Project,
    cache: ResultCache | None,
    files: Iterable[TreeFile],
    progress: Callable[[int], Callable[[int], None]],
) -> Run:
    """Return the run of a library whose files git has. Configs are those on disk that git has too."""
    top, files = _top(request), tuple(files)
    places = request.scope.with_nested(configs_among(files, top, project.is_excluded), project.is_excluded)
    places = places.with_excluded(excluded_among(files, top, places, project.is_excluded))
    refs = files_in_tree(files, top, places, project.is_excluded, project.is_declared_pattern)
    return lint_files(replace(request, scope=places), project, refs, cache, progress)


def _top(request: RunRequest) -> Path:
    if request.repository is None:
        message = "there is no git repository here"
        raise GitError(message)
    return request.repository


def gate(
    now: Run,
    cache: ResultCache | None,
    commits: Sequence[str],
    after: str,
    progress: Callable[[int], Callable[[int], None]],
) -> tuple[Run, NewDiagnosticsFilter]:
    """Return the run that knows which files are no longer patterns, and what stops findings that are not new.

    Args:
        now: the run of the present state.
        cache: the cache.
        commits: the commits of the earlier states.
        after: the present state as `git diff` names it: a commit, `--cached` for the index, or empty for the work tree.
        progress: as for `check`.

    Raises:
        GitError: when git cannot tell.
    """
    top = _top(now.request)
    bases: list[BaseRevision] = []
    for commit in commits:
        everywhere = [replace(ref, is_target=ref.internal) for ref in _refs_at(now.request, now.project, commit)]
        if not after:
            everywhere = _as_checked_out(everywhere, now, _unchanged(top, commit))
        before = lint_files(now.request, now.project, everywhere, cache, progress, store_listings=False)
        changed = diff(top, commit, after) if after else _staged_changes(top, commit)
        bases.append(BaseRevision(before, now, RenameMap(top, before, now, changed)))
    former = {path: version for base in bases for path, version in base.former.items()}
    return now.compared(former), NewDiagnosticsFilter((), _explainer(bases), bases)


def changed_settings(request: RunRequest, commits: Sequence[str], after: str, baseline: Path | None) -> str:
    """Return a sentence about the configs, rules, specs and the baseline that a change edits, or nothing.

    Args:
        request: what was asked for.
        commits: the commits of the earlier states.
        after: as for `gate`.
        baseline: the file of known findings.

    Raises:
        GitError: when git cannot tell.
    """
    top, loaded = _top(request), request.loaded
    folder = loaded.folder or top
    code = [Path(os.path.normpath(folder / name)) for name in (*loaded.config.rules, *loaded.config.specs)]

    def decides(path: Path) -> bool:
        return path == baseline or path.name == CONFIG_NAME or any(map(path.is_relative_to, code))

    names = {
        name
        for name in (_changed_names(top, commits[0], after) if commits else ())
        if name and (decides(top / name) or (name.endswith(PYPROJECT) and _table_changes(top, commits[0], name)))
    }
    if not names:
        return ""
    shown = ", ".join(f"`{name}`" for name in sorted(names)[:_SHOWN])
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    if loaded.commit is None:
        advice = "and is checked with it; `--config-from auto` checks with the version of the base"
    else:
        advice = f"and is checked with the version of {loaded.commit.name}: the edit counts once it is merged"
    return f"this change edits the configuration ({shown}{more}), {advice}"


def _changed_names(top: Path, commit: str, after: str) -> frozenset[str]:
    if not after:
        return modified_files(top, commit)
    return frozenset(name for change in diff(top, commit, after) for name in (change.old, change.new))


_SHOWN = 5


def _table_changes(top: Path, commit: str, name: str) -> bool:
    """Return whether a `pyproject.toml` has another table `tool.patternlint` than in a commit."""
    before = Commit(top, commit, commit).read(top / name)
    now = (top / name).read_bytes() if (top / name).is_file() else None
    return bool(pyproject_table(before or b"") != pyproject_table(now or b""))


def _as_checked_out(refs: Sequence[FileRef], now: Run, unchanged: frozenset[str]) -> list[FileRef]:
    """Return the files of a commit, those that are unchanged in the work tree as they are there.

    Git converts line ends and encodings when it checks a file out; what comes from that is not new.
    """
    present = {ref.absolute: ref for ref in now.refs.values()}
    return [
        replace(present[ref.absolute], is_target=ref.is_target)
        if ref.absolute in unchanged and ref.absolute in present
        else ref
        for ref in refs
    ]


def _staged_changes(top: Path, commit: str) -> tuple[FileChange, ...]:
    """Return what the index has otherwise than a commit, where the work tree has it too."""
    found = diff(top, "--cached", commit)
    return tuple(change for change in found if not change.new or os.path.lexists(os.path.join(top, change.new)))
