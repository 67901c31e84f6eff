"""Read-only access to a git repository through the `git` command.

A checkout may come from a stranger, its configuration included. So git runs with settings that keep it from starting any
program that the checkout names (hooks, file system monitors, filters, text converters, pagers, transports), from writing
the index, from fetching missing objects, and from using a bare repository that lies in a folder.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from patternlint.errors import UserError

_SAFE_DIRECTORY = "git config --global --add safe.directory"
"""How the line begins in which git says what to do about a repository that belongs to somebody else."""

_ENVIRONMENT = {
    "LC_ALL": "C",  # messages are matched below
    "GIT_ALLOW_PROTOCOL": "",  # no transport: each may start a program
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}

_SETTINGS = (
    "core.fsmonitor=",  # not `false`: before git 2.36 the value is the name of a program
    f"core.hooksPath={os.devnull}",
    "diff.autoRefreshIndex=true",
    "safe.bareRepository=explicit",
)

_DIFF = ("--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--ignore-submodules=all", "-z")
"""Options of every `git diff`. Submodules are ignored because git would run itself there, with their settings."""

_FETCH_ALL = "git fetch --refetch --no-filter"
_LINK = b"120000"
_FULL_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_ANCESTOR = re.compile(r"(HEAD|@)(?:~(\d*)|\^)")
_REFERENCE = re.compile(r"[\w/.+-]+")

_NO_WORK_TREE = ("not a git repository", "must be run in a work tree", "cannot use bare repository")
"""The message of git outside a work tree."""


class GitError(UserError):
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
        entry = self.entry(name)
        if entry.startswith(_LINK):
            raise GitError(self._link(name))
        if not entry.startswith(b"100"):
            return None
        return git(self.top, "cat-file", "blob", f"{self.id}:{name}")

    def entry(self, name: str) -> bytes:
        """Return what `git ls-tree` prints for a path from the top; empty when the commit does not have it."""
        return git(self.top, "ls-tree", "-z", "--full-tree", self.id, "--", name)

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
            message = f"no folder `{name}` in {self.name}"
            raise GitError(message)
        blobs = BlobReader(self.top)
        for file in found:
            path = target / file.path.removeprefix(lead)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(blobs.read(file.blob_id))
        blobs.close()


class TreeFile(Struct, frozen=True, gc=False):
    """A file of a commit or of the index: its path from the top of the repository, and its content's name."""

    path: str
    blob_id: bytes


class FileChange(Struct, frozen=True):
    """A file that one state has and another has not, or has otherwise: `old` and `new` are paths, empty for none."""

    old: str
    new: str


def find_top(path: Path) -> Path | None:
    """Return the top of the git work tree that `path` is in, by its `.git`; None outside a work tree."""
    return next((folder for folder in (path, *path.parents) if (folder / ".git").exists()), None)


def _git_path() -> str:
    """Return the path of git. Relative folders in `PATH` are skipped: the checkout could hold a `git` there.

    Raises:
        GitError: when git is not installed.
    """
    name = "git.exe" if os.name == "nt" else "git"
    for folder in filter(os.path.isabs, os.get_exec_path()):
        path = Path(folder, name)
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    message = "git is not installed, and this needs it"
    raise GitError(message)


def _git_command(top: Path, settings: Iterable[str], arguments: Iterable[str]) -> list[str]:
    options = (part for setting in (*_SETTINGS, *settings) for part in ("-c", setting))
    return [_git_path(), "-C", str(top), "--no-pager", *options, *arguments]


def start_git(top: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start git with pipes as its standard streams.

    Raises:
        GitError: when git is not installed.
    """
    command = _git_command(top, (), arguments)
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ, **_ENVIRONMENT})  # noqa: S603 - git with our arguments


def git(
    top: Path,
    *arguments: str,
    settings: Iterable[str] = (),
    environment: Mapping[str, str] = MappingProxyType({}),
    data: bytes = b"",
) -> bytes:
    """Return what `git` prints.

    Args:
        top: the folder to run in.
        arguments: the command and its arguments.
        settings: more settings, as `key=value`.
        environment: variables to set besides the usual ones.
        data: its standard input.

    Raises:
        GitError: when git is not installed, or fails.
    """
    command = _git_command(top, settings, arguments)
    variables = {**os.environ, **_ENVIRONMENT, **environment}
    done = subprocess.run(command, input=data, capture_output=True, check=False, env=variables)  # noqa: S603 - git with our arguments
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        message = f"git {arguments[0]}: {lines[0] if lines else f'exit code {done.returncode}'}"
        remedy = next((line.strip() for line in lines if line.lstrip().startswith(_SAFE_DIRECTORY)), "")
        raise GitError(f"{message}; `{remedy}` allows it" if remedy else message)
    return done.stdout


def work_tree_top(folder: Path) -> Path:
    """Return the top of the work tree that `folder` is in.

    Raises:
        GitError: when it is in none, or when `core.worktree` names a folder from which git does not find the repository.
    """
    try:
        found = git(find_top(folder) or folder, "rev-parse", "--show-toplevel")
    except GitError as error:
        if not any(words in str(error) for words in _NO_WORK_TREE):
            raise
        message = f"{folder} is in no git work tree"
        raise GitError(message) from error
    top = Path(os.fsdecode(found).rstrip("\n"))
    is_found = (top / ".git").exists() or "GIT_DIR" in os.environ
    if not is_found or not folder.resolve().is_relative_to(top.resolve()):
        message = f"the work tree of this repository is {top} (`core.worktree`), which patternlint does not support"
        raise GitError(message)
    return top


def commit_of(top: Path, revision: str) -> str:
    """Return the id of the commit that `revision` names.

    Raises:
        GitError: if it does not exist, with the fetch command if the repository is shallow.
    """
    try:
        found = git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except GitError as error:
        message = f"no commit `{revision}` here"
        if is_shallow(top):
            message += f"; this clone is shallow: `{fetch_command(top, revision)}` fetches it"
        raise GitError(message) from error
    return found.decode().strip()


def is_unborn(top: Path) -> bool:
    """Return whether the current branch has no commit yet."""
    try:
        branch = git(top, "symbolic-ref", "--quiet", "HEAD").decode().strip()
    except GitError:
        return False  # a detached HEAD, or git refuses
    try:
        git(top, "rev-parse", "--verify", "--quiet", branch)
    except GitError:
        return True
    return False


def fetch_command(top: Path, revision: str) -> str:
    """Return a command that fetches `revision` into a shallow clone."""
    ancestor = _ANCESTOR.fullmatch(revision)
    if ancestor is not None:
        return f"git fetch --deepen={int(ancestor[2] or 1)}"
    if _FULL_ID.fullmatch(revision):
        return f"git fetch --depth=1 origin {revision}"
    if not _REFERENCE.fullmatch(revision) or ".." in revision or all(one in "0123456789abcdef" for one in revision):
        return "git fetch --unshallow"
    remotes = git(top, "remote").decode("utf-8", "replace").split()
    remote, _, branch = revision.partition("/")
    if branch and remote in remotes:
        return fetch_branch(remote, branch)
    return f"git fetch --depth=1 origin {revision}:{revision}"


def fetch_branch(remote: str, branch: str) -> str:
    """Return a command that fetches a branch into a shallow clone, which may be one of a single other branch."""
    return f"git fetch --depth=1 {remote} {shlex.quote(f'{branch}:refs/remotes/{remote}/{branch}')}"


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
    """Yield the files of a commit, without links and submodules."""
    for record in git(top, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        if record:
            meta, _, path = record.partition(b"\t")
            mode, kind, blob = meta.split(b" ")
            if kind == b"blob" and mode != _LINK:
                yield TreeFile(os.fsdecode(path), bytes.fromhex(blob.decode()))


def files_of_index(top: Path, *paths: str) -> Iterator[TreeFile]:
    """Yield the files of the index, of all paths or of some; without links, submodules and files with a conflict."""
    for record in git(top, "ls-files", "-s", "-z", "--full-name", "--", *paths).split(b"\0"):
        if record:
            meta, _, path = record.partition(b"\t")
            mode, blob, stage = meta.split(b" ")
            if mode.startswith(b"100") and stage == b"0":
                yield TreeFile(os.fsdecode(path), bytes.fromhex(blob.decode()))


def diff(top: Path, *what: str) -> tuple[FileChange, ...]:
    """Return the differences between two commits, or with `--cached` between a commit and the index; renames are paired.

    Args:
        top: the top of the work tree.
        what: the arguments of `git diff`. Not a commit alone: the work tree is compared by `modified_files`.
    """
    fields = git(top, "diff", "--name-status", "-M", *_DIFF, *what).split(b"\0")
    found: list[FileChange] = []
    index = 0
    while index < len(fields) - 1:
        status = fields[index][:1]
        first = os.fsdecode(fields[index + 1])
        if status in (b"R", b"C"):
            found.append(FileChange(first if status == b"R" else "", os.fsdecode(fields[index + 2])))
            index += 3
            continue
        found.append(FileChange("" if status == b"A" else first, "" if status == b"D" else first))
        index += 2
    return tuple(found)


def modified_files(top: Path, commit: str) -> frozenset[str]:
    """Return the paths, from the top, of tracked files that the work tree and a commit have otherwise.

    Git decides by its attributes and settings: line ends that a checkout converts are not a difference.

    Raises:
        GitError: when git fails, or has a filter that cannot be turned off.
    """
    import shutil  # noqa: PLC0415 - for comparisons with the work tree only
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - as above

    arguments = ("diff", "--name-only", "--no-renames", *_DIFF, commit)
    with TemporaryDirectory(prefix="patternlint-") as folder:
        index = top / os.fsdecode(git(top, "rev-parse", "--git-path", "index")).rstrip("\n")
        copy = Path(folder, "index")  # `git diff` writes new stat values, whatever GIT_OPTIONAL_LOCKS says
        if index.exists():
            shutil.copy2(index, copy)
        found = git(top, *arguments, settings=_no_filters(top), environment={"GIT_INDEX_FILE": str(copy)})
    return frozenset(os.fsdecode(name) for name in found.split(b"\0"))


def _no_filters(top: Path) -> Iterator[str]:
    """Yield settings that turn off the filters of all drivers: git runs them to compare files in the work tree.

    Raises:
        GitError: when a name cannot be written on the command line.
    """
    keys = git(top, "config", "--list", "--name-only", "-z").decode("utf-8", "surrogateescape").split("\0")
    for driver in sorted({key.rpartition(".")[0] for key in keys if key.startswith("filter.")}):
        if "=" in driver:
            message = f"git has a filter whose name holds `=`, so it cannot be turned off: {driver}"
            raise GitError(message)
        yield from (f"{driver}.clean=", f"{driver}.process=", f"{driver}.required=false")


def missing_blobs(top: Path, files: Iterable[TreeFile]) -> frozenset[bytes]:
    """Return the contents that git does not have, of those of `files`: a partial clone lacks some."""
    names = "".join(f"{file.blob_id.hex()}\n" for file in files).encode()
    lines = git(top, "cat-file", "--batch-check", data=names).splitlines() if names else []
    return frozenset(bytes.fromhex(line.split()[0].decode()) for line in lines if line.endswith(b" missing"))


class BlobReader:
    """Reads contents by id, through one `git cat-file --batch` that starts when the first is asked for.

    Args:
        top: the top of the repository.
    """

    def __init__(self, top: Path) -> None:
        self._top = top
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, blob: bytes) -> bytes:
        """Return a content.

        Raises:
            GitError: when git does not have it.
        """
        if self._process is None:
            self._process = start_git(self._top, "cat-file", "--batch")
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:  # pragma: no cover - both are pipes
            raise OSError
        stdin.write(blob.hex().encode() + b"\n")
        stdin.flush()
        header = stdout.readline().split()
        if len(header) != 3:  # noqa: PLR2004 - id, type, size
            raise GitError(_missing(self._top, blob))
        data = stdout.read(int(header[2]))
        stdout.read(1)
        return data

    def close(self) -> None:
        """End git."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


def _missing(top: Path, blob: bytes) -> str:
    """Return what to tell about a content that git does not have."""
    message = f"git does not have the content {blob.hex()} of a file"
    if b".promisor\0" not in git(top, "config", "--list", "--name-only", "-z"):
        return message
    return f"{message}: this is a partial clone, and patternlint fetches nothing; `{_FETCH_ALL}` fetches all contents"
