"""Compare a run with earlier revisions of the library, to report only what a change introduces, in whichever file.

Revisions are read from git objects, through the cache and without a checkout. Files are compared under the name that they had
in the revision, so a rename alone introduces no findings.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
    diff,
    files_of_commit,
    files_of_index,
    modified_files,
)
from patternlint.project.project import Project
from patternlint.run.request import RunRequest
from patternlint.run.results import Progress
from patternlint.run.run import Run, lint_files


class BaseRevision:
    """An earlier revision of the library, in comparison with the current run.

    Args:
        before: the run of the revision.
        current: the current run.
        renames: the renamed files.
    """

    def __init__(self, before: Run, current: Run, renames: RenameMap) -> None:
        self._before = before
        self._current = current
        self._renames = renames

    @cached_property
    def _refs(self) -> Mapping[str, FileRef]:
        return {ref.absolute: ref for ref in self._before.refs.values()}

    def _ref_before(self, path: str) -> FileRef | None:
        return self._refs.get(self._renames.old(self._current.refs[path].absolute)) if path else None

    def suppressions(self, path: str) -> Counter[SuppressionKey]:
        """Return the suppressions of a current file in the revision, under the name that it had there."""
        ref = self._ref_before(path)
        return suppression_keys(self._before.local_diagnostics(ref).suppressions) if ref is not None else Counter()

    def known(self, path: str, present: Counter[FindingKey]) -> Counter[FindingKey]:
        """Return the findings of a current file in the revision, under the name that it had there."""
        ref = self._ref_before(path)
        if ref is None:
            return Counter()
        return rename_keys(count_keys(self._before.findings_about(ref).findings), self._new_names, present)

    @cached_property
    def _removed(self) -> Mapping[str, Entry]:
        """The patterns of the revision by each slug and id that no pattern has now."""
        removed: dict[str, Entry] = {}
        for entry in self._before.library:
            for name in (entry.slug, entry.id):
                if name and not self._current.library.contains(name):
                    removed.setdefault(name, entry)
        return removed

    @cached_property
    def _new_names(self) -> Mapping[str, str]:
        """The new slug by old slug of the patterns that kept their id, and the new id by old id of those that kept their slug."""
        library = self._current.library
        names: dict[str, str] = {}
        for name, entry in self._removed.items():
            if name == entry.slug:
                matches = [match.slug for match in library.by_id.get(entry.id, ())]
            else:
                matches = [match.id for match in library.by_slug.get(entry.slug, ())]
            if len(matches) == 1 and matches[0]:
                names[name] = matches[0]
        return names

    @cached_property
    def former(self) -> Mapping[str, str]:
        """The earlier specification by path of the files that were checked as patterns and no longer are."""
        library = self._current.library
        unchecked = {spec.version for spec in library.specs.all if not spec.groups}
        entries = [*library.left_alone, *(entry for entry in library.targets if entry.spec in unchecked)]
        if not entries:
            return {}
        patterns = {
            self._before.refs[entry.path].absolute: entry.spec
            for entry in self._before.library
            if entry.spec not in unchecked
        }
        old = {entry.path: self._renames.old(self._current.refs[entry.path].absolute) for entry in entries}
        return {path: patterns[file] for path, file in old.items() if file in patterns}

    def cause(self, finding: Diagnostic) -> str:
        """Return how the change removed the pattern that a finding is about, or an empty string."""
        entry = self._removed.get(finding.subject) if finding.subject else None
        if entry is None:
            return ""
        pattern = f"{entry.path} (`{finding.subject}`)"
        new_file = self._renames.new(self._before.refs[entry.path].absolute)
        if not new_file:
            return f"this change deletes {pattern}"
        path = self._current_paths.get(new_file, new_file)
        if path in self.former:
            return f"this change makes {path} (`{finding.subject}`) invalid as a pattern; correct that file"
        if path == entry.path:
            return f"this change renames `{finding.subject}` in {path}"
        return f"this change renames {pattern} to {path}"

    @cached_property
    def _current_paths(self) -> Mapping[str, str]:
        return {ref.absolute: ref.path for ref in self._current.refs.values()}


def _explainer(bases: Sequence[BaseRevision]) -> Callable[[Diagnostic], Diagnostic]:
    """Return a function that adds the cause to the help of a finding about a deleted or renamed pattern."""

    def explain(finding: Diagnostic) -> Diagnostic:
        cause = next(filter(None, (base.cause(finding) for base in bases)), "")
        return replace(finding, help="; ".join(filter(None, (cause, finding.help)))) if cause else finding

    return explain


def lint_revision(
    request: RunRequest, project: Project, cache: ResultCache | None, commit: str, progress: Progress
) -> Run:
    """Return the run of a library at a commit, or in the index when `commit` is empty.

    Only configurations that also exist on disk apply.

    Raises:
        GitError: when git fails.
    """
    top = _top(request)
    files = tuple(files_of_commit(top, commit) if commit else files_of_index(top))
    scope = request.scope.with_nested(configs_among(files, top, project.is_excluded), project.is_excluded)
    scope = scope.with_excluded(excluded_among(files, top, scope, project.is_excluded))
    refs = files_in_tree(files, top, scope, project.is_excluded, project.is_declared_pattern)
    return lint_files(replace(request, scope=scope), project, refs, cache, progress)


def lint_changed(
    request: RunRequest, project: Project, cache: ResultCache | None, commits: Sequence[str], progress: Progress
) -> Run:
    """Return the run of the files in the work tree that differ from their revision in every one of `commits`.

    Raises:
        GitError: when git fails.
    """
    top = _top(request)
    unchanged = frozenset[str]().union(*(_unchanged(top, commit) for commit in commits))
    scope, refs = discover(request.scope, project.is_excluded, project.is_declared_pattern)
    changed = [replace(ref, is_target=ref.is_target and ref.absolute not in unchanged) for ref in refs]
    return lint_files(replace(request, scope=scope), project, changed, cache, progress)


def _unchanged(top: Path, commit: str) -> frozenset[str]:
    """Return the absolute paths of the files whose content in the work tree is that of a commit."""
    changed = modified_files(top, commit)
    return frozenset(
        os.path.join(top, *file.path.split("/")) for file in files_of_commit(top, commit) if file.path not in changed
    )


def _top(request: RunRequest) -> Path:
    if request.repository is None:
        message = "not in a git repository"
        raise GitError(message)
    return request.repository


def compare(
    current: Run, cache: ResultCache | None, commits: Sequence[str], state: str, progress: Progress
) -> tuple[Run, NewDiagnosticsFilter]:
    """Return the current run, with the files that are no longer patterns, and a filter for new findings.

    Args:
        current: the current run.
        cache: the cache.
        commits: the commits to compare with.
        state: the state of `current` as an argument of `git diff`: a commit, `--cached`, or empty for the work tree.
        progress: as for `check`.

    Raises:
        GitError: when git fails.
    """
    top, scope, project = _top(current.request), current.request.scope, current.project
    bases: list[BaseRevision] = []
    for commit in commits:
        files = files_of_commit(top, commit)
        refs = files_in_tree(files, top, scope, project.is_excluded, project.is_declared_pattern)
        refs = [replace(ref, is_target=ref.internal) for ref in refs]
        if not state:
            refs = _with_checked_out(refs, current, _unchanged(top, commit))
        before = lint_files(current.request, project, refs, cache, progress, store_listings=False)
        changed = diff(top, commit, state) if state else _staged_changes(top, commit)
        bases.append(BaseRevision(before, current, RenameMap(top, before, current, changed)))
    former = {path: version for base in bases for path, version in base.former.items()}
    return current.compared_with(former), NewDiagnosticsFilter((), _explainer(bases), bases)


def changed_settings(request: RunRequest, commits: Sequence[str], state: str, baseline: Path | None) -> str:
    """Return a note about a change of the configuration, of rules, specifications or the baseline, or an empty string.

    Args:
        request: the request of the run.
        commits: the commits to compare with; the first one counts.
        state: as for `compare`.
        baseline: the baseline file.

    Raises:
        GitError: when git fails.
    """
    top, loaded = _top(request), request.loaded
    folder = loaded.folder or top
    code = [Path(os.path.normpath(folder / name)) for name in (*loaded.config.rules, *loaded.config.specs)]

    def is_setting(name: str) -> bool:
        path = top / name
        if path == baseline or path.name == CONFIG_NAME or any(map(path.is_relative_to, code)):
            return True
        return path.name == PYPROJECT and _changes_table(top, commits[0], name)

    names = sorted(filter(is_setting, _changed_names(top, commits[0], state) if commits else ()))
    if not names:
        return ""
    listed = ", ".join(f"`{name}`" for name in names[:_MAX_NAMES])
    more = f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else ""
    if loaded.commit is None:
        effect = "and is checked with the new version; use `--config-from auto` to check with that of the base"
    else:
        effect = f"and is checked with the version of {loaded.commit.name}; the new one takes effect after the merge"
    return f"this change edits the configuration ({listed}{more}) {effect}"


def _changed_names(top: Path, commit: str, state: str) -> frozenset[str]:
    if not state:
        return modified_files(top, commit)
    names = (name for change in diff(top, commit, state) for name in (change.old, change.new))
    return frozenset(filter(None, names))


_MAX_NAMES = 5


def _changes_table(top: Path, commit: str, name: str) -> bool:
    """Return whether the table `tool.patternlint` of a `pyproject.toml` differs from that of a commit."""
    before = Commit(top, commit, commit).read(top / name)
    current = (top / name).read_bytes() if (top / name).is_file() else None
    return bool(pyproject_table(before or b"") != pyproject_table(current or b""))


def _with_checked_out(refs: Sequence[FileRef], current: Run, unchanged: frozenset[str]) -> list[FileRef]:
    """Return the files of a commit, with the work tree's version of unchanged files.

    A checkout may convert line endings and encodings; findings about the result are not new.
    """
    current_refs = {ref.absolute: ref for ref in current.refs.values()}
    return [
        replace(current_refs[ref.absolute], is_target=ref.is_target)
        if ref.absolute in unchanged and ref.absolute in current_refs
        else ref
        for ref in refs
    ]


def _staged_changes(top: Path, commit: str) -> tuple[FileChange, ...]:
    """Return the differences between a commit and the index, without files that the work tree lacks."""
    staged = diff(top, "--cached", commit)
    return tuple(change for change in staged if not change.new or os.path.lexists(os.path.join(top, change.new)))
