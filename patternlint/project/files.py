"""Files and folder listings of a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from patternlint.document.identifiers import is_markdown_name
from patternlint.project.config import CONFIG_NAMES
from patternlint.project.git import TreeFile

SKIPPED = frozenset(("node_modules", "__pycache__", "site-packages", "venv"))
"""Folders that never hold patterns; those whose name begins with a dot are left out too."""


class FileRef(Struct, frozen=True, gc=False):
    r"""A file of a run.

    Attributes:
        path: as people see it: relative to the working directory, with `/`, bytes that are no UTF-8 as `\\xe9`.
        absolute: the absolute path.
        is_target: whether findings about it are wanted.
        internal: false for a file of a library that is only there to resolve against.
        declared_pattern: whether a person says that it is a pattern.
        stamp: what the folder says about it.
        blob_id: the content's name in git, for a file of a commit or of the index; empty for a file on disk.
        explicit: whether it is looked at because a person asked for it by name.
    """

    path: str
    absolute: str
    is_target: bool
    internal: bool
    declared_pattern: bool
    stamp: FileStamp
    blob_id: bytes = b""
    explicit: bool = False

    @property
    def key(self) -> str:
        """What it is known by in the cache: that a person says what it is changes what it teaches."""
        real = encodable(self.absolute)
        return f"!{real}" if self.declared_pattern else real

    @property
    def folder_and_name(self) -> tuple[str, str]:
        """Its folder and its name there."""
        return os.path.split(self.absolute)


class FolderListing(Struct, frozen=True, gc=False):
    """A folder of a run: its absolute path, the stamps of its Markdown files by name, and whether it is reported on."""

    path: str
    files: Mapping[str, FileStamp]
    internal: bool


def path_prefixes(folders: Iterable[Path]) -> tuple[str, ...]:
    """Return what the absolute paths of everything below some folders begin with."""
    return tuple(f"{str(folder).rstrip(os.sep)}{os.sep}" for folder in folders)


class FileSet:
    """The files of a run; made when they are asked for."""

    def __init__(self, make: Callable[[], Sequence[FileRef]]) -> None:
        """Take what makes them, in the order of the paths that people see."""
        self._make = make

    @cached_property
    def all(self) -> Sequence[FileRef]:
        """All files."""
        return self._make()

    @cached_property
    def targets(self) -> Sequence[FileRef]:
        """The files that findings are wanted about."""
        return [ref for ref in self.all if ref.is_target]

    @cached_property
    def by_path(self) -> Mapping[str, FileRef]:
        """All files by the path that people see."""
        return {ref.path: ref for ref in self.all}

    def get(self, path: str) -> FileRef | None:
        """Return the file of a path."""
        return self.by_path.get(path)


NO_STAMP: FileStamp = (0, 0, 0, 0)


def is_hidden(path: str) -> bool:
    """Return whether a part of a relative path is one that is never listed."""
    return any(part[:1] == "." or part in SKIPPED for part in path.split(os.sep))


def configs_among(files: Iterable[TreeFile], top: Path, excluded: Callable[[str], bool]) -> Iterator[Path]:
    """Yield the absolute paths of the files of a commit or of the index that are called like a config.

    Args:
        files: the files that git has.
        top: the top of the work tree.
        excluded: as for `discover`.
    """
    for file in files:
        if file.path.endswith(CONFIG_NAMES) and not is_hidden(file.path.replace("/", os.sep)):
            path = top.joinpath(*file.path.split("/"))
            if path.name in CONFIG_NAMES and not excluded(str(path)):
                yield path


def walk(
    root: str, excluded: Callable[[str], bool], configs: list[Path], left_out: list[str], *, links: bool = True
) -> Iterator[tuple[str, dict[str, FileStamp]]]:
    """Yield `root` and the folders below it, with their Markdown files in the order of their names.

    Files called like a config are added to `configs`, excluded Markdown files to `left_out`.

    A folder that cannot be listed has one file without a name, which is the folder itself.
    Links to folders are not followed: they could lead out, or in circles. Links to files are followed only when asked
    for: git has no content for one.
    """
    top = os.path.realpath(root)
    stack = [root]
    while stack:
        folder = stack.pop()
        try:
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=attrgetter("name"))
        except FileNotFoundError:
            continue  # it was there a moment ago
        except OSError:
            yield folder, {"": NO_STAMP}  # who tries to read it will say why it cannot be
            continue
        files: dict[str, FileStamp] = {}
        for entry in ordered:
            name = entry.name
            if name[0] == ".":
                continue
            if excluded(entry.path):
                left_out += _markdown_in(entry)
                continue
            is_file = entry.is_file() if not entry.is_symlink() else links and _links_into(entry.path, top)
            if is_file and is_markdown_name(name):
                with suppress(OSError):
                    files[name] = stamp_of(entry.stat())
            elif name in CONFIG_NAMES:
                configs.append(Path(entry.path))
            elif name not in SKIPPED and entry.is_dir(follow_symlinks=False):
                stack.append(entry.path)
        yield folder, files


def _markdown_in(entry: os.DirEntry[str]) -> Iterator[str]:
    """Yield the Markdown files in an excluded folder, or the path of an excluded Markdown file; links are left out."""
    if entry.is_file(follow_symlinks=False) and is_markdown_name(entry.name):
        yield entry.path
    elif entry.name not in SKIPPED and entry.is_dir(follow_symlinks=False):
        for folder, folders, names in os.walk(entry.path):
            if ".git" in (*folders, *names):  # a repository of its own
                folders.clear()
                continue
            folders[:] = [name for name in folders if name[0] != "." and name not in SKIPPED]
            yield from (
                path
                for name in names
                if name[0] != "." and is_markdown_name(name) and not os.path.islink(path := os.path.join(folder, name))
            )


def _links_into(path: str, top: str) -> bool:
    """Return whether a link leads to a file below `top` that is not listed under its own name."""
    real = os.path.realpath(path)
    if not (real.startswith(top + os.sep) and os.path.isfile(real)):
        return False
    below = real[len(top) + 1 :]
    return not is_markdown_name(below) or is_hidden(below)


def display_path_of() -> Callable[[str], str]:
    """Return a function that writes an absolute path relative to the working directory, with `/`."""
    here = os.getcwd()
    folders: dict[str, str] = {}

    def show(real: str) -> str:
        folder, name = os.path.split(real)
        shown = folders.get(folder)
        if shown is None:
            relative = os.path.relpath(folder, here).replace(os.sep, "/")
            shown = folders[folder] = "" if relative == "." else encodable(f"{relative}/")
        return shown + encodable(name)

    return show


def _is_utf8(path: str) -> bool:
    return not any("\udc80" <= character <= "\udcff" for character in path)


def encodable(path: str) -> str:
    r"""Return a path that can be written anywhere: bytes that are no UTF-8 (Python has them as surrogates) as `\xe9`.

    A file that is really called `\xe9` becomes `\\xe9`, so no two paths become one.
    """
    if "\\" in path and ("\\x" in path or not _is_utf8(path)):
        path = path.replace("\\", "\\\\")
    if path.isascii():
        return path
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


FileStamp = tuple[int, int, int, int]
"""What a folder says about a file: size in bytes, times of change of content and of anything in nanoseconds, inode number."""


def stamp_of(info: os.stat_result) -> FileStamp:
    """Return the stamp in a `stat` result."""
    return info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino
