"""`patternlint hook`: what the pre-commit hook runs.

pre-commit never passes deleted names, and a deletion makes other files' links dangle; so the hook asks git itself: the
library is the index, the change is what the commit brings. Before a push, and when pre-commit is given two commits, the
library is the second of them. The first push of a whole history brings everything.

Run by pre-commit outside of a commit, with nothing staged, as `pre-commit run --all-files` in CI does, it checks the
whole work tree.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from patternlint.cli.exit_codes import OK
from patternlint.cli.options import Parser, UsageError, hook_parser
from patternlint.document.identifiers import is_markdown_name
from patternlint.project.git import FileChange, GitError, commit_of, diff, empty_tree, work_tree_top

_COMMITTING = "GIT_INDEX_FILE"
"""Set by git for the hooks of a commit or a merge; pre-commit sets `PRE_COMMIT` for these and for its own runs."""

_TOOLS = ("patternlint.toml", "pyproject.toml", "patternlint-baseline.json")


def parser() -> Parser:
    """Return the parser of `patternlint hook`."""
    return hook_parser()


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code.

    Raises:
        UsageError: when the flags ask for fixes.
    """
    whole = parser().parse(arguments)  # a wrong one shows now, not at the first commit that touches a pattern
    if whole.fix or whole.fix_only or whole.diff or whole.unsafe_fixes:
        message = "`hook` checks only; run `patternlint --fix --since HEAD`"
        raise UsageError(message)
    top = work_tree_top(Path.cwd())
    before, after = _pushed(os.environ)
    if after:
        at = commit_of(top, after)
        since = commit_of(top, before) if before else ""
        changed = diff(top, since or empty_tree(top), at)
        looked_at = ["--at", at]
    else:
        since, looked_at = _head(top), ["--staged"]
        changed = diff(top, "--cached", since or empty_tree(top))
    is_whole = not (after or changed or _COMMITTING in os.environ) and "PRE_COMMIT" in os.environ
    if not is_whole and not any(map(_matters, changed)):
        return OK
    from patternlint.cli.commands import check  # noqa: PLC0415 - most commits touch no pattern

    if is_whole:
        return check.run(whole)
    options = parser().parse([*looked_at, *(("--since", since) if since else ()), *arguments])
    return check.run(options)


def _pushed(environment: Mapping[str, str]) -> tuple[str, str]:
    """Return the commits between which pre-commit looks: before a push, or as told; empty where there is none.

    Where the whole history is new to the other side, pre-commit names what is pushed and no commits.
    """
    before, after, branch = (
        environment.get(f"PRE_COMMIT_{name}", "") for name in ("FROM_REF", "TO_REF", "LOCAL_BRANCH")
    )
    return before if before.strip("0") else "", after or branch


def _head(top: Path) -> str:
    """Return `HEAD`, or nothing before the first commit."""
    try:
        commit_of(top, "HEAD")
    except GitError:
        return ""
    return "HEAD"


def _matters(change: FileChange) -> bool:
    return any(is_markdown_name(name) or name.endswith(_TOOLS) for name in (change.old, change.new) if name)
