"""The files below a folder of a git work tree that are neither ignored nor in another repository.

`git ls-files` reads the index while this process lists the folders. Git lists ignored files only when a file on disk is
not in the index. Where git is missing or refuses to work, no file counts as ignored.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from patternlint.project.git import GitError, files_of_index, git, missing_blobs, start_git

_SKIP_WORKTREE = b"S "
"""The tag in `git ls-files -t` of a file outside of a sparse checkout."""


class WorkTree:
    """The files below one folder that git lists.

    Args:
        top: the top of the work tree.
        folder: a folder in it, absolute.
    """

    def __init__(self, top: Path, folder: str) -> None:
        self._top = top
        self._below = os.path.relpath(folder, top)
        self._lead = "" if self._below == "." else f"{self._below.replace(os.sep, '/')}/"
        self._length = len(os.path.join(folder, ""))
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._process = start_git(top, "ls-files", "-t", "-z", "--full-name", "--", self._below)
        except GitError:
            return

    @cached_property
    def _records(self) -> Sequence[bytes]:
        """The files of the index, each after its tag and a space."""
        process = self._process
        if process is None:
            return ()
        data, _ = process.communicate()
        return data.split(b"\0") if process.returncode == 0 else ()

    @cached_property
    def _tracked(self) -> frozenset[str]:
        return frozenset(os.fsdecode(record[2:]) for record in self._records)

    @cached_property
    def _ignored(self) -> frozenset[str]:
        """The ignored files and, with `/` at the end, folders, from the top."""
        options = ("-o", "-i", "--exclude-standard", "--directory", "-z", "--full-name")
        try:
            found = git(self._top, "ls-files", *options, "--", self._below)
        except GitError:
            return frozenset()
        return frozenset(map(os.fsdecode, found.split(b"\0"))) - {self._lead, ""}

    def files_outside(self, folder: str, names: Sequence[str], *, nested: bool) -> frozenset[str]:
        """Return the files of a folder that do not belong to the work tree.

        Args:
            folder: the folder, absolute.
            names: the files in it; an empty name stands for a folder that cannot be listed.
            nested: whether the folder is in a repository of its own.
        """
        lead = self._lead + os.path.join(folder, "")[self._length :].replace(os.sep, "/")
        tracked = self._tracked
        unknown = [name for name in names if lead + name not in tracked]
        if nested or not unknown:
            return frozenset(unknown)
        ignored = self._ignored
        if not ignored:
            return frozenset()
        start = len(self._lead)
        above = (lead[: at + 1] for at in range(start, len(lead)) if lead[at] == "/")
        if any(one in ignored for one in above):
            return frozenset(unknown)
        return frozenset(name for name in unknown if lead + name in ignored)

    def files_not_checked_out(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files outside of a sparse checkout: the absolute path and the blob id of each.

        Blobs that a partial clone lacks are omitted.
        """
        names = {os.fsdecode(record[2:]) for record in self._records if record.startswith(_SKIP_WORKTREE)}
        if not names:
            return
        files = [file for file in files_of_index(self._top, self._below) if file.path in names]
        missing = missing_blobs(self._top, files)
        for file in files:
            if file.blob_id not in missing:
                yield os.path.join(self._top, *file.path.split("/")), file.blob_id
