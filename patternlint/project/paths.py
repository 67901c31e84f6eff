"""Scope of a run: targets, library roots and external folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from msgspec import Struct
from msgspec.structs import replace

from patternlint.errors import UserError
from patternlint.messages.did_you_mean import closest_matches
from patternlint.project.config import distrust_reason, find_config, is_config
from patternlint.project.files import display_path_of, walk
from patternlint.project.git import find_top


class DiscoveryError(UserError):
    """A path that cannot be looked at: one clear sentence."""


class Scope(Struct, frozen=True):
    """Where a run looks.

    Attributes:
        targets: what was asked for: files and folders, absolute.
        roots: the folders whose patterns are the library, absolute; empty when nothing says where the library is.
        external: folders that links may resolve to, absolute.
        explicit_targets: whether a file that was asked for is looked at whatever the config says, and taken for a pattern
            whatever it holds.
        project_folder: the folder of the config or the top of the repository, absolute; None when there is neither.
        nested: the folders below the roots that have a config of their own, absolute. Their patterns are there to
            resolve links, and are checked in runs of their own.
        configs: the configs that count, by their paths; None for those on disk.
        excluded: the Markdown files below the roots and targets that the config excludes, as people see their paths.
    """

    targets: tuple[Path, ...]
    roots: tuple[Path, ...]
    external: tuple[Path, ...]
    explicit_targets: bool = True
    project_folder: Path | None = None
    nested: tuple[Path, ...] = ()
    configs: tuple[Path, ...] | None = None
    excluded: tuple[str, ...] = ()

    def with_excluded(self, paths: Iterable[str]) -> Scope:
        """Return these places with the Markdown files that the config excludes, by absolute path."""
        return replace(self, excluded=tuple(map(display_path_of(), sorted(paths))))

    def with_nested(self, found: Iterable[Path], excluded: Callable[[str], bool]) -> Scope:
        """Return these places with the nested folders.

        Args:
            found: the files below the roots that are called like a config.
            excluded: as for `look_through`.
        """
        if self.configs is None:
            counting = [path for path in found if is_config(path)]
        else:
            counting = [path for path in self.configs if not excluded(str(path))]
        others = {*self.roots, self.project_folder}
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

    def is_internal(self, path: Path) -> bool:
        """Return whether a file belongs to the library that is reported on, by its absolute path."""
        return any(map(path.is_relative_to, self.roots)) and not any(map(path.is_relative_to, self.nested))

    @property
    def has_library(self) -> bool:
        """Whether there is a library to check links against."""
        return bool(self.roots or self.external)


def absolute(path: Path | str) -> Path:
    """Return `path` absolute and without `..`, symbolic links kept."""
    return Path(os.path.normpath(Path.cwd() / path))


def find_scope(
    paths: Iterable[Path],
    config_folder: Path | None,
    extra: Iterable[Path],
    *,
    exist: bool = True,
    forced: bool = True,
) -> Scope:
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
    targets = tuple(_resolve_inner_links(absolute(path), config_folder) for path in paths)
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
    return Scope(targets, tuple(roots), more, forced, home)


def _holds_several(folder: Path) -> bool:
    """Return whether a folder holds more than one Markdown file: one pattern alone is no library."""
    count = 0
    return any((count := count + len(files)) > 1 for _, files in walk(str(folder), lambda _: False, [], []))


def enclosing_library(folder: Path) -> Path | None:
    """Return the folder around that of a config whose patterns links may resolve to as well, or None.

    It is the top of the git repository; without one, the folder of the next config upwards.
    """
    top = find_top(folder)
    if top is None:
        outer = find_config(folder.parent)
        return outer.parent if outer is not None and not distrust_reason(outer, folder.parent) else None
    return top if top != folder else None


def _resolve_inner_links(path: Path, config_folder: Path | None) -> Path:
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
        found = closest_matches(path.name, (entry.name for entry in os.scandir(parent)))
        if found:
            message += f"; did you mean `{parent / found[0]}`?"
    raise DiscoveryError(message)


def existing_path(path: Path | str) -> Path:
    """Return `path` absolute and without `..`, symbolic links kept.

    Raises:
        DiscoveryError: when it does not exist, with the nearest name that does.
    """
    found = absolute(path)
    _require(found)
    return found
