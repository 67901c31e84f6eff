"""Find the commits to compare a change with."""

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
"""Prefix of the variables with which `git merge` passes the merged commits to hooks that run before `MERGE_HEAD` exists."""


class Bases(Struct, frozen=True):
    """The commits to compare a change with; none if all findings are new. `note` explains an unusual choice, or is empty."""

    commits: tuple[str, ...]
    note: str = ""


def comparison_bases(top: Path, revision: str, environment: Mapping[str, str], head: str = "HEAD") -> Bases:
    """Return the commits to compare a change with. Findings in any of them are not new.

    A branch counts at its merge base with the change. During a merge, both parents count.

    Args:
        top: the top of the work tree.
        revision: a commit or a branch; `auto` for the base of the pull request, push or branch.
        environment: the environment variables, which describe pull requests and merges.
        head: the last commit of the change, or the parent of the commit in progress.

    Raises:
        GitError: when the commit is not in this clone, with the command that fetches it.
    """
    if revision in (AUTO, *_HEAD) and is_unborn(top):
        return Bases((), "the current branch has no commits: all findings are reported")
    commit, note = _base_and_note(top, revision, environment, head)
    if not commit:
        return Bases((), note)
    base = merge_base(top, head, commit) or commit
    merged = _merged(top, environment) if base == commit_of(top, head) else ()
    return Bases((base, *(other for other in merged if other != base)), note)


def resolve_base(top: Path, revision: str, environment: Mapping[str, str]) -> str:
    """Return the commit of `revision`; for `auto` the target of the pull request, or the commit before the push.

    Raises:
        GitError: when the commit is not in this clone, with the command that fetches it.
    """
    commit, note = _base_and_note(top, revision, environment, "HEAD")
    if not commit:
        raise GitError(note)
    return commit


def _base_and_note(top: Path, revision: str, environment: Mapping[str, str], head: str) -> tuple[str, str]:
    """Return the base commit and a note.

    If a force push removed the former commit, a substitute is returned, or an empty string.
    """
    if revision != AUTO:
        return commit_of(top, revision), ""
    event = environment.get("GITHUB_EVENT_NAME", "")
    path = environment.get("GITHUB_EVENT_PATH", "")
    before = _commit_in_event(event, path) if event == "push" else ""
    if not before.strip("0"):
        return _automatic(top, environment), ""
    try:
        return _fetched(top, before), ""
    except GitError:
        if is_shallow(top) and not _is_forced(path):  # the commit can be fetched; the message has the command
            raise
    return _substitute(top, before, head)


def _substitute(top: Path, before: str, head: str) -> tuple[str, str]:
    """Return the commit to compare a force push with, whose former commit is not in this clone, and a note."""
    why = f"the commit {before[:12]} before the force push is not in this clone"
    end = commit_of(top, head)
    main = next(_main_branches(top), None)
    shared = merge_base(top, end, main) if main is not None else None
    if shared is not None and shared != end:
        return shared, f"{why}: compared with {shared[:12]}, the merge base with the main branch"
    for parent in parents(top, end)[:1]:
        with suppress(GitError):
            return commit_of(top, parent), f"{why}: compared with {parent[:12]}, the parent of the last commit"
    return "", f"{why} and has no substitute: all findings are reported"


def _main_branches(top: Path) -> Iterator[str]:
    """Yield the last commits of the main branches of this clone."""
    for name in _MAIN_BRANCHES:
        with suppress(GitError):
            yield commit_of(top, name)


def _automatic(top: Path, environment: Mapping[str, str]) -> str:
    event = environment.get("GITHUB_EVENT_NAME", "")
    if event == "pull_request" and environment.get("GITHUB_REF", "").endswith("/merge"):
        head = commit_of(top, "HEAD")
        merged = parents(top, head)
        if head == environment.get("GITHUB_SHA") and merged:
            return _fetched(top, merged[0])
    if event.startswith("pull_request") and environment.get("GITHUB_BASE_REF"):
        return _branch(top, environment["GITHUB_BASE_REF"])
    base = environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or _commit_in_event(
        event, environment.get("GITHUB_EVENT_PATH", "")
    )
    if base.strip("0"):
        return _fetched(top, base)
    main = next(_main_branches(top), None)
    if main is None:
        message = "`--since auto` found no branch to compare with; pass a commit or a branch"
        raise GitError(message)
    return main


def _is_forced(path: str) -> bool:
    """Return whether a push to GitHub was a force push, according to the file of its event."""
    try:
        return bool(msgspec.json.decode(Path(path).read_bytes())["forced"])
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return False


def _commit_in_event(event: str, path: str) -> str:
    """Return the base commit of a push or a merge queue from GitHub's file about the event; empty if it has none."""
    keys = {"push": ("before",), "merge_group": ("merge_group", "base_sha")}.get(event)
    if keys is None or not path:
        return ""
    try:
        value = msgspec.json.decode(Path(path).read_bytes())
        for key in keys:
            value = value[key]
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return ""
    return value if isinstance(value, str) else ""


def _branch(top: Path, branch: str) -> str:
    try:
        return commit_of(top, f"origin/{branch}")
    except GitError as error:
        message = f"the branch `{branch}` is not in this clone; run `{fetch_branch('origin', branch)}`"
        raise GitError(message) from error


def _fetched(top: Path, commit: str) -> str:
    """Return a commit by its id.

    Raises:
        GitError: when the commit is not in this clone, with the command that fetches it.
    """
    try:
        return commit_of(top, commit)
    except GitError as error:
        message = f"the commit {commit} is not in this clone; run `{fetch_command(top, commit)}`"
        if os.environ.get("GITHUB_ACTIONS") == "true" and is_shallow(top):
            message += ", or set `fetch-depth: 2` for actions/checkout"
        raise GitError(message) from error


def _merged(top: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the commits that the merge in progress merges."""
    names = [name.removeprefix(_MERGED) for name in environment if name.startswith(_MERGED)]
    for name in (*names, "MERGE_HEAD"):
        try:
            yield commit_of(top, name)
        except GitError:
            continue
