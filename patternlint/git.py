"""What patternlint asks of git: by the `git` command, and never more than reading."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from patternlint.trouble import Trouble

_REMEDY = "git config --global --add safe.directory"
"""How the line begins in which git says what to do about a repository that belongs to somebody else."""

_PLAIN = {"LC_ALL": "C"}
"""So git says what it says in English, which is looked at below."""

_NO_WORK_TREE = ("not a git repository", "must be run in a work tree")
"""What git says where there is none."""


class GitError(Trouble):
    """Something that git cannot answer: one clear sentence."""


class Commit(Struct, frozen=True):
    """A commit whose files are read in place of those of the work tree.

    Attributes:
        top: the top of the work tree.
        id: the commit.
        name: what a person calls it.
    """

    top: Path
    id: str
    name: str

    def read(self, path: Path) -> bytes | None:
        """Return what a file holds, by its place in the work tree; None when the commit has no such file.

        Raises:
            GitError: when it is a symbolic link: the file that it leads to could be one of the work tree.
        """
        if path == self.top or not path.is_relative_to(self.top):
            return None
        name = path.relative_to(self.top).as_posix()
        entry = git(self.top, "ls-tree", "-z", "--full-tree", self.id, "--", name)
        if entry.startswith(_LINK):
            raise GitError(self._link(name))
        if not entry.startswith(b"100"):
            return None
        return git(self.top, "cat-file", "blob", f"{self.id}:{name}")

    def _link(self, name: str) -> str:
        return f"`{name}` is a symbolic link in {self.name}, and links are not followed there; commit the file itself"

    def export(self, folder: Path, target: Path) -> None:
        """Write the files below a folder, by its place in the work tree, into `target`; no submodules.

        Raises:
            GitError: when the commit has no such folder, or a symbolic link in it or in its place.
        """
        name = folder.relative_to(self.top).as_posix()
        within = () if name == "." else (name, *(str(parent) for parent in PurePosixPath(name).parents if parent.name))
        entries = git(self.top, "ls-tree", "-r", "-z", "--full-tree", self.id, *(("--", *within) if within else ()))
        for entry in entries.split(b"\0"):
            link = os.fsdecode(entry.partition(b"\t")[2]) if entry.startswith(_LINK) else ""
            if link in within or (link and PurePosixPath(link).is_relative_to(name)):
                raise GitError(self._link(link))
        lead = "" if name == "." else f"{name}/"
        found = [file for file in files_of_commit(self.top, self.id) if file.path.startswith(lead)]
        if not found:
            message = f"there is no folder `{name}` in {self.name}"
            raise GitError(message)
        blobs = Blobs(self.top)
        for file in found:
            path = target / file.path.removeprefix(lead)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(blobs.read(file.blob))
        blobs.close()


_LINK = b"120000"
"""The mode of a symbolic link in a tree."""


class TreeFile(Struct, frozen=True, gc=False):
    """A file of a commit or of the index: its path from the top of the repository, and its content's name."""

    path: str
    blob: bytes


class Change(Struct, frozen=True):
    """A file that one state has and another has not, or has otherwise: `old` and `new` are paths, empty for none."""

    old: str
    new: str


def git(top: Path, *arguments: str) -> bytes:
    """Return what `git` prints.

    Raises:
        GitError: when there is no git, or it fails.
    """
    command = ["git", "-C", str(top), "--no-optional-locks", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **_PLAIN})  # noqa: S603 - git with arguments of ours
    except FileNotFoundError as error:
        message = "git is not installed, and this needs it"
        raise GitError(message) from error
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        message = f"git {arguments[0]}: {words[0] if words else f'exit code {done.returncode}'}"
        remedy = next((line.strip() for line in words if line.lstrip().startswith(_REMEDY)), "")
        raise GitError(f"{message}; `{remedy}` allows it" if remedy else message)
    return done.stdout


def top_of(folder: Path) -> Path:
    """Return the top of the work tree that `folder` is in.

    Raises:
        GitError: when it is in none.
    """
    try:
        found = git(folder, "rev-parse", "--show-toplevel")
    except GitError as error:
        if not any(words in str(error) for words in _NO_WORK_TREE):
            raise
        message = f"{folder} is in no git work tree"
        raise GitError(message) from error
    return Path(os.fsdecode(found).rstrip("\n"))


def commit_of(top: Path, revision: str) -> str:
    """Return the id of the commit that `revision` names.

    Raises:
        GitError: when there is none here, with what to fetch when the repository is shallow.
    """
    try:
        found = git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except GitError as error:
        message = f"there is no commit `{revision}` here"
        if is_shallow(top):
            message += f"; this clone is shallow: `git fetch --depth=1 origin {_to_fetch(revision)}` brings it"
        raise GitError(message) from error
    return found.decode().strip()


def _to_fetch(revision: str) -> str:
    """Return what to ask a remote for, so that `revision` is known afterwards."""
    if all(character in "0123456789abcdef" for character in revision):
        return revision
    branch = revision.removeprefix("origin/")
    return f"{branch}:refs/remotes/origin/{branch}" if branch != revision else f"{branch}:{branch}"


def is_shallow(top: Path) -> bool:
    """Return whether the history is cut off."""
    return git(top, "rev-parse", "--is-shallow-repository").strip() == b"true"


def empty_tree(top: Path) -> str:
    """Return git's name for a tree without files, which depends on the hash that a repository has chosen."""
    return git(top, "hash-object", "-t", "tree", os.devnull).decode().strip()


def merge_base(top: Path, one: str, other: str) -> str | None:
    """Return the commit that two have in common, or None when none is known here."""
    try:
        return git(top, "merge-base", one, other).decode().strip()
    except GitError:
        return None


def parents(top: Path, commit: str) -> tuple[str, ...]:
    """Return the commits that a commit follows, by its own words: in a shallow clone they may not be here."""
    head, _, _ = git(top, "cat-file", "commit", commit).decode("utf-8", "replace").partition("\n\n")
    return tuple(line.removeprefix("parent ") for line in head.splitlines() if line.startswith("parent "))


def files_of_commit(top: Path, commit: str) -> Iterator[TreeFile]:
    """Yield the files of a commit; no links, no submodules."""
    for record in git(top, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        if record:
            meta, _, path = record.partition(b"\t")
            mode, kind, blob = meta.split(b" ")
            if kind == b"blob" and mode != b"120000":
                yield TreeFile(os.fsdecode(path), bytes.fromhex(blob.decode()))


def files_of_index(top: Path) -> Iterator[TreeFile]:
    """Yield the files of the index; no links, no submodules, none with a conflict."""
    for record in git(top, "ls-files", "-s", "-z", "--full-name", ":/").split(b"\0"):
        if record:
            meta, _, path = record.partition(b"\t")
            mode, blob, stage = meta.split(b" ")
            if mode.startswith(b"100") and stage == b"0":
                yield TreeFile(os.fsdecode(path), bytes.fromhex(blob.decode()))


def changes(top: Path, *what: str) -> tuple[Change, ...]:
    """Return what differs, renames recognised: `what` are the arguments of `git diff`, such as `--cached` or commits."""
    fields = git(top, "diff", "--name-status", "-M", "-z", *what).split(b"\0")
    found: list[Change] = []
    index = 0
    while index < len(fields) - 1:
        status = fields[index][:1]
        first = os.fsdecode(fields[index + 1])
        if status in (b"R", b"C"):
            found.append(Change(first if status == b"R" else "", os.fsdecode(fields[index + 2])))
            index += 3
            continue
        found.append(Change("" if status == b"A" else first, "" if status == b"D" else first))
        index += 2
    return tuple(found)


class Blobs:
    """Reads contents by name, through one `git cat-file --batch`."""

    def __init__(self, top: Path) -> None:
        """Take the top of the repository; git is started when the first content is asked for."""
        self._top = top
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, blob: bytes) -> bytes:
        """Return a content.

        Raises:
            OSError: when git does not have it.
        """
        process = self._process
        if process is None:
            command: Sequence[str] = ["git", "-C", str(self._top), "cat-file", "--batch"]
            process = self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - see above
        if process.stdin is None or process.stdout is None:  # pragma: no cover - both are pipes
            raise OSError
        process.stdin.write(blob.hex().encode() + b"\n")
        process.stdin.flush()
        header = process.stdout.readline().split()
        if len(header) != 3:  # noqa: PLR2004 - name, type, size
            raise OSError(0, "git does not have this content (a partial clone?)")
        size = int(header[2])
        data = process.stdout.read(size)
        process.stdout.read(1)
        return data

    def close(self) -> None:
        """End git."""
        if self._process is not None:
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            self._process.wait()
            self._process = None
