"""`patternlint hook`: the command of the pre-commit hook.

pre-commit does not pass the names of deleted files, and a deletion breaks links in other files. So the hook takes the
changes from git: the library is the index, compared with HEAD. Before a push, and when pre-commit is given two commits, the
library is the second commit, compared with the first; the first push of a history has no commit to compare with.

When pre-commit runs outside of a commit with nothing staged, as `pre-commit run --all-files` in CI does, the hook checks the
whole work tree.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from patternlint.cli.arguments import Parser, add_check
from patternlint.cli.errors import UsageError
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import CheckOptions
from patternlint.document.identifiers import is_markdown_name
from patternlint.project.git import FileChange, GitError, commit_of, diff, empty_tree, work_tree_top

_COMMITTING = "GIT_INDEX_FILE"
"""Set by git for the hooks of a commit or a merge; pre-commit sets `PRE_COMMIT` for these and for its own runs."""

_SETTINGS_FILES = ("patternlint.toml", "pyproject.toml", "patternlint-baseline.json")


def parser() -> Parser[CheckOptions]:
    """Return the parser of `patternlint hook`."""
    arguments = Parser(
        lambda: CheckOptions,
        "hook",
        "",
        "Check what a commit or a push introduces. The pre-commit hook runs this command.",
    )
    return add_check(arguments)


def run(options: CheckOptions) -> int:
    """Check the changes of a commit or a push, and return the exit code.

    Raises:
        UsageError: when the flags request fixes.
    """
    if options.fix or options.fix_only or options.diff or options.unsafe_fixes:
        message = "`patternlint hook` does not apply fixes; run `patternlint --fix --since HEAD`"
        raise UsageError(message)
    options = replace(options, allow_no_patterns=True)  # before the first pattern, and when the last one is deleted
    top = work_tree_top(Path.cwd())
    before, after = _pushed_commits(os.environ)
    if after:
        commit = commit_of(top, after)
        since = commit_of(top, before) if before else ""
        changed = diff(top, since or empty_tree(top), commit)
        narrowed = replace(options, at=options.at or commit, since=options.since or since)
    else:
        since = _head(top)
        changed = diff(top, "--cached", since or empty_tree(top))
        narrowed = replace(options, staged=True, since=options.since or since)
    is_whole = not (after or changed or _COMMITTING in os.environ) and "PRE_COMMIT" in os.environ
    if not is_whole and not any(map(_is_relevant, changed)):
        return OK
    from patternlint.cli.commands import check  # noqa: PLC0415 - most commits touch no pattern

    return check.run(options if is_whole else narrowed)


def _pushed_commits(environment: Mapping[str, str]) -> tuple[str, str]:
    """Return the commits before and after a push, or those that pre-commit is given; empty without such commits.

    For a branch that is new to the remote, pre-commit names the branch and no commits.
    """
    before, after, branch = (
        environment.get(f"PRE_COMMIT_{name}", "") for name in ("FROM_REF", "TO_REF", "LOCAL_BRANCH")
    )
    return before if before.strip("0") else "", after or branch


def _head(top: Path) -> str:
    """Return "HEAD", or an empty string before the first commit."""
    try:
        commit_of(top, "HEAD")
    except GitError:
        return ""
    return "HEAD"


def _is_relevant(change: FileChange) -> bool:
    return any(is_markdown_name(name) or name.endswith(_SETTINGS_FILES) for name in (change.old, change.new) if name)
