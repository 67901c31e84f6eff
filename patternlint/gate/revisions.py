"""Which commits a change is compared with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from patternlint.project.git import (
    GitError,
    commit_of,
    fetch_branch,
    fetch_command,
    is_shallow,
    is_unborn,
    merge_base,
    parents,
)

AUTO = "auto"
_HEAD = ("HEAD", "@")
_MAIN_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_MERGED = "GITHEAD_"
"""`git merge` names the commits that it brings in so in the environment of its hooks, which run before `MERGE_HEAD` is."""


class Bases(Struct, frozen=True):
    """The commits that a change is compared with; none where everything counts as new. `note` says why, or is empty."""

    commits: tuple[str, ...]
    note: str = ""


def comparison_bases(top: Path, revision: str, environment: Mapping[str, str], head: str = "HEAD") -> Bases:
    """Return the commits that a change is compared with: what is in any of them is not new.

    A branch that has gone on since counts as it was where the change left it. During a merge both parents count.

    Args:
        top: the top of the work tree.
        revision: a commit or a branch; `auto` for what a pull request, a push or this branch started from.
        environment: the environment, which tells of pull requests and merges.
        head: the commit that the change ends in, or that a commit under way follows.

    Raises:
        GitError: when there is no such commit here, with what to fetch.
    """
    if revision in (AUTO, *_HEAD) and is_unborn(top):
        return Bases((), "the current branch has no commit yet: everything is reported")
    commit, note = _started_from(top, revision, environment, head)
    if not commit:
        return Bases((), note)
    base = merge_base(top, head, commit) or commit
    merged = _merged(top, environment) if base == commit_of(top, head) else ()
    return Bases((base, *(other for other in merged if other != base)), note)


def resolve_base(top: Path, revision: str, environment: Mapping[str, str]) -> str:
    """Return the commit that `revision` names; for `auto` what a pull request goes to, or a push started from.

    Raises:
        GitError: when there is no such commit here, with what to fetch.
    """
    commit, note = _started_from(top, revision, environment, "HEAD")
    if not commit:
        raise GitError(note)
    return commit


def _started_from(top: Path, revision: str, environment: Mapping[str, str], head: str) -> tuple[str, str]:
    """Return the commit and a note: that of a force push, whose former commit is gone, has a substitute or is empty."""
    if revision != AUTO:
        return commit_of(top, revision), ""
    event = environment.get("GITHUB_EVENT_NAME", "")
    path = environment.get("GITHUB_EVENT_PATH", "")
    before = _told(event, path) if event == "push" else ""
    if not before.strip("0"):
        return _automatic(top, environment), ""
    try:
        return _fetched(top, before), ""
    except GitError:
        if is_shallow(top) and not _is_forced(path):  # it can be fetched, and the message says how
            raise
    return _instead_of(top, before, head)


def _instead_of(top: Path, gone: str, head: str) -> tuple[str, str]:
    """Return what a force push is compared with when its former commit is gone, and a sentence about it."""
    why = f"the commit {gone[:12]} that the push replaced is not in this clone (a force push)"
    end = commit_of(top, head)
    main = next(_main_branches(top), None)
    shared = merge_base(top, end, main) if main is not None else None
    if shared is not None and shared != end:
        return shared, f"{why}: compared with {shared[:12]}, where the branch leaves the main branch"
    for parent in parents(top, end)[:1]:
        with suppress(GitError):
            return commit_of(top, parent), f"{why}: compared with {parent[:12]}, the parent of the last commit"
    return "", f"{why}, and neither is an earlier one: everything is reported"


def _main_branches(top: Path) -> Iterator[str]:
    """Yield the commits of the main branches that are here."""
    for name in _MAIN_BRANCHES:
        with suppress(GitError):
            yield commit_of(top, name)


def _automatic(top: Path, environment: Mapping[str, str]) -> str:
    event = environment.get("GITHUB_EVENT_NAME", "")
    if event == "pull_request" and environment.get("GITHUB_REF", "").endswith("/merge"):
        head = commit_of(top, "HEAD")
        into = parents(top, head)
        if head == environment.get("GITHUB_SHA") and into:
            return _fetched(top, into[0])
    if event.startswith("pull_request") and environment.get("GITHUB_BASE_REF"):
        return _branch(top, environment["GITHUB_BASE_REF"])
    named = environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or _told(event, environment.get("GITHUB_EVENT_PATH", ""))
    if named.strip("0"):
        return _fetched(top, named)
    found = next(_main_branches(top), None)
    if found is None:
        message = "`--since auto` finds no branch to compare with; name a commit or a branch"
        raise GitError(message)
    return found


def _is_forced(path: str) -> bool:
    """Return whether a push to GitHub replaced commits, by the file about its event."""
    try:
        return bool(msgspec.json.decode(Path(path).read_bytes())["forced"])
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return False


def _told(event: str, path: str) -> str:
    """Return the commit that a push, or a queue of merges, started from: GitHub tells it in a file."""
    steps = {"push": ("before",), "merge_group": ("merge_group", "base_sha")}.get(event)
    if steps is None or not path:
        return ""
    try:
        found = msgspec.json.decode(Path(path).read_bytes())
        for step in steps:
            found = found[step]
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return ""
    return found if isinstance(found, str) else ""


def _branch(top: Path, branch: str) -> str:
    try:
        return commit_of(top, f"origin/{branch}")
    except GitError as error:
        message = f"the branch `{branch}` is not here: `{fetch_branch('origin', branch)}` fetches it"
        raise GitError(message) from error


def _fetched(top: Path, commit: str) -> str:
    """Return a commit that is known by its id.

    Raises:
        GitError: when it is not here, with what to fetch.
    """
    try:
        return commit_of(top, commit)
    except GitError as error:
        message = f"the commit {commit} is not here: `{fetch_command(top, commit)}` fetches it"
        if os.environ.get("GITHUB_ACTIONS") == "true" and is_shallow(top):
            message += ", and so does `fetch-depth: 2` for actions/checkout"
        raise GitError(message) from error


def _merged(top: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the commits that a merge under way brings in."""
    names = [name.removeprefix(_MERGED) for name in environment if name.startswith(_MERGED)]
    for name in (*names, "MERGE_HEAD"):
        try:
            yield commit_of(top, name)
        except GitError:
            continue
