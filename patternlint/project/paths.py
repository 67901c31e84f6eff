"""The scope of a run: targets, library roots and external folders."""

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
from patternlint.project.files import make_display_path, walk
from patternlint.project.git import find_top


class DiscoveryError(UserError):
    """A path cannot be checked."""


class Scope(Struct, frozen=True):
    """The targets of a run and the library around them. Paths are absolute, except `excluded`.

    Attributes:
        targets: the files and folders that the user named.
        roots: the folders of the library; empty without a configuration or repository.
        external: extra folders to resolve links against.
        explicit_targets: whether target files are checked even when excluded, and as patterns whatever they contain.
        project_folder: the folder of the configuration, else the top of the repository, else None.
        nested: the folders below the roots that have a configuration of their own. Their patterns only resolve links;
            they are targets in other runs.
        configs: the paths of all configurations in a commit; None to find them on disk.
        excluded: the Markdown files below roots and targets that the configuration excludes, by path for display.
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
        """Return this scope with excluded Markdown files, given by absolute path."""
        return replace(self, excluded=tuple(map(make_display_path(), sorted(paths))))

    def with_nested(self, found: Iterable[Path], excluded: Callable[[str], bool]) -> Scope:
        """Return this scope with its nested folders.

        Args:
            found: the files below the roots that are named like a configuration.
            excluded: returns whether an absolute path is excluded.
        """
        if self.configs is None:
            configs = [path for path in found if is_config(path)]
        else:
            configs = [path for path in self.configs if not excluded(str(path))]
        others = {*self.roots, self.project_folder}
        folders = (
            path.parent
            for path in sorted(configs)
            if path.parent not in others and any(map(path.is_relative_to, self.roots))
        )
        return replace(self, nested=tuple(dict.fromkeys(folders)))

    def nested_targets(self) -> Iterator[Path]:
        """Yield the outermost nested folders below the targets."""
        for folder in self.nested:
            if not any(folder.is_relative_to(other) for other in self.nested if other != folder) and any(
                folder.is_relative_to(target) for target in self.targets
            ):
                yield folder

    def root_of(self, path: Path) -> Path:
        """Return the library root above an absolute path, else the folder of the file."""
        return next((root for root in self.roots if path.is_relative_to(root)), path.parent)

    def is_internal(self, path: Path) -> bool:
        """Return whether the file at an absolute path belongs to the library, and not to a nested folder."""
        return any(map(path.is_relative_to, self.roots)) and not any(map(path.is_relative_to, self.nested))

    @property
    def has_library(self) -> bool:
        """Whether links can be resolved."""
        return bool(self.roots or self.external)


def absolute(path: Path | str) -> Path:
    """Return `path` absolute and without `..`, symbolic links kept."""
    return Path(os.path.normpath(Path.cwd() / path))


def find_scope(
    paths: Iterable[Path],
    config_folder: Path | None,
    external: Iterable[Path],
    *,
    exist: bool = True,
    explicit_targets: bool = True,
) -> Scope:
    """Return the scope of a run.

    The root of the library is the folder of the configuration, else the top of the git repository, else a target folder
    with several Markdown files.

    Args:
        paths: the targets.
        config_folder: the folder of the configuration, if any.
        external: extra folders to resolve links against.
        exist: whether targets must exist.
        explicit_targets: see `Scope`.

    Raises:
        DiscoveryError: when a path does not exist, with the closest name that does, or leads out of its repository.
    """
    targets = tuple(_resolve_inner_links(absolute(path), config_folder) for path in paths)
    for path in targets:
        if exist:
            _require(path)
    external_folders = tuple(absolute(path) for path in external)
    for path in external_folders:
        _require(path)
        if not path.is_dir():
            message = f"library is not a folder: {path}"
            raise DiscoveryError(message)
    roots: list[Path] = []
    project_folder: Path | None = None
    for path in targets:
        project = config_folder or find_top(path)
        project_folder = project_folder or project
        root = project or (path if path.is_dir() and _has_several_files(path) else None)
        if root is not None and root not in roots:
            roots.append(root)
    return Scope(targets, tuple(roots), external_folders, explicit_targets, project_folder)


def _has_several_files(folder: Path) -> bool:
    """Return whether a folder has more than one Markdown file; a single pattern is not a library."""
    count = 0
    return any((count := count + len(files)) > 1 for _, files in walk(str(folder), lambda _: False, [], []))


def enclosing_library(folder: Path) -> Path | None:
    """Return the folder of the library around the folder of a nested configuration, or None.

    It is the top of the git repository; without one, the folder of the next configuration above.
    """
    top = find_top(folder)
    if top is None:
        outer = find_config(folder.parent)
        return outer.parent if outer is not None and not distrust_reason(outer, folder.parent) else None
    return top if top != folder else None


def _resolve_inner_links(path: Path, config_folder: Path | None) -> Path:
    """Return an absolute path with the links inside its project resolved, so that each file has one path.

    Refuses a link to an existing file or folder that leads out of the project that contains the link.
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
                message = f"{link} is a link to a {kind} outside of {project}; use its path instead: {link.resolve()}"
                raise DiscoveryError(message)
    return path


def _require(path: Path) -> None:
    if not os.path.lexists(path):
        names = os.listdir(path.parent) if path.parent.is_dir() else ()
        matches = closest_matches(path.name, names)
        hint = f"; did you mean `{path.parent / matches[0]}`?" if matches else ""
        message = f"file or folder not found: {path}{hint}"
        raise DiscoveryError(message)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        is_broken = isinstance(error, FileNotFoundError)
        message = f"{path} is a broken link" if is_broken else f"cannot read {path}: {error.strerror}"
        raise DiscoveryError(message) from error
    if not (S_ISREG(mode) or S_ISDIR(mode)):
        message = f"{path} is neither a file nor a folder"
        raise DiscoveryError(message)


def existing_path(path: Path | str) -> Path:
    """Return `path` absolute and without `..`, symbolic links kept.

    Raises:
        DiscoveryError: when it does not exist, with the closest name that does.
    """
    found = absolute(path)
    _require(found)
    return found
