"""Compares two states of a library: only what a change brought, wherever it shows.

The earlier state is read from git's objects, through the cache and without a checkout. Files are compared under the
name that they had before, so that a rename by itself brings nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec.structs import replace

from patternlint.cache import Cache
from patternlint.diagnostic import Diagnostic
from patternlint.gate.identity import Identity, identities, split
from patternlint.git import Change, GitError, changes, commit_of, files_of_commit, files_of_index, git, merge_base
from patternlint.library import Entry
from patternlint.run.check import Request, Run, look
from patternlint.run.discover import FileRef, refs_of
from patternlint.run.project import Project

AUTO = "auto"
_MAIN_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


def base_of(top: Path, revision: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the commits that a change is compared with: what is in any of them is not new.

    `auto` is the merge base with the branch that a pull request goes to. During a merge both parents count.

    Raises:
        GitError: when there is no such commit here, with what to fetch.
    """
    if revision != AUTO:
        return (commit_of(top, revision), *_merging(top, revision))
    branch = environment.get("GITHUB_BASE_REF", "")
    if environment.get("GITHUB_EVENT_NAME", "").startswith("pull_request") and branch:
        parents = git(top, "rev-list", "--parents", "-n", "1", "HEAD").decode().split()[1:]
        if len(parents) == 2:  # noqa: PLR2004 - the merge that a pull request is checked out as has two parents
            return (commit_of(top, parents[0]),)
        return (commit_of(top, merge_base(top, "HEAD", f"origin/{branch}") or f"origin/{branch}"),)
    for name in _MAIN_BRANCHES:
        try:
            commit = commit_of(top, name)
        except GitError:
            continue
        return (merge_base(top, "HEAD", commit) or commit,)
    message = "`--since auto` finds no branch to compare with; name a commit or a branch"
    raise GitError(message)


def _merging(top: Path, revision: str) -> tuple[str, ...]:
    """Return the commits that a merge under way brings in, when the comparison is with the current commit."""
    if revision != "HEAD":
        return ()
    try:
        return (commit_of(top, "MERGE_HEAD"),)
    except GitError:
        return ()


class KnownBefore:
    """What earlier states of the library showed: `Known` for a run."""

    def __init__(self, bases: Sequence[Base], now: Run) -> None:
        """Take the earlier states, and the run of the present one."""
        self._bases = bases
        self._now = now

    def split(self, path: str, findings: Sequence[Diagnostic]) -> tuple[Sequence[Diagnostic], int]:
        """Return those of a file's findings that are new, with their cause where it is known, and how many are not."""
        if not findings:
            return findings, 0
        known: Counter[Identity] = Counter()
        for base in self._bases:
            known |= base.known(self._now.refs[path] if path else None)
        new, old = split(findings, known)
        return [self._with_cause(finding) for finding in new], old

    def _with_cause(self, finding: Diagnostic) -> Diagnostic:
        """Name the deleted or renamed file when a finding is about a pattern that was there before and is not now."""
        for base in self._bases:
            cause = base.cause(finding.subject)
            if cause:
                return replace(finding, help=f"{cause}. {finding.help}".strip() if finding.help else cause)
        return finding


class Base:
    """An earlier state of the library."""

    def __init__(self, top: Path, run: Run, changed: Sequence[Change], now: Run) -> None:
        """Take the run of the earlier state, what changed since, and the run of the present state."""
        self._top = top
        self._run = run
        self._now = now
        self._before = {change.new: change.old for change in changed if change.new and change.old}
        self._renamed = {change.old: change.new for change in changed if change.old}

    @cached_property
    def _refs(self) -> Mapping[str, FileRef]:
        return {ref.real: ref for ref in self._run.refs.values()}

    def known(self, ref: FileRef | None) -> Counter[Identity]:
        """Return what was found about a file under the name that it had."""
        if ref is None:
            return Counter()
        old = self._refs.get(self._old_path(ref.real))
        return identities(self._run.about(old).findings) if old is not None else Counter()

    def _old_path(self, real: str) -> str:
        name = os.path.relpath(real, self._top).replace(os.sep, "/")
        before = self._before.get(name)
        return os.path.join(self._top, *before.split("/")) if before else real

    @cached_property
    def _gone(self) -> Mapping[str, Entry]:
        """The patterns of the earlier state whose slug or id no pattern has now, by both."""
        now = self._now.library
        gone: dict[str, Entry] = {}
        for entry in self._run.library:
            for name in (entry.slug, entry.id):
                if name and not now.knows(name):
                    gone.setdefault(name, entry)
        return gone

    def cause(self, subject: str) -> str:
        """Return why a pattern that findings are about is no longer there, in words, or nothing."""
        entry = self._gone.get(subject) if subject else None
        if entry is None:
            return ""
        real = self._run.refs[entry.path].real
        new = self._renamed.get(os.path.relpath(real, self._top).replace(os.sep, "/"), "")
        if not new:
            return f"this change deletes {entry.path}, which was `{subject}`"
        shown = os.path.relpath(os.path.join(self._top, *new.split("/"))).replace(os.sep, "/")
        if shown == entry.path:
            return f"this change gives {entry.path}, which was `{subject}`, another name"
        return f"this change renames {entry.path}, which was `{subject}`, to {shown}"


def look_at_commit(
    request: Request,
    project: Project,
    cache: Cache | None,
    commit: str,
    progress: Callable[[int], Callable[[int], None]],
) -> Run:
    """Return the run of a library as it was at a commit.

    Raises:
        GitError: when git cannot tell.
    """
    top = _top(request)
    refs = refs_of(files_of_commit(top, commit), top, request.places, project.is_excluded, project.is_named)
    everywhere = [replace(ref, wanted=True) for ref in refs]
    return look(request, project, everywhere, cache, progress)


def look_at_index(
    request: Request, project: Project, cache: Cache | None, progress: Callable[[int], Callable[[int], None]]
) -> Run:
    """Return the run of a library as the next commit would have it.

    Raises:
        GitError: when git cannot tell.
    """
    top = _top(request)
    refs = refs_of(files_of_index(top), top, request.places, project.is_excluded, project.is_named)
    return look(request, project, refs, cache, progress)


def _top(request: Request) -> Path:
    if request.repository is None:
        message = "there is no git repository here"
        raise GitError(message)
    return request.repository


def only_new(
    now: Run,
    cache: Cache | None,
    commits: Sequence[str],
    after: str,
    progress: Callable[[int], Callable[[int], None]],
) -> Run:
    """Return a run without what was found in earlier states already.

    Args:
        now: the run of the present state.
        cache: the cache.
        commits: the commits of the earlier states.
        after: the present state as `git diff` names it: `--cached` for the index, a commit, or empty for the work tree.
        progress: as for `check`.

    Raises:
        GitError: when git cannot tell.
    """
    top = _top(now.request)
    bases = [
        Base(
            top,
            look_at_commit(now.request, now.project, cache, commit, progress),
            changes(top, *_order(commit, after)),
            now,
        )
        for commit in commits
    ]
    return now.gated(KnownBefore(bases, now))


def _order(commit: str, after: str) -> tuple[str, ...]:
    """Return the arguments of `git diff` from a commit to a later state."""
    if after.startswith("--"):
        return after, commit
    return (commit, after) if after else (commit,)
