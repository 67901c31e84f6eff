"""Files and folder listings of a run."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from patternlint.document.identifiers import SKIPPED_FOLDERS, is_markdown_name, is_skipped_folder
from patternlint.project.config import CONFIG_NAMES


class FileRef(Struct, frozen=True, gc=False):
    r"""A file of a run.

    Attributes:
        path: the path for display: relative to the working directory, with `/`, non-UTF-8 bytes as `\\xe9`.
        absolute: the absolute path.
        is_target: whether findings are reported for it.
        internal: whether it belongs to the library; false for a file that is only there to resolve links.
        declared_pattern: whether the user declares it a pattern, by naming it or in the configuration.
        version: which content it has.
        explicit: whether it is checked because the user named it.
        root: the folder of the project with a separator at the end; empty without one.
    """

    path: str
    absolute: str
    is_target: bool
    internal: bool
    declared_pattern: bool
    version: FileVersion
    explicit: bool = False
    root: str = ""

    @property
    def key(self) -> str:
        """The file key in the cache. Declared patterns have other keys, because their analysis may differ.

        It is relative to the project: another clone has the same keys.
        """
        real = encodable(self.absolute.removeprefix(self.root))
        return f"!{real}" if self.declared_pattern else real

    @property
    def blob_id(self) -> bytes:
        """The blob id of a file of a commit or of the index; empty for a file on disk."""
        return self.version if isinstance(self.version, bytes) else b""

    @property
    def folder_and_name(self) -> tuple[str, str]:
        """The folder and the file name."""
        return os.path.split(self.absolute)


class FolderListing(Struct, frozen=True, gc=False):
    """A folder of a run: its absolute path, the versions of its Markdown files by name, and whether it is internal."""

    path: str
    files: Mapping[str, FileVersion]
    internal: bool


def path_prefixes(folders: Iterable[Path]) -> tuple[str, ...]:
    """Return folders as strings with a separator at the end, for `str.startswith`."""
    return tuple(f"{str(folder).rstrip(os.sep)}{os.sep}" for folder in folders)


_ESCAPE = re.compile(r"\\(?:\\|x([0-9a-f]{2}))")

NO_STAMP: FileStamp = (0, 0, 0, 0)


def is_hidden(path: str) -> bool:
    """Return whether a relative path is in a folder that is never listed."""
    return any(map(is_skipped_folder, path.split(os.sep)))


def walk(
    root: str, excluded: Callable[[str], bool], configs: list[Path], left_out: list[str], *, links: bool = True
) -> Iterator[tuple[str, dict[str, FileStamp]]]:
    """Yield `root` and the folders below it, with their Markdown files sorted by name.

    Files named like a configuration are added to `configs`, excluded Markdown files to `left_out`. A folder that cannot be
    listed has one file with an empty name. Links to folders are not followed, because they may lead outside or form cycles.

    Args:
        root: an absolute path.
        excluded: returns whether an absolute path is excluded.
        configs: receives paths.
        left_out: receives paths.
        links: whether links to files inside `root` are followed. Git has no content for them.
    """
    top = os.path.realpath(root)
    stack = [root]
    while stack:
        folder = stack.pop()
        try:
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=attrgetter("name"))
        except FileNotFoundError:
            continue  # deleted during the walk
        except OSError:
            yield folder, {"": NO_STAMP}  # reading it reports the error
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
            elif name not in SKIPPED_FOLDERS and entry.is_dir(follow_symlinks=False):
                stack.append(entry.path)
        yield folder, files


def _markdown_in(entry: os.DirEntry[str]) -> Iterator[str]:
    """Yield the path of a Markdown file, or of those in a folder; no links, and no files of other repositories."""
    if entry.is_file(follow_symlinks=False) and is_markdown_name(entry.name):
        yield entry.path
    elif entry.name not in SKIPPED_FOLDERS and entry.is_dir(follow_symlinks=False):
        for folder, folders, names in os.walk(entry.path):
            if ".git" in (*folders, *names):
                folders.clear()
                continue
            folders[:] = [name for name in folders if name[0] != "." and name not in SKIPPED_FOLDERS]
            yield from (
                path
                for name in names
                if name[0] != "." and is_markdown_name(name) and not os.path.islink(path := os.path.join(folder, name))
            )


def _links_into(path: str, top: str) -> bool:
    """Return whether a link leads to a file below `top` that is not listed itself."""
    real = os.path.realpath(path)
    if not (real.startswith(top + os.sep) and os.path.isfile(real)):
        return False
    below = real[len(top) + 1 :]
    return not is_markdown_name(below) or is_hidden(below)


def make_display_path() -> Callable[[str], str]:
    """Return a function that turns absolute paths into paths for display (see `FileRef.path`)."""
    here = os.getcwd()

    @cache
    def prefix_of(folder: str) -> str:
        relative = os.path.relpath(folder, here).replace(os.sep, "/")
        return "" if relative == "." else encodable(f"{relative}/")

    def display(absolute: str) -> str:
        folder, name = os.path.split(absolute)
        return prefix_of(folder) + encodable(name)

    return display


def encodable(path: str) -> str:
    r"""Return a path with bytes that are not UTF-8 (surrogates in Python) as `\xe9`.

    A file named `\xe9` becomes `\\xe9`, so different paths stay different.
    """
    if "\\" in path and ("\\x" in path or any("\udc80" <= character <= "\udcff" for character in path)):
        path = path.replace("\\", "\\\\")
    if path.isascii():
        return path
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def decodable(path: str) -> str:
    """Return the path on disk for a path from `encodable`."""
    if "\\x" not in path:
        return path
    return _ESCAPE.sub(lambda found: chr(0xDC00 + int(found[1], 16)) if found[1] else "\\", path)


FileStamp = tuple[int, int, int, int]
"""Stat values of a file: size in bytes, mtime and ctime in nanoseconds, inode number."""

FileVersion = FileStamp | bytes
"""What tells the content of a file from others: on disk its stat values, in a commit or in the index its blob id."""


def stamp_of(info: os.stat_result) -> FileStamp:
    """Return the stamp in a `stat` result."""
    return info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino
