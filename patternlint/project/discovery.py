"""Find the files of a run: the targets, and the library around them."""

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
    encodable,
    is_hidden,
    make_display_path,
    path_prefixes,
    stamp_of,
    walk,
)
from patternlint.project.git import TreeFile, find_top
from patternlint.project.paths import Scope
from patternlint.project.work_tree import WorkTree


class Listing(Struct, frozen=True):
    """The files of a run.

    Attributes:
        folders: the folders with Markdown files, each once.
        not_checked_out: blob ids of the files that a sparse checkout leaves out, by absolute path.
        configs: the files named like a configuration.
        excluded: absolute paths of the excluded Markdown files.
    """

    folders: Sequence[FolderListing]
    not_checked_out: Mapping[str, bytes] = {}
    configs: Sequence[Path] = ()
    excluded: frozenset[str] = frozenset()


def walk_folders(scope: Scope, excluded: Callable[[str], bool]) -> tuple[Scope, Listing]:
    """Return the scope with nested configurations and excluded files, and the files of the run.

    Args:
        scope: the targets and the library.
        excluded: returns whether an absolute path is excluded. Explicit targets are never excluded.
    """
    roots = (*scope.roots, *(path for path in scope.targets if path.is_dir()))
    listing = _list_roots(roots, excluded)
    if listing.configs or scope.configs:
        scope = scope.with_nested(listing.configs, excluded)
    if listing.excluded:
        scope = scope.with_excluded(listing.excluded)
    nested = path_prefixes(scope.nested)
    listed = {folder.path: folder.files for folder in listing.folders}
    folders = [
        FolderListing(path, files, not nested or not f"{path}{os.sep}".startswith(nested))
        for path, files in listed.items()
        if files
    ]
    internal = frozenset(map(str, scope.roots))
    for folder in _list_roots(scope.external, lambda path: path in internal or excluded(path)).folders:
        internal_files = listed.get(folder.path, {})
        others = {name: stamp for name, stamp in folder.files.items() if name not in internal_files}
        if others:
            folders.append(FolderListing(folder.path, others, internal=False))
    return scope, Listing(folders, listing.not_checked_out)


def _list_roots(roots: Iterable[Path], excluded: Callable[[str], bool]) -> Listing:
    """Return all folders with their files. In a git work tree, ignored files are left out.

    A folder below several roots has the files that are listed from any of them.
    """
    folders: dict[str, dict[str, FileStamp]] = {}
    not_checked_out: dict[str, bytes] = {}
    configs: list[Path] = []
    left_out: list[str] = []
    tops = {root: find_top(Path(root)) for root in dict.fromkeys(map(str, roots))}
    trees = {root: WorkTree(top, root) if top is not None else None for root, top in tops.items()}
    for root, tree in trees.items():
        if tree is None:
            listed = walk(root, excluded, configs, left_out)
        else:
            listed = _walk_work_tree(tree, root, excluded, configs, left_out)
        for path, files in listed:
            earlier = folders.get(path)
            folders[path] = files if earlier is None or earlier == files else dict(sorted((files | earlier).items()))
        for absolute, blob_id in tree.files_not_checked_out() if tree is not None else ():
            folder, name = os.path.split(absolute)
            if not is_markdown_name(name) or not _is_listed_from((os.path.join(root, ""),), absolute):
                continue
            if excluded(absolute):
                left_out.append(absolute)
            elif name not in folders.get(folder, ()):
                not_checked_out[absolute] = blob_id
    listings = [FolderListing(path, files, internal=True) for path, files in folders.items()]
    return Listing(listings, not_checked_out, configs, frozenset(left_out))


def _walk_work_tree(
    tree: WorkTree, root: str, excluded: Callable[[str], bool], configs: list[Path], left_out: list[str]
) -> Iterator[tuple[str, dict[str, FileStamp]]]:
    """Yield what `walk` yields, without the files outside of the work tree (see `WorkTree.files_outside`)."""
    config_candidates: list[Path] = []
    excluded_candidates: list[str] = []
    nested: tuple[str, ...] = ()
    for folder, files in [*walk(root, excluded, config_candidates, excluded_candidates, links=False)]:
        if folder != root and os.path.lexists(os.path.join(folder, ".git")):
            nested = (*nested, os.path.join(folder, ""))
        outside = tree.files_outside(folder, list(files), nested=_is_below(folder, nested))
        yield folder, {name: stamp for name, stamp in files.items() if name not in outside} if outside else files

    def is_in_tree(path: str) -> bool:
        folder, name = os.path.split(path)
        return not tree.files_outside(folder, [name], nested=_is_below(folder, nested))

    configs += (path for path in config_candidates if is_in_tree(str(path)))
    left_out += filter(is_in_tree, excluded_candidates)


def _is_below(folder: str, others: tuple[str, ...]) -> bool:
    """Return whether a folder is one of `others`, which end with a separator, or below one."""
    return bool(others) and os.path.join(folder, "").startswith(others)


class FileCollector:
    """Makes the files of a run from folder listings.

    Args:
        scope: the targets and the library.
        declared: returns whether the configuration declares the file at an absolute path a pattern.
    """

    def __init__(self, scope: Scope, declared: Callable[[str], bool]) -> None:
        targets = {str(path): path.is_dir() for path in scope.targets}
        self._targets = tuple(os.path.join(path, "") for path in targets)
        self.files = frozenset(path for path, is_folder in targets.items() if not is_folder)
        """The absolute paths of the targets that are files."""
        self._folders = path_prefixes(path for path in scope.targets if targets[str(path)])
        self._covers_roots = targets.keys() >= {str(path) for path in scope.roots}
        self._declared = declared
        self._display = make_display_path()
        self._explicit_targets = scope.explicit_targets

    def display_prefix(self, folder: FolderListing) -> str:
        """Return the folder part of the paths for display of a folder's files."""
        return self._display(os.path.join(folder.path, ""))

    def is_target_folder(self, folder: FolderListing) -> bool:
        """Return whether all files of a folder are targets; otherwise only those in `files` are."""
        return folder.internal and (
            self._covers_roots or f"{folder.path.rstrip(os.sep)}{os.sep}".startswith(self._folders)
        )

    def explicit_refs(self) -> Iterator[FileRef]:
        """Yield the files that are checked because the user named them."""
        for path in sorted(self.files) if self._explicit_targets else ():
            stamp = stamp_of(os.stat(path)) if os.path.exists(path) else NO_STAMP
            yield FileRef(
                self._display(path),
                path,
                is_target=True,
                internal=True,
                declared_pattern=True,
                stamp=stamp,
                explicit=True,
            )

    def ref(self, folder: FolderListing, name: str) -> FileRef:
        """Return a file of a folder."""
        path = os.path.join(folder.path, name)
        is_target = folder.internal and (self.is_target_folder(folder) or path in self.files)
        declared = folder.internal and self._declared(path)
        return FileRef(self._display(path), path, is_target, folder.internal, declared, folder.files[name])

    def git_ref(self, path: str, blob_id: bytes, *, internal: bool) -> FileRef:
        """Return a file of a commit or of the index. Targets need not exist on disk, and may be folders in git only."""
        is_target = internal and (path in self.files or path.startswith(self._targets))
        declared = internal and ((self._explicit_targets and path in self.files) or self._declared(path))
        return FileRef(self._display(path), path, is_target, internal, declared, NO_STAMP, blob_id)

    def refs(self, listing: Listing) -> list[FileRef]:
        """Return all files of a run, sorted by path for display; each once."""
        explicit = {ref.absolute: ref for ref in self.explicit_refs()}
        refs = list(explicit.values())
        for folder in listing.folders:  # `ref` for each file, with what they have in common computed once
            internal = folder.internal
            is_target_folder = self.is_target_folder(folder)
            prefix = self.display_prefix(folder)
            for name, stamp in folder.files.items():
                path = os.path.join(folder.path, name)
                if path not in explicit:
                    is_target = is_target_folder or (internal and path in self.files)
                    declared = internal and self._declared(path)
                    refs.append(FileRef(prefix + encodable(name), path, is_target, internal, declared, stamp))
        refs += (
            FileRef(self._display(path), path, False, True, self._declared(path), NO_STAMP, blob_id)  # noqa: FBT003
            for path, blob_id in listing.not_checked_out.items()
        )
        refs.sort(key=lambda ref: ref.path)
        return refs


def discover(
    scope: Scope, excluded: Callable[[str], bool], declared: Callable[[str], bool]
) -> tuple[Scope, list[FileRef]]:
    """Return the scope with nested configurations, and the files of a run, sorted by path for display; each once.

    Args:
        scope: the targets and the library.
        excluded: as for `walk_folders`.
        declared: as for `FileCollector`.
    """
    scope, listing = walk_folders(scope, excluded)
    return scope, FileCollector(scope, declared).refs(listing)


def files_in_tree(
    files: Iterable[TreeFile], top: Path, scope: Scope, excluded: Callable[[str], bool], declared: Callable[[str], bool]
) -> list[FileRef]:
    """Return the files of a run in a commit or in the index, sorted by path for display.

    Args:
        files: all files of the commit or of the index.
        top: the top of the work tree.
        scope: the targets and the library, by their paths in the work tree, where they need not exist.
        excluded: as for `walk_folders`.
        declared: as for `FileCollector`.
    """
    collector = FileCollector(scope, declared)
    nested, external = path_prefixes(scope.nested), path_prefixes(scope.external)
    roots = _roots_and_targets(scope)
    in_git: set[str] = set()
    refs: list[FileRef] = []
    for file in files:
        path = os.path.join(top, *file.path.split("/"))
        in_git.update(folder for folder in external if path.startswith(folder))
        is_explicit = scope.explicit_targets and path in collector.files
        if not is_explicit and (not is_markdown_name(path) or excluded(path)):
            continue
        internal = is_explicit or (_is_listed_from(roots, path) and not path.startswith(nested))
        if internal or _is_listed_from((*roots, *external), path):
            refs.append(collector.git_ref(path, file.blob_id, internal=internal))
    on_disk = [Path(folder) for folder in external if folder not in in_git]
    for listed in _list_roots(on_disk, excluded).folders:
        folder = FolderListing(listed.path, listed.files, internal=False)
        refs += (collector.ref(folder, name) for name in listed.files)
    refs.sort(key=lambda ref: ref.path)
    return refs


def excluded_among(
    files: Iterable[TreeFile], top: Path, scope: Scope, excluded: Callable[[str], bool]
) -> Iterator[str]:
    """Yield the absolute paths of the excluded Markdown files in a commit or in the index; see `files_in_tree`."""
    roots = _roots_and_targets(scope)
    for file in files:
        path = os.path.join(top, *file.path.split("/"))
        if is_markdown_name(path) and excluded(path) and _is_listed_from(roots, path):
            yield path


def _roots_and_targets(scope: Scope) -> tuple[str, ...]:
    return tuple(dict.fromkeys(os.path.join(path, "") for path in (*scope.roots, *scope.targets)))


def _is_listed_from(folders: Iterable[str], path: str) -> bool:
    """Return whether walking one of `folders`, which end with a separator, lists a file."""
    return any(path.startswith(folder) and not is_hidden(path[len(folder) :]) for folder in folders)
