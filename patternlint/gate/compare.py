"""Compare a run with earlier revisions of the library, to report only what a change introduces, in whichever file.

Revisions are read from git objects, through the cache and without a checkout. Files are compared under the name that they had
in the revision, so a rename alone introduces no findings.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.gate.finding_key import FindingKey, NewDiagnosticsFilter, count_keys, rename_keys
from patternlint.gate.renames import ChangedFile, RenameMap
from patternlint.library.concern import concerned
from patternlint.library.entry import Entry
from patternlint.library.library import Former
from patternlint.linter.suppressions import SuppressionKey, suppression_keys
from patternlint.project.config import CONFIG_NAME, PYPROJECT, pyproject_table
from patternlint.project.discovery import FileSet, Listing, differing_files, list_tree, walk_folders
from patternlint.project.files import FileRef, FileVersion
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
from patternlint.run.linted import LintedFiles
from patternlint.run.request import RunRequest, prepare
from patternlint.run.results import Progress
from patternlint.run.run import Run, files_of
from patternlint.run.state import LibraryState, StateLoader


class BaseRevision:
    """An earlier revision of the library, in comparison with the current run.

    Args:
        before: the run of the revision.
        current: the current run.
        changes: the files that differ, by absolute path.
        renames: the renamed files.
    """

    def __init__(self, before: Run, current: Run, changes: Mapping[str, ChangedFile], renames: RenameMap) -> None:
        self._before = before
        self._current = current
        self._changes = changes
        self._renames = renames

    def _ref_before(self, path: str) -> FileRef | None:
        return self._before.files.at(self._renames.old(self._current.ref(path).absolute)) if path else None

    def suppressions(self, path: str) -> Counter[SuppressionKey]:
        """Return the suppressions of a current file in the revision, under the name that it had there."""
        ref = self._ref_before(path)
        return suppression_keys(self._before.local_diagnostics(ref).suppressions) if ref is not None else Counter()

    def known(self, path: str, present: Counter[FindingKey]) -> Counter[FindingKey]:
        """Return the findings of a current file in the revision, under the name that it had there."""
        if not path:
            return count_keys(self._before.linted.library_diagnostics.for_path(""))
        ref = self._ref_before(path)
        if ref is None:
            return Counter()
        return rename_keys(count_keys(self._before.findings_about(ref).findings), self._new_names, present)

    @cached_property
    def _removed(self) -> Mapping[str, Entry]:
        """The patterns of the revision by each slug and id that no pattern has now."""
        removed: dict[str, Entry] = {}
        entries = (change.entry_before for change in self._changes.values())
        for entry in sorted(filter(None, entries), key=lambda entry: entry.path):
            for name in (entry.slug, entry.id):
                if name and not entry.left_alone and not self._current.library.contains(name):
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
    def former(self) -> Former:
        """What the revision has else, for the files that both have."""
        pairs: list[tuple[Entry, Entry]] = []
        for path, change in self._changes.items():
            before = self._changes.get(self._renames.old(path))
            if change.entry_after is not None and before is not None and before.entry_before is not None:
                pairs.append((before.entry_before, change.entry_after))
        return Former.of(pairs, self._current.library.specs)

    def cause(self, finding: Diagnostic) -> str:
        """Return how the change removed the pattern that a finding is about, or an empty string."""
        entry = self._removed.get(finding.subject) if finding.subject else None
        if entry is None:
            return ""
        pattern = f"{entry.path} (`{finding.subject}`)"
        new_file = self._renames.new(self._before.ref(entry.path).absolute)
        if not new_file:
            return f"this change deletes {pattern}"
        ref = self._current.files.at(new_file)
        path = ref.path if ref is not None else new_file
        if path in self.former.specs:
            return f"this change makes {path} (`{finding.subject}`) invalid as a pattern; correct that file"
        if path == entry.path:
            return f"this change renames `{finding.subject}` in {path}"
        return f"this change renames {pattern} to {path}"


def _explainer(bases: Sequence[BaseRevision]) -> Callable[[Diagnostic], Diagnostic]:
    """Return a function that adds the cause to the help of a finding about a deleted or renamed pattern."""

    def explain(finding: Diagnostic) -> Diagnostic:
        cause = next(filter(None, (base.cause(finding) for base in bases)), "")
        return replace(finding, help="; ".join(filter(None, (cause, finding.help)))) if cause else finding

    return explain


def lint_revision(request: RunRequest, commit: str, progress: Progress) -> Run:
    """Return the run of a library at a commit, or in the index when `commit` is empty.

    Only configurations that also exist on disk apply.

    Raises:
        GitError: when git fails.
    """
    project, cache = prepare(request)
    request, files = _files(request, project, commit or "--cached")
    loader = StateLoader(request.worker_context(project), cache, request.jobs, progress)
    return Run(LintedFiles(request, project, loader.load(files)))


def lint_changed(request: RunRequest, commits: Sequence[str], progress: Progress) -> Run:
    """Return the run of the files in the work tree that differ from their revision in every one of `commits`.

    Raises:
        GitError: when git fails.
    """
    top = _top(request)
    unchanged = frozenset[str]().union(*(_unchanged(top, commit) for commit in commits))
    project, cache = prepare(request)
    request, files = _files(request, project, "")
    targets = [ref for ref in files.targets if ref.absolute not in unchanged]
    loader = StateLoader(request.worker_context(project), cache, request.jobs, progress)
    return Run(LintedFiles(request, project, _load(loader, files), targets))


def _load(loader: StateLoader, files: FileSet) -> LibraryState:
    return loader.load_partly(files) or loader.load(files)


def _unchanged(top: Path, commit: str) -> frozenset[str]:
    """Return the absolute paths of the files whose content in the work tree is that of a commit."""
    changed = modified_files(top, commit)
    return frozenset(
        os.path.join(top, *file.path.split("/")) for file in files_of_commit(top, commit) if file.path not in changed
    )


def _files(request: RunRequest, project: Project, state: str) -> tuple[RunRequest, FileSet]:
    """Return the request with nested configurations and excluded files, and the files of a state (see `compare`)."""
    if state:
        top = _top(request)
        files = files_of_index(top) if state == "--cached" else files_of_commit(top, state)
        scope, listing = list_tree(files, top, request.scope, project.is_excluded)
    else:
        scope, listing = walk_folders(request.scope, project.is_excluded)
    request = replace(request, scope=scope)
    return request, files_of(request, project, listing)


def _top(request: RunRequest) -> Path:
    if request.repository is None:
        message = "not in a git repository"
        raise GitError(message)
    return request.repository


class Comparison(Struct, frozen=True):
    """The current state of a library in comparison with commits.

    Attributes:
        run: the run of the files that the change concerns.
        new_only: the filter for new findings.
        changed: the paths, from the top of the work tree, of the files that differ from the first commit.
    """

    run: Run
    new_only: NewDiagnosticsFilter
    changed: frozenset[str] = frozenset()


def compare(request: RunRequest, commits: Sequence[str], state: str, progress: Progress) -> Comparison:
    """Compare the current state with commits: only the files that the change concerns are checked.

    Args:
        request: the request.
        commits: the commits to compare with. Without any, all files are concerned.
        state: the current state as an argument of `git diff`: a commit, `--cached`, or empty for the work tree.
        progress: as for `check`.

    Raises:
        GitError: when git fails.
    """
    project, cache = prepare(request)
    request, files = _files(request, project, state)
    loader = StateLoader(request.worker_context(project), cache, request.jobs, progress)
    if not commits:
        return Comparison(Run(LintedFiles(request, project, loader.load(files))), NewDiagnosticsFilter(()))
    current = Run(LintedFiles(request, project, _load(loader, files)))
    earlier = [_Earlier(current, loader, commit, state) for commit in commits]
    paths = [one.concerned() for one in earlier]
    targets = [ref for path in sorted(frozenset.intersection(*paths)) if (ref := files.get(path)) and ref.is_target]
    current = Run(LintedFiles(request, project, current.linted.state, targets))
    bases = [one.base(current, targets) for one in earlier]
    new_only = NewDiagnosticsFilter((), _explainer(bases), bases)
    return Comparison(current.compared_with(_former([base.former for base in bases])), new_only, earlier[0].changed)


def _former(each: Sequence[Former]) -> Former:
    """Return what the earlier states have else: an id that no longer is in a file must differ from those in all of them."""
    specs = {path: version for former in each for path, version in former.specs.items()}
    common = frozenset.intersection(*(frozenset(former.ids) for former in each))
    return Former(specs, {path: each[0].ids[path] for path in sorted(common)})


class _Earlier:
    """The state of a library at a commit, beside the current one.

    Args:
        current: the current run.
        loader: loads the state of the commit.
        commit: the commit.
        state: as for `compare`.
    """

    def __init__(self, current: Run, loader: StateLoader, commit: str, state: str) -> None:
        self._current = current
        self._top = top = _top(current.request)
        scope, project = current.request.scope, current.project
        scope = replace(scope, configs=tuple(folder / CONFIG_NAME for folder in scope.nested))
        _, listing = list_tree(files_of_commit(top, commit), top, scope, project.is_excluded)
        self._by_git = diff(top, commit, state) if state else _staged_changes(top, commit)
        if state:
            self.changed = frozenset(filter(None, (name for one in self._by_git for name in (one.old, one.new))))
        else:
            self.changed = modified_files(top, commit)
            listing = _with_checked_out(listing, current.files.listing, top, self.changed)
        files = files_of(current.request, project, listing)
        self._before = Run(LintedFiles(current.request, project, _load(loader, files)))

    @cached_property
    def _changes(self) -> Mapping[str, ChangedFile]:
        before, current = self._before, self._current
        paths = differing_files(before.files.listing, current.files.listing)
        changes: dict[str, ChangedFile] = {}
        for path in paths:
            refs = before.files.at(path), current.files.at(path)
            entries = [
                run.linted.state.store.get(ref.path) if ref is not None else None
                for run, ref in zip((before, current), refs, strict=True)
            ]
            changes[path] = ChangedFile(*refs, *entries)
        return changes

    def concerned(self) -> frozenset[str]:
        """Return the paths of the files that may have new findings."""
        if self._current.project.selection.has_own_library_rules:
            return frozenset(ref.path for ref in self._current.files.targets)
        pairs = [(change.entry_before, change.entry_after) for change in self._changes.values()]
        changed = {ref.path for change in self._changes.values() if (ref := change.after) is not None}
        before, after = (run.linted.library_of(run.linted.state.store, ()) for run in (self._before, self._current))
        return concerned(before, after, pairs) | changed

    def base(self, current: Run, targets: Sequence[FileRef]) -> BaseRevision:
        """Return the revision, with findings about the files that became `targets`."""
        renames = RenameMap(self._top, self._changes, self._by_git)
        refs = filter(None, (self._before.files.at(renames.old(ref.absolute)) for ref in targets))
        linted = self._before.linted
        before = Run(LintedFiles(linted.request, linted.project, linted.state, sorted(refs, key=lambda ref: ref.path)))
        return BaseRevision(before, current, self._changes, renames)


def changed_settings(request: RunRequest, commit: str, changed: Iterable[str], baseline: Path | None) -> str:
    """Return a note about a change of the configuration, of rules, specifications or the baseline, or an empty string.

    Args:
        request: the request of the run.
        commit: the commit that it was compared with.
        changed: the paths of the files that differ (see `Comparison`).
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
        return path.name == PYPROJECT and _changes_table(top, commit, name)

    names = sorted(filter(is_setting, changed))
    if not names:
        return ""
    listed = ", ".join(f"`{name}`" for name in names[:_MAX_NAMES])
    more = f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else ""
    if loaded.commit is None:
        effect = "and is checked with the new version; use `--config-from auto` to check with that of the base"
    else:
        effect = f"and is checked with the version of {loaded.commit.name}; the new one takes effect after the merge"
    return f"this change edits the configuration ({listed}{more}) {effect}"


_MAX_NAMES = 5


def _changes_table(top: Path, commit: str, name: str) -> bool:
    """Return whether the table `tool.patternlint` of a `pyproject.toml` differs from that of a commit."""
    before = Commit(top, commit, commit).read(top / name)
    current = (top / name).read_bytes() if (top / name).is_file() else None
    return bool(pyproject_table(before or b"") != pyproject_table(current or b""))


def _with_checked_out(listing: Listing, current: Listing, top: Path, modified: frozenset[str]) -> Listing:
    """Return the files of a commit, with the work tree's version of unmodified files.

    A checkout may convert line endings and encodings; findings about the result are not new.
    """
    on_disk = {os.path.join(folder.path, name): one for folder in current.folders for name, one in folder.files.items()}
    differing = {os.path.join(top, *name.split("/")) for name in modified}

    def checked_out(path: str, version: FileVersion) -> FileVersion:
        return version if path in differing else on_disk.get(path, current.explicit.get(path, version))

    folders = [
        replace(
            folder,
            files={name: checked_out(os.path.join(folder.path, name), one) for name, one in folder.files.items()},
        )
        for folder in listing.folders
    ]
    explicit = {path: checked_out(path, version) for path, version in listing.explicit.items()}
    return replace(listing, folders=folders, explicit=explicit)


def _staged_changes(top: Path, commit: str) -> tuple[FileChange, ...]:
    """Return the differences between a commit and the index, without files that the work tree lacks."""
    staged = diff(top, "--cached", commit)
    return tuple(change for change in staged if not change.new or os.path.lexists(os.path.join(top, change.new)))
