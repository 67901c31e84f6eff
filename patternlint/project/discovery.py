"""Which files a run looks at: those asked for, and the library around them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from patternlint.document.identifiers import is_markdown_name
from patternlint.project.files import (
    NO_STAMP,
    FileRef,
    FileStamp,
    FolderListing,
    display_path_of,
    encodable,
    is_hidden,
    path_prefixes,
    stamp_of,
    walk,
)
from patternlint.project.git import TreeFile, find_top
from patternlint.project.paths import Scope
from patternlint.project.work_tree import WorkTree


class Listing(Struct, frozen=True):
    """The files of a run on disk, by folder, and those that a sparse checkout leaves out: only git has these.

    Attributes:
        folders: the folders that hold Markdown files, each once.
        not_checked_out: the others, by absolute path, with their contents' ids.
        configs: the files that are called like a config.
        excluded: the Markdown files that the config excludes, by absolute path.
    """

    folders: Sequence[FolderListing]
    not_checked_out: Mapping[str, bytes] = {}
    configs: Sequence[Path] = ()
    excluded: frozenset[str] = frozenset()


def walk_folders(places: Scope, excluded: Callable[[str], bool]) -> tuple[Scope, Listing]:
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
    nested = path_prefixes(places.nested)
    found = {folder.path: folder.files for folder in listing.folders}
    folders = [
        FolderListing(path, files, not nested or not f"{path}{os.sep}".startswith(nested))
        for path, files in found.items()
        if files
    ]
    inner = frozenset(map(str, places.roots))
    for folder in _list_roots(places.external, lambda path: path in inner or excluded(path)).folders:
        known = found.get(folder.path, {})
        files = folder.files
        others = {name: stamp for name, stamp in files.items() if name not in known} if known else files
        if others:
            folders.append(FolderListing(folder.path, others, False))  # noqa: FBT003
    return places, Listing(folders, listing.not_checked_out)


def _list_roots(roots: Iterable[Path], excluded: Callable[[str], bool]) -> Listing:
    """Return all folders with their files. Where there is git, it decides which files are seen.

    A folder below several roots has the files that are visible from any.
    """
    found: dict[str, dict[str, FileStamp]] = {}
    unchecked: dict[str, bytes] = {}
    configs: list[Path] = []
    left_out: list[str] = []
    trees = {root: _work_tree(root) for root in dict.fromkeys(map(str, roots))}
    for root, tree in trees.items():
        if tree is None:
            listed = walk(root, excluded, configs, left_out)
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
    folders = [FolderListing(path, files, True) for path, files in found.items()]  # noqa: FBT003
    return Listing(folders, unchecked, configs, frozenset(left_out))


def _work_tree(folder: str) -> WorkTree | None:
    top = find_top(Path(folder))
    return WorkTree(top, folder) if top is not None else None


def _walk_work_tree(
    tree: WorkTree, root: str, excluded: Callable[[str], bool], configs: list[Path], left_out: list[str]
) -> Iterator[tuple[str, dict[str, FileStamp]]]:
    """Yield what `_walk` yields, without the files that git does not count as part of the work tree."""
    named_alike: list[Path] = []
    candidates: list[str] = []
    nested: tuple[str, ...] = ()
    for folder, files in [*walk(root, excluded, named_alike, candidates, links=False)]:
        if folder != root and os.path.lexists(os.path.join(folder, ".git")):
            nested = (*nested, os.path.join(folder, ""))
        foreign = tree.outside(folder, list(files), nested=_is_below(folder, nested))
        yield folder, {name: stamp for name, stamp in files.items() if name not in foreign} if foreign else files

    def is_in_tree(path: str) -> bool:
        folder, name = os.path.split(path)
        return not tree.outside(folder, [name], nested=_is_below(folder, nested))

    configs += (path for path in named_alike if is_in_tree(str(path)))
    left_out += filter(is_in_tree, candidates)


def _is_below(folder: str, others: tuple[str, ...]) -> bool:
    """Return whether a folder is one of some others, each with a separator at its end, or below one."""
    return bool(others) and os.path.join(folder, "").startswith(others)


class FileCollector:
    """Makes the files of a run out of folders."""

    def __init__(self, places: Scope, named: Callable[[str], bool]) -> None:
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
        self._show = display_path_of()
        self._forced = places.explicit_targets

    def display_prefix(self, folder: FolderListing) -> str:
        """Return what the paths of a folder's files begin with, as people see them."""
        return self._show(os.path.join(folder.path, ""))

    def is_target_folder(self, folder: FolderListing) -> bool:
        """Return whether all files of a folder are asked for; else only those that are asked for by name."""
        return folder.internal and (self._every or f"{folder.path.rstrip(os.sep)}{os.sep}".startswith(self._folders))

    def explicit_refs(self) -> Iterator[FileRef]:
        """Yield the files that are looked at because they were asked for by name."""
        for real in sorted(self.files) if self._forced else ():
            stamp = stamp_of(os.stat(real)) if os.path.exists(real) else NO_STAMP
            yield FileRef(self._show(real), real, True, True, True, stamp, explicit=True)  # noqa: FBT003

    def ref(self, folder: FolderListing, name: str) -> FileRef:
        """Return a file of a folder."""
        stamp = folder.files[name]
        real = os.path.join(folder.path, name)
        wanted = folder.internal and (self.is_target_folder(folder) or real in self.files)
        return FileRef(self._show(real), real, wanted, folder.internal, folder.internal and self._named(real), stamp)

    def git_ref(self, real: str, blob: bytes, *, reported: bool) -> FileRef:
        """Return a file whose content git has; a target need not be on disk, and may be a folder in git alone."""
        wanted = reported and (real in self.files or real.startswith(self._targets))
        named = reported and ((self._forced and real in self.files) or self._named(real))
        return FileRef(self._show(real), real, wanted, reported, named, NO_STAMP, blob)

    def refs(self, listing: Listing) -> list[FileRef]:
        """Return all files of a run, sorted by the path that people see; each once."""
        forced = {ref.absolute: ref for ref in self.explicit_refs()}
        found = list(forced.values())
        for folder in listing.folders:
            path, reported = folder.path, folder.internal
            every = self.is_target_folder(folder)
            shown = self.display_prefix(folder)
            for name, stamp in folder.files.items():
                real = os.path.join(path, name)
                if real not in forced:
                    wanted = every or (reported and real in self.files)
                    named = reported and self._named(real)
                    found.append(FileRef(shown + encodable(name), real, wanted, reported, named, stamp))
        found += (
            FileRef(self._show(real), real, False, True, self._named(real), NO_STAMP, blob)  # noqa: FBT003
            for real, blob in listing.not_checked_out.items()
        )
        found.sort(key=lambda ref: ref.path)
        return found


def discover(
    places: Scope, excluded: Callable[[str], bool], named: Callable[[str], bool]
) -> tuple[Scope, list[FileRef]]:
    """Return the places with all nested configs, and the files of a run, sorted by the path that people see; each once.

    Args:
        places: where to look.
        excluded: as for `look_through`.
        named: as for `Finder`.
    """
    places, listing = walk_folders(places, excluded)
    return places, FileCollector(places, named).refs(listing)


def files_in_tree(
    files: Iterable[TreeFile],
    top: Path,
    places: Scope,
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
    finder = FileCollector(places, named)
    nested, extra = path_prefixes(places.nested), path_prefixes(places.external)
    roots = tuple(dict.fromkeys(os.path.join(path, "") for path in (*places.roots, *places.targets)))
    in_git: set[str] = set()
    found: list[FileRef] = []
    for file in files:
        real = os.path.join(top, *file.path.split("/"))
        in_git.update(folder for folder in extra if real.startswith(folder))
        is_forced = places.explicit_targets and real in finder.files
        if not is_forced and (not is_markdown_name(real) or excluded(real)):
            continue
        reported = is_forced or (_is_seen_from(roots, real) and not real.startswith(nested))
        if reported or _is_seen_from((*roots, *extra), real):
            found.append(finder.git_ref(real, file.blob_id, reported=reported))
    others = [Path(folder) for folder in extra if folder not in in_git]
    for listed in _list_roots(others, excluded).folders:
        folder = FolderListing(listed.path, listed.files, False)  # noqa: FBT003
        found += (finder.ref(folder, name) for name in listed.files)
    found.sort(key=lambda ref: ref.path)
    return found


def excluded_among(
    files: Iterable[TreeFile], top: Path, places: Scope, excluded: Callable[[str], bool]
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
    return any(real.startswith(folder) and not is_hidden(real[len(folder) :]) for folder in folders)
