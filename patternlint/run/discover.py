"""Which files a run looks at: those asked for, and the library around them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from msgspec import Struct

from patternlint.cache import Stamp
from patternlint.git import TreeFile
from patternlint.suggest import nearest
from patternlint.trouble import Trouble

SUFFIX = ".md"
SKIPPED = frozenset(("node_modules", "__pycache__", "site-packages", "venv"))
"""Folders that never hold patterns; those whose name begins with a dot are left out too."""


class DiscoveryError(Trouble):
    """A path that cannot be looked at: one clear sentence."""


class FileRef(Struct, frozen=True, gc=False):
    r"""A file of a run.

    Attributes:
        path: as people see it: relative to the working directory, with `/`, bytes that are no UTF-8 as `\\xe9`.
        real: the absolute path.
        wanted: whether findings about it are wanted.
        reported: false for a file of a library that is only there to resolve against.
        named: whether a person says that it is a pattern.
        stamp: what the folder says about it.
        blob: the content's name in git, for a file of a commit or of the index; empty for a file on disk.
    """

    path: str
    real: str
    wanted: bool
    reported: bool
    named: bool
    stamp: Stamp
    blob: bytes = b""

    @property
    def key(self) -> str:
        """What it is known by in the cache: that a person says what it is changes what it teaches."""
        real = _encodable(self.real)
        return f"!{real}" if self.named else real


class Places(Struct, frozen=True):
    """Where a run looks.

    Attributes:
        targets: what was asked for: files and folders, absolute.
        roots: the folders whose patterns are the library, absolute; empty when nothing says where the library is.
        extra: folders that links may resolve to, absolute.
        forced: whether a file that was asked for is looked at whatever the config says, and taken for a pattern
            whatever it holds.
        home: the folder of the config or the top of the repository, absolute; None when there is neither.
    """

    targets: tuple[Path, ...]
    roots: tuple[Path, ...]
    extra: tuple[Path, ...]
    forced: bool = True
    home: Path | None = None

    @property
    def has_library(self) -> bool:
        """Whether there is a library to check links against."""
        return bool(self.roots or self.extra)


def absolute(path: Path | str) -> Path:
    """Return `path` absolute and without `..`, symbolic links kept."""
    return Path(os.path.normpath(Path.cwd() / path))


def find_places(
    paths: Iterable[Path],
    config_folder: Path | None,
    extra: Iterable[Path],
    *,
    exist: bool = True,
    forced: bool = True,
) -> Places:
    """Return where a run looks.

    The root of the library is the folder of the config, else the top of the git repository, else the given folder when
    it holds several patterns.

    Args:
        paths: what is asked for.
        config_folder: the folder of the config, where there is one.
        extra: folders that links may resolve to.
        exist: whether what is asked for must exist.
        forced: see `Places`.

    Raises:
        DiscoveryError: when a path does not exist, with the nearest name that does.
    """
    targets = tuple(absolute(path) for path in paths)
    for path in targets:
        if exist:
            _require(path)
    more = tuple(absolute(path) for path in extra)
    for path in more:
        _require(path)
        if not path.is_dir():
            message = f"a library is a folder, and {path} is none"
            raise DiscoveryError(message)
    roots: list[Path] = []
    home: Path | None = None
    for path in targets:
        project = config_folder or git_top(path)
        home = home or project
        root = project or (path if path.is_dir() and _holds_several(path) else None)
        if root is not None and root not in roots:
            roots.append(root)
    return Places(targets, tuple(roots), more, forced, home)


def _holds_several(folder: Path) -> bool:
    """Return whether a folder holds more than one Markdown file: one pattern alone is no library."""
    return sum(1 for _ in islice(_walk(str(folder), lambda _: False), 2)) > 1


def git_top(path: Path) -> Path | None:
    """Return the top of the git repository that `path` is in, or None."""
    for folder in (path, *path.parents):
        if (folder / ".git").exists():
            return folder
    return None


def _require(path: Path) -> None:
    if os.path.lexists(path):
        try:
            mode = path.stat().st_mode
        except OSError as error:
            message = f"{path} cannot be read: {error.strerror}"
            raise DiscoveryError(message) from error
        if not (S_ISREG(mode) or S_ISDIR(mode)):
            message = f"{path} is no file and no folder"
            raise DiscoveryError(message)
        return
    message = f"there is no file or folder {path}"
    parent = path.parent
    if parent.is_dir():
        found = nearest(path.name, (entry.name for entry in os.scandir(parent)))
        if found:
            message += f"; did you mean `{parent / found[0]}`?"
    raise DiscoveryError(message)


def discover(
    places: Places,
    excluded: Callable[[str], bool],
    named: Callable[[str], bool],
) -> list[FileRef]:
    """Return the files of a run, sorted by the path that people see; each once.

    Args:
        places: where to look.
        excluded: whether a file or folder, by its absolute path, is left out. One that was asked for is not.
        named: whether the config says, by a file's absolute path, that it is a pattern.
    """
    show = _shower()
    found: dict[str, FileRef] = {}
    wanted_files = {str(path) for path in places.targets if not path.is_dir()}
    wanted_folders = tuple(f"{path}{os.sep}" for path in places.targets if path.is_dir())
    every = {str(path) for path in places.targets} >= {str(path) for path in places.roots}

    for root in (*places.roots, *(path for path in places.targets if path.is_dir())):
        for real, info in _walk(str(root), excluded):
            if real not in found:
                wanted = every or real in wanted_files or real.startswith(wanted_folders)
                found[real] = FileRef(show(real), real, wanted, True, named(real), Stamp.of(info))  # noqa: FBT003
    for real in sorted(wanted_files) if places.forced else ():
        stamp = Stamp.of(os.stat(real)) if os.path.exists(real) else NO_STAMP
        found[real] = FileRef(show(real), real, True, True, True, stamp)  # noqa: FBT003
    for root in places.extra:
        for real, info in _walk(str(root), excluded):
            if real not in found:
                found[real] = FileRef(show(real), real, False, False, False, Stamp.of(info))  # noqa: FBT003
    return sorted(found.values(), key=lambda ref: ref.path)


NO_STAMP = Stamp(0, 0, 0, 0)


def refs_of(
    files: Iterable[TreeFile],
    top: Path,
    places: Places,
    excluded: Callable[[str], bool],
    named: Callable[[str], bool],
) -> list[FileRef]:
    """Return the files of a commit or of the index that a run looks at, sorted by the path that people see.

    Args:
        files: the files that git has.
        top: the top of the work tree.
        places: where to look: roots and targets as on disk, though they need not exist there.
        excluded: as for `discover`.
        named: as for `discover`.
    """
    show = _shower()
    roots = tuple(f"{str(root).rstrip(os.sep)}{os.sep}" for root in places.roots)
    targets = tuple(str(path) for path in places.targets)
    below = tuple(f"{target.rstrip(os.sep)}{os.sep}" for target in targets)
    found: list[FileRef] = []
    for file in files:
        if not file.path.endswith(SUFFIX) or any(part[0] == "." or part in SKIPPED for part in file.path.split("/")):
            continue
        real = os.path.join(top, *file.path.split("/"))
        if real.startswith(roots) and not excluded(real):
            wanted = real in targets or real.startswith(below)
            found.append(FileRef(show(real), real, wanted, True, named(real), NO_STAMP, file.blob))  # noqa: FBT003
    found.sort(key=lambda ref: ref.path)
    return found


def _walk(root: str, excluded: Callable[[str], bool]) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the Markdown files below `root`. Links to folders are not followed: they could lead out, or in circles."""
    top = os.path.realpath(root)
    stack = [root]
    while stack:
        try:
            entries = list(os.scandir(stack.pop()))
        except OSError:
            continue
        for entry in entries:
            name = entry.name
            if name[0] == "." or excluded(entry.path):
                continue
            if entry.is_dir(follow_symlinks=False):
                if name not in SKIPPED:
                    stack.append(entry.path)
            elif name.endswith(SUFFIX) and (_inside(entry.path, top) if entry.is_symlink() else entry.is_file()):
                with suppress(OSError):
                    yield entry.path, entry.stat()


def _inside(path: str, top: str) -> bool:
    """Return whether a link leads to a file below `top`."""
    real = os.path.realpath(path)
    return real.startswith(top + os.sep) and os.path.isfile(real)


def _shower() -> Callable[[str], str]:
    """Return a function that writes an absolute path relative to the working directory, with `/`."""
    here = os.getcwd()
    folders: dict[str, str] = {}

    def show(real: str) -> str:
        folder, name = os.path.split(real)
        shown = folders.get(folder)
        if shown is None:
            relative = os.path.relpath(folder, here).replace(os.sep, "/")
            shown = folders[folder] = "" if relative == "." else _encodable(f"{relative}/")
        return shown + _encodable(name)

    return show


def _encodable(path: str) -> str:
    r"""Return a path that can be written anywhere: bytes that are no UTF-8 (Python has them as surrogates) as `\xe9`.

    Two files may come to be shown alike so, when one is really called `\xe9`: nobody has such files.
    """
    if path.isascii():
        return path
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
