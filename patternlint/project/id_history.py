"""Who had an id: one pass over the git history, limited to the lines with ids."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from patternlint.project.git import git

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_MAX_NAMES = 500
"""The most ids in one search: the regular expression that git compiles names all of them."""


class FormerHolder(Struct, frozen=True):
    """A file that had an id in a commit.

    Attributes:
        path: its path after the commit, from the top of the repository; before it if the commit deletes it.
        old_path: its path before the commit; empty if the commit adds it.
        new_ids: the ids that the commit gave it.
    """

    path: str
    old_path: str
    new_ids: tuple[str, ...]


def former_holders(top: Path, keys: Collection[str], ids: Collection[str]) -> Mapping[str, tuple[FormerHolder, ...]]:
    """Return the files that had some ids in the history of the current commit, the latest first.

    Args:
        top: the top of the work tree.
        keys: the keys of ids in front matter.
        ids: the ids, of which at most 500 in plain characters are searched.

    Raises:
        GitError: when git fails.
    """
    names = [name for name in sorted(ids) if _PLAIN.fullmatch(name)][:_MAX_NAMES]
    if not names:
        return {}
    key = "|".join(map(re.escape, sorted(keys)))
    found = f"^({key}): *[\"']?({'|'.join(names)})"
    options = ("--no-ext-diff", "--no-textconv", "--no-color", "--unified=0", "--find-renames", "--format=")
    output = git(top, "log", "-p", *options, f"-G{found}", settings=("core.quotePath=false",))
    holders: dict[str, list[FormerHolder]] = {}
    for holder, named in _changes(
        output.decode("utf-8", "surrogateescape"), re.compile(f"(?:{key}): *[\"']?([^\\s\"'#]+)")
    ):
        for name in named & set(names):
            holders.setdefault(name, []).append(holder)
    return {name: tuple(some) for name, some in holders.items()}


def _changes(output: str, line_with_id: re.Pattern[str]) -> Iterator[tuple[FormerHolder, frozenset[str]]]:
    """Yield each changed file of a log with all ids on its changed lines."""
    for block in re.split(r"(?m)^diff --git .*\n", output)[1:]:
        header, at, changes = block.partition("\n@@")
        if not at:
            continue
        paths = {
            line[:3]: line[6:].rstrip("\t") for line in header.splitlines() if line.startswith(("--- a/", "+++ b/"))
        }
        removed, added = (_ids(sign, changes, line_with_id) for sign in "-+")
        old, new = paths.get("---", ""), paths.get("+++", "")
        if old or new:
            yield FormerHolder(new or old, old, tuple(dict.fromkeys(added))), frozenset((*removed, *added))


def _ids(sign: str, changes: str, line_with_id: re.Pattern[str]) -> list[str]:
    lines = (line[1:] for line in changes.splitlines() if line.startswith(sign))
    return [match[1] for line in lines if (match := line_with_id.match(line)) is not None]
