"""Which files a run looks at: those asked for, and the library around them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from msgspec import Struct
from msgspec.structs import replace

from patternlint.cache import Stamp, stamp_of
from patternlint.config import CONFIG_NAMES, distrust, find_config, is_config
from patternlint.git import TreeFile, find_top
from patternlint.names import is_markdown_name
from patternlint.run.worktree import WorkTree
from patternlint.suggest import nearest
from patternlint.trouble import Trouble

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
        forced: whether it is looked at because a person asked for it by name.
    """

    path: str
    real: str
    wanted: bool
    reported: bool
    named: bool
    stamp: Stamp
    blob: bytes = b""
    forced: bool = False

    @property
    def key(self) -> str:
        """What it is known by in the cache: that a person says what it is changes what it teaches."""
        real = encodable(self.real)
        return f"!{real}" if self.named else real

    @property
    def place(self) -> tuple[str, str]:
        """Its folder and its name there."""
        return os.path.split(self.real)


class Places(Struct, frozen=True):
    """Where a run looks.

    Attributes:
        targets: what was asked for: files and folders, absolute.
        roots: the folders whose patterns are the library, absolute; empty when nothing says where the library is.
        extra: folders that links may resolve to, absolute.
        forced: whether a file that was asked for is looked at whatever the config says, and taken for a pattern
            whatever it holds.
        home: the folder of the config or the top of the repository, absolute; None when there is neither.
        nested: the folders below the roots that have a config of their own, absolute. Their patterns are there to
            resolve links, and are checked in runs of their own.
        configs: the configs that count, by their paths; None for those on disk.
        excluded: the Markdown files below the roots and targets that the config excludes, as people see their paths.
    """

    targets: tuple[Path, ...]
    roots: tuple[Path, ...]
    extra: tuple[Path, ...]
    forced: bool = True
    home: Path | None = None
    nested: tuple[Path, ...] = ()
    configs: tuple[Path, ...] | None = None
    excluded: tuple[str, ...] = ()

    def with_excluded(self, paths: Iterable[str]) -> Places:
        """Return these places with the Markdown files that the config excludes, by absolute path."""
        return replace(self, excluded=tuple(map(_shower(), sorted(paths))))

    def with_nested(self, found: Iterable[Path], excluded: Callable[[str], bool]) -> Places:
        """Return these places with the nested folders.

        Args:
            found: the files below the roots that are called like a config.
            excluded: as for `look_through`.
        """
        if self.configs is None:
            counting = [path for path in found if is_config(path)]
        else:
            counting = [path for path in self.configs if not excluded(str(path))]
        others = {*self.roots, self.home}
        folders = (
            path.parent
            for path in sorted(counting)
            if path.parent not in others and any(map(path.is_relative_to, self.roots))
        )
        return replace(self, nested=tuple(dict.fromkeys(folders)))

    def nested_targets(self) -> Iterator[Path]:
        """Yield the nested folders below the targets, without those below another nested folder."""
        for folder in self.nested:
            if not any(folder.is_relative_to(other) for other in self.nested if other != folder) and any(
                folder.is_relative_to(target) for target in self.targets
            ):
                yield folder

    def root_of(self, path: Path) -> Path:
        """Return the folder that a file belongs to, by its absolute path: its library's, else the one that it is in."""
        return next((root for root in self.roots if path.is_relative_to(root)), path.parent)

    def is_reported(self, path: Path) -> bool:
        """Return whether a file belongs to the library that is reported on, by its absolute path."""
        return any(map(path.is_relative_to, self.roots)) and not any(map(path.is_relative_to, self.nested))

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
        DiscoveryError: when a path does not exist, with the nearest name that does, or leads out of its repository.
    """
    targets = tuple(_without_links(absolute(path), config_folder) for path in paths)
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
        project = config_folder or find_top(path)
        home = home or project
        root = project or (path if path.is_dir() and _holds_several(path) else None)
        if root is not None and root not in roots:
            roots.append(root)
    return Places(targets, tuple(roots), more, forced, home)


def _holds_several(folder: Path) -> bool:
    """Return whether a folder holds more than one Markdown file: one pattern alone is no library."""
    count = 0
    return any((count := count + len(files)) > 1 for _, files in _walk(str(folder), lambda _: False, [], []))


def enclosing(folder: Path) -> Path | None:
    """Return the folder around that of a config whose patterns links may resolve to as well, or None.

    It is the top of the git repository; without one, the folder of the next config upwards.
    """
    top = find_top(folder)
    if top is None:
        outer = find_config(folder.parent)
        return outer.parent if outer is not None and not distrust(outer, folder.parent) else None
    return top if top != folder else None


def _without_links(path: Path, config_folder: Path | None) -> Path:
    """Return a path in the same project that goes through no symbolic link: one file has one path.

    Args:
        path: an absolute path.
        config_folder: the folder of the config, where there is one.

    Raises:
        DiscoveryError: when a link to an existing file or folder leads out of the project that holds the link.
    """
    for link in (path, *path.parents):
        if not link.is_symlink():
            continue
        for project in (config_folder, find_top(link.parent)):
            if project is None or not link.is_relative_to(project):
                continue
            real, top = path.resolve(), project.resolve()
            if real.is_relative_to(top):
                return project / real.relative_to(top)
            if link != path or real.is_file() or real.is_dir():
                kind = "file" if link == path and not real.is_dir() else "folder"
                message = f"{link} is a link out of {project}; name the {kind} that it leads to: {link.resolve()}"
                raise DiscoveryError(message)
    return path


def _require(path: Path) -> None:
    if os.path.lexists(path):
        try:
            mode = path.stat().st_mode
        except FileNotFoundError as error:
            message = f"{path} is a link to a file that is not there"
            raise DiscoveryError(message) from error
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


def existing(path: Path | str) -> Path:
    """Return `path` absolute and without `..`, symbolic links kept.

    Raises:
        DiscoveryError: when it does not exist, with the nearest name that does.
    """
    found = absolute(path)
    _require(found)
    return found


class Folder(Struct, frozen=True, gc=False):
    """A folder of a run: its absolute path, the stamps of its Markdown files by name, and whether it is reported on."""

    path: str
    files: Mapping[str, Stamp]
    reported: bool


class Listing(Struct, frozen=True):
    """The files of a run on disk, by folder, and those that a sparse checkout leaves out: only git has these.

    Attributes:
        folders: the folders that hold Markdown files, each once.
        unchecked: the others, by absolute path, with their contents' ids.
        configs: the files that are called like a config.
        excluded: the Markdown files that the config excludes, by absolute path.
    """

    folders: Sequence[Folder]
    unchecked: Mapping[str, bytes] = {}
    configs: Sequence[Path] = ()
    excluded: frozenset[str] = frozenset()


def look_through(places: Places, excluded: Callable[[str], bool]) -> tuple[Places, Listing]:
    """Return the places with all nested configs, and the files of a run.

    Args:
        places: where to look.
        excluded: whether a file or folder, by its absolute path, is left out. One that was asked for is not.
    """
    roots = (*places.roots, *(path for path in places.targets if path.is_dir()))
    listing = _list_roots(roots, excluded)
    if listing.configs or places.configs:
        places = places.with_nested(listing.configs, excluded)
    if listing.excluded:
        places = places.with_excluded(listing.excluded)
    nested = _prefixes(places.nested)
    found = {folder.path: folder.files for folder in listing.folders}
    folders = [
        Folder(path, files, not nested or not f"{path}{os.sep}".startswith(nested))
        for path, files in found.items()
        if files
    ]
    inner = frozenset(map(str, places.roots))
    for folder in _list_roots(places.extra, lambda path: path in inner or excluded(path)).folders:
        known = found.get(folder.path, {})
        files = folder.files
        others = {name: stamp for name, stamp in files.items() if name not in known} if known else files
        if others:
            folders.append(Folder(folder.path, others, False))  # noqa: FBT003
    return places, Listing(folders, listing.unchecked)


def _prefixes(folders: Iterable[Path]) -> tuple[str, ...]:
    """Return what the absolute paths of everything below some folders begin with."""
    return tuple(f"{str(folder).rstrip(os.sep)}{os.sep}" for folder in folders)


def _list_roots(roots: Iterable[Path], excluded: Callable[[str], bool]) -> Listing:
    """Return all folders with their files. Where there is git, it decides which files are seen.

    A folder below several roots has the files that are visible from any.
    """
    found: dict[str, dict[str, Stamp]] = {}
    unchecked: dict[str, bytes] = {}
    configs: list[Path] = []
    left_out: list[str] = []
    trees = {root: _work_tree(root) for root in dict.fromkeys(map(str, roots))}
    for root, tree in trees.items():
        if tree is None:
            listed = _walk(root, excluded, configs, left_out)
        else:
            listed = _walk_work_tree(tree, root, excluded, configs, left_out)
        for path, files in listed:
            known = found.get(path)
            found[path] = files if known is None or known == files else dict(sorted((files | known).items()))
        for real, blob in tree.not_checked_out() if tree is not None else ():
            folder, name = os.path.split(real)
            is_seen = is_markdown_name(name) and _is_seen_from((os.path.join(root, ""),), real)
            if is_seen and excluded(real):
                left_out.append(real)
            elif is_seen and name not in found.get(folder, ()):
                unchecked[real] = blob
    folders = [Folder(path, files, True) for path, files in found.items()]  # noqa: FBT003
    return Listing(folders, unchecked, configs, frozenset(left_out))


def _work_tree(folder: str) -> WorkTree | None:
    top = find_top(Path(folder))
    return WorkTree(top, folder) if top is not None else None


def _walk_work_tree(
    tree: WorkTree, root: str, excluded: Callable[[str], bool], configs: list[Path], left_out: list[str]
) -> Iterator[tuple[str, dict[str, Stamp]]]:
    """Yield what `_walk` yields, without the files that git does not count as part of the work tree."""
    named_alike: list[Path] = []
    candidates: list[str] = []
    nested: tuple[str, ...] = ()
    for folder, files in [*_walk(root, excluded, named_alike, candidates, links=False)]:
        if folder != root and os.path.lexists(os.path.join(folder, ".git")):
            nested = (*nested, os.path.join(folder, ""))
        foreign = tree.foreign(folder, list(files), nested=_is_below(folder, nested))
        yield folder, {name: stamp for name, stamp in files.items() if name not in foreign} if foreign else files

    def is_in_tree(path: str) -> bool:
        folder, name = os.path.split(path)
        return not tree.foreign(folder, [name], nested=_is_below(folder, nested))

    configs += (path for path in named_alike if is_in_tree(str(path)))
    left_out += filter(is_in_tree, candidates)


def _is_below(folder: str, others: tuple[str, ...]) -> bool:
    """Return whether a folder is one of some others, each with a separator at its end, or below one."""
    return bool(others) and os.path.join(folder, "").startswith(others)


class Finder:
    """Makes the files of a run out of folders."""

    def __init__(self, places: Places, named: Callable[[str], bool]) -> None:
        """Take what there is to know.

        Args:
            places: where to look.
            named: whether the config says, by a file's absolute path, that it is a pattern.
        """
        targets = {str(path): path.is_dir() for path in places.targets}
        self._targets = tuple(os.path.join(path, "") for path in targets)
        self.files = frozenset(path for path, is_folder in targets.items() if not is_folder)
        """The files that were asked for by name."""
        self._folders = tuple(f"{path.rstrip(os.sep)}{os.sep}" for path, is_folder in targets.items() if is_folder)
        self._every = targets.keys() >= {str(path) for path in places.roots}
        self._named = named
        self._show = _shower()
        self._forced = places.forced

    def shown(self, folder: Folder) -> str:
        """Return what the paths of a folder's files begin with, as people see them."""
        return self._show(os.path.join(folder.path, ""))

    def is_wanted(self, folder: Folder) -> bool:
        """Return whether all files of a folder are asked for; else only those that are asked for by name."""
        return folder.reported and (self._every or f"{folder.path.rstrip(os.sep)}{os.sep}".startswith(self._folders))

    def forced(self) -> Iterator[FileRef]:
        """Yield the files that are looked at because they were asked for by name."""
        for real in sorted(self.files) if self._forced else ():
            stamp = stamp_of(os.stat(real)) if os.path.exists(real) else NO_STAMP
            yield FileRef(self._show(real), real, True, True, True, stamp, forced=True)  # noqa: FBT003

    def ref(self, folder: Folder, name: str) -> FileRef:
        """Return a file of a folder."""
        stamp = folder.files[name]
        real = os.path.join(folder.path, name)
        wanted = folder.reported and (self.is_wanted(folder) or real in self.files)
        return FileRef(self._show(real), real, wanted, folder.reported, folder.reported and self._named(real), stamp)

    def git_ref(self, real: str, blob: bytes, *, reported: bool) -> FileRef:
        """Return a file whose content git has; a target need not be on disk, and may be a folder in git alone."""
        wanted = reported and (real in self.files or real.startswith(self._targets))
        named = reported and ((self._forced and real in self.files) or self._named(real))
        return FileRef(self._show(real), real, wanted, reported, named, NO_STAMP, blob)

    def refs(self, listing: Listing) -> list[FileRef]:
        """Return all files of a run, sorted by the path that people see; each once."""
        forced = {ref.real: ref for ref in self.forced()}
        found = list(forced.values())
        for folder in listing.folders:
            path, reported = folder.path, folder.reported
            every = self.is_wanted(folder)
            shown = self.shown(folder)
            for name, stamp in folder.files.items():
                real = os.path.join(path, name)
                if real not in forced:
                    wanted = every or (reported and real in self.files)
                    named = reported and self._named(real)
                    found.append(FileRef(shown + encodable(name), real, wanted, reported, named, stamp))
        found += (
            FileRef(self._show(real), real, False, True, self._named(real), NO_STAMP, blob)  # noqa: FBT003
            for real, blob in listing.unchecked.items()
        )
        found.sort(key=lambda ref: ref.path)
        return found


def discover(
    places: Places, excluded: Callable[[str], bool], named: Callable[[str], bool]
) -> tuple[Places, list[FileRef]]:
    """Return the places with all nested configs, and the files of a run, sorted by the path that people see; each once.

    Args:
        places: where to look.
        excluded: as for `look_through`.
        named: as for `Finder`.
    """
    places, listing = look_through(places, excluded)
    return places, Finder(places, named).refs(listing)


class Files:
    """The files of a run; made when they are asked for."""

    def __init__(self, make: Callable[[], Sequence[FileRef]]) -> None:
        """Take what makes them, in the order of the paths that people see."""
        self._make = make

    @cached_property
    def all(self) -> Sequence[FileRef]:
        """All files."""
        return self._make()

    @cached_property
    def wanted(self) -> Sequence[FileRef]:
        """The files that findings are wanted about."""
        return [ref for ref in self.all if ref.wanted]

    @cached_property
    def by_path(self) -> Mapping[str, FileRef]:
        """All files by the path that people see."""
        return {ref.path: ref for ref in self.all}

    def get(self, path: str) -> FileRef | None:
        """Return the file of a path."""
        return self.by_path.get(path)


NO_STAMP: Stamp = (0, 0, 0, 0)


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
    finder = Finder(places, named)
    nested, extra = _prefixes(places.nested), _prefixes(places.extra)
    roots = tuple(dict.fromkeys(os.path.join(path, "") for path in (*places.roots, *places.targets)))
    in_git: set[str] = set()
    found: list[FileRef] = []
    for file in files:
        real = os.path.join(top, *file.path.split("/"))
        in_git.update(folder for folder in extra if real.startswith(folder))
        is_forced = places.forced and real in finder.files
        if not is_forced and (not is_markdown_name(real) or excluded(real)):
            continue
        reported = is_forced or (_is_seen_from(roots, real) and not real.startswith(nested))
        if reported or _is_seen_from((*roots, *extra), real):
            found.append(finder.git_ref(real, file.blob, reported=reported))
    others = [Path(folder) for folder in extra if folder not in in_git]
    for listed in _list_roots(others, excluded).folders:
        folder = Folder(listed.path, listed.files, False)  # noqa: FBT003
        found += (finder.ref(folder, name) for name in listed.files)
    found.sort(key=lambda ref: ref.path)
    return found


def excluded_among(
    files: Iterable[TreeFile], top: Path, places: Places, excluded: Callable[[str], bool]
) -> Iterator[str]:
    """Yield the absolute paths of the Markdown files of a commit or of the index that the config excludes.

    Args:
        files: the files that git has.
        top: the top of the work tree.
        places: where to look.
        excluded: as for `discover`.
    """
    roots = tuple(dict.fromkeys(os.path.join(path, "") for path in (*places.roots, *places.targets)))
    for file in files:
        real = os.path.join(top, *file.path.split("/"))
        if is_markdown_name(real) and excluded(real) and _is_seen_from(roots, real):
            yield real


def _is_seen_from(folders: Iterable[str], real: str) -> bool:
    """Return whether one of some folders, each with a separator at its end, shows a file when it is listed."""
    return any(real.startswith(folder) and not _is_hidden(real[len(folder) :]) for folder in folders)


def _is_hidden(path: str) -> bool:
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
        if file.path.endswith(CONFIG_NAMES) and not _is_hidden(file.path.replace("/", os.sep)):
            path = top.joinpath(*file.path.split("/"))
            if path.name in CONFIG_NAMES and not excluded(str(path)):
                yield path


def _walk(
    root: str, excluded: Callable[[str], bool], configs: list[Path], left_out: list[str], *, links: bool = True
) -> Iterator[tuple[str, dict[str, Stamp]]]:
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
        files: dict[str, Stamp] = {}
        for entry in ordered:
            name = entry.name
            if name[0] == ".":
                continue
            if excluded(entry.path):
                left_out += _markdown_in(entry)
                continue
            is_file = entry.is_file() if not entry.is_symlink() else links and _leads_in(entry.path, top)
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


def _leads_in(path: str, top: str) -> bool:
    """Return whether a link leads to a file below `top` that is not listed under its own name."""
    real = os.path.realpath(path)
    if not (real.startswith(top + os.sep) and os.path.isfile(real)):
        return False
    below = real[len(top) + 1 :]
    return not is_markdown_name(below) or _is_hidden(below)


def _shower() -> Callable[[str], str]:
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
