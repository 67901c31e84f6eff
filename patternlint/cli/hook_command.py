"""`patternlint hook`: what the pre-commit hook runs.

pre-commit never passes deleted names, and a deletion makes other files' links dangle; so the hook asks git itself: the
library is the index, the change is what the commit brings. Before a push, and when pre-commit is given two commits, the
library is the second of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from patternlint.cli import OK
from patternlint.cli.arguments import Parser, hook_parser
from patternlint.git import Change, GitError, changes, commit_of, top_of

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""git's name for a tree without files: what the first commit is compared with."""

_TOOLS = ("patternlint.toml", "pyproject.toml", "patternlint-baseline.json")


def parser() -> Parser:
    """Return the parser of `patternlint hook`."""
    return hook_parser()


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser().parse(arguments)  # a wrong one shows now, not at the first commit that touches a pattern
    top = top_of(Path.cwd())
    before, after = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    if before and after:
        since, at = commit_of(top, before), commit_of(top, after)
        changed = changes(top, since, at)
        looked_at = ["--at", at]
    else:
        since, looked_at = _head(top), ["--staged"]
        changed = changes(top, "--cached", since or EMPTY_TREE)
    if not any(map(_matters, changed)):
        return OK
    from patternlint.cli import check_command  # noqa: PLC0415 - most commits touch no pattern

    options = parser().parse([*looked_at, *(("--since", since) if since else ()), *arguments])
    return check_command.run(options)


def _head(top: Path) -> str:
    """Return `HEAD`, or nothing before the first commit."""
    try:
        commit_of(top, "HEAD")
    except GitError:
        return ""
    return "HEAD"


def _matters(change: Change) -> bool:
    return any(name.endswith((".md", *_TOOLS)) for name in (change.old, change.new) if name)
