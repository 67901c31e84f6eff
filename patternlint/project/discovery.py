"""Find the files of a run: the targets, and the library around them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patternlint.document.identifiers import is_markdown_name
from patternlint.project.config import CONFIG_NAMES
from patternlint.project.files import (
    NO_STAMP,
    FileRef,
    FileStamp,
    FileVersion,
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
        folders: the folders with Markdown files, each once. A sparse checkout leaves out files; git has these.
        explicit: versions of the targets that are checked because the user named them, by absolute path.
        configs: the files named like a configuration.
        excluded: absolute paths of the excluded Markdown files.
        in_git: whether these are the files of a commit or of the index, not those on disk.
    """

    folders: Sequence[FolderListing]
    explicit: Mapping[str, FileVersion] = {}
    configs: Sequence[Path] = ()
    excluded: frozenset[str] = frozenset()
    in_git: bool = False


def walk_folders(scope: Scope, excluded: Callable[[str], bool]) -> tuple[Scope, Listing]:
    """Return the scope with nested configurations and excluded files, and the files of the run.

    Args:
        scope: the targets and the library.
        excluded: returns whether an absolute path is excluded. Explicit targets are never excluded.
    """
    roots = (*scope.roots, *(path for path in scope.targets if path.is_dir()))
    internal = frozenset(map(str, scope.roots))
    external = _list_roots(scope.external, lambda path: path in internal or excluded(path))
    explicit: dict[str, FileVersion] = {
        str(path): stamp_of(path.stat()) if path.exists() else NO_STAMP
        for path in scope.targets
        if scope.explicit_targets and not path.is_dir()
    }
    return _combine(scope, excluded, replace(_list_roots(roots, excluded), explicit=explicit), external.folders)


def list_tree(
    files: Iterable[TreeFile], top: Path, scope: Scope, excluded: Callable[[str], bool]
) -> tuple[Scope, Listing]:
    """Return what `walk_folders` returns for a commit or for the index. External folders outside of git are on disk.

    Args:
        files: all files of the commit or of the index.
        top: the top of the work tree.
        scope: the targets and the library, by their paths in the work tree, where they need not exist.
        excluded: as for `walk_folders`.
    """
    roots = path_prefixes((*scope.roots, *scope.targets))
    outside = path_prefixes(scope.external)
    named = frozenset(map(str, scope.targets)) if scope.explicit_targets else frozenset[str]()
    configs: list[Path] = []
    left_out: list[str] = []
    explicit: dict[str, FileVersion] = {}
    folders: dict[str, _TreeFolder] = {}
    for file in files:
        parent, _, name = file.path.rpartition("/")
        folder = folders.get(parent)
        if folder is None:
            folder = folders[parent] = _TreeFolder(os.path.join(top, *parent.split("/"), ""), roots, outside)
        path = folder.path + name
        if path in named:
            explicit[path] = file.blob_id
        if not folder.is_listed or is_hidden(name):
            continue
        if name in CONFIG_NAMES:
            if not excluded(path):
                configs.append(Path(path))
        elif is_markdown_name(name):
            if not excluded(path):
                folder.files[name] = file.blob_id
            elif folder.internal:
                left_out.append(path)
    listings = [(one.internal, one.listing()) for one in folders.values() if one.files]
    on_disk = [
        path for path in scope.external if not any(one.path.startswith(f"{path}{os.sep}") for one in folders.values())
    ]
    external = [listing for is_internal, listing in listings if not is_internal]
    external += _list_roots(on_disk, excluded).folders
    found = Listing(
        [listing for is_internal, listing in listings if is_internal],
        explicit,
        configs,
        frozenset(left_out),
        in_git=True,
    )
    return _combine(scope, excluded, found, external)


class _TreeFolder:
    """A folder of a commit or of the index, with its files.

    Args:
        path: the absolute path, with a separator at the end.
        roots: the folders that are listed as internal ones, each with a separator at the end.
        outside: the folders that are only there to resolve links.
    """

    def __init__(self, path: str, roots: Iterable[str], outside: Iterable[str]) -> None:
        self.path = path
        self.internal = _is_listed_from(roots, path)
        self.is_listed = self.internal or _is_listed_from(outside, path)
        self.files: dict[str, FileVersion] = {}

    def listing(self) -> FolderListing:
        """Return the folder as a folder of a run."""
        return FolderListing(self.path.rstrip(os.sep), self.files, self.internal)


def _combine(
    scope: Scope,
    excluded: Callable[[str], bool],
    found: Listing,
    external: Iterable[FolderListing],
) -> tuple[Scope, Listing]:
    """Return the scope with nested configurations and excluded files, and the files of its roots and external folders."""
    if found.configs or scope.configs:
        scope = scope.with_nested(found.configs, excluded)
    if found.excluded:
        scope = scope.with_excluded(found.excluded)
    nested = path_prefixes(scope.nested)
    listed = {folder.path: folder.files for folder in found.folders}
    folders = [
        FolderListing(path, files, not nested or not f"{path}{os.sep}".startswith(nested))
        for path, files in listed.items()
        if files
    ]
    for folder in external:
        internal_files = listed.get(folder.path, {})
        others = {name: version for name, version in folder.files.items() if name not in internal_files}
        if others:
            folders.append(FolderListing(folder.path, others, internal=False))
    return scope, replace(found, folders=folders)


def _list_roots(roots: Iterable[Path], excluded: Callable[[str], bool]) -> Listing:
    """Return all folders with their files. In a git work tree, ignored files are left out.

    A folder below several roots has the files that are listed from any of them.
    """
    folders: dict[str, Mapping[str, FileVersion]] = {}
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
            folders[path] = files if earlier is None or earlier == files else dict(sorted({**files, **earlier}.items()))
        for absolute, blob_id in tree.files_not_checked_out() if tree is not None else ():
            folder, name = os.path.split(absolute)
            if not is_markdown_name(name) or not _is_listed_from((os.path.join(root, ""),), absolute):
                continue
            if excluded(absolute):
                left_out.append(absolute)
            elif name not in folders.get(folder, ()):
                folders[folder] = dict(sorted({**folders.get(folder, {}), name: blob_id}.items()))
    listings = [FolderListing(path, files, internal=True) for path, files in folders.items()]
    return Listing(listings, {}, configs, frozenset(left_out))


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


class FileSet:
    """The files of a run, made on demand from a listing.

    Args:
        scope: the targets and the library.
        declared: returns whether the configuration declares the file at an absolute path a pattern.
        listing: the files.
    """

    def __init__(self, scope: Scope, declared: Callable[[str], bool], listing: Listing) -> None:
        self.listing = listing
        self._scope = scope
        self.named = frozenset(str(path) for path in scope.targets if not path.is_dir())
        """The absolute paths of the targets that are not folders on disk."""
        self._targets = path_prefixes(scope.targets)
        self._covers_roots = {*scope.targets} >= {*scope.roots}
        self._declared = declared
        self._display = make_display_path()
        self.root = os.path.join(scope.project_folder, "") if scope.project_folder is not None else ""
        """See `FileRef.root`."""

    @cached_property
    def all(self) -> Sequence[FileRef]:
        """All files, sorted by path for display."""
        return self._refs(lambda folder: folder.files)

    @cached_property
    def targets(self) -> Sequence[FileRef]:
        """The files that findings are reported for, sorted by path for display."""
        refs = self.all if self._covers_roots else self._refs(self._target_names)
        return [ref for ref in refs if ref.is_target]

    def _target_names(self, folder: FolderListing) -> Iterable[str]:
        if self.is_target_folder(folder):
            return folder.files
        return [name for name in self._named_by_folder.get(folder.path, ()) if name in folder.files]

    def _refs(self, names: Callable[[FolderListing], Iterable[str]]) -> Sequence[FileRef]:
        refs = list(self.explicit)
        for folder in self.listing.folders:
            explicit, is_target_folder = self.explicit_in(folder), self.is_target_folder(folder)
            prefix = self.display_prefix(folder)
            refs += [
                self._ref(folder, name, prefix + encodable(name), is_target=is_target_folder)
                for name in names(folder)
                if name not in explicit
            ]
        refs.sort(key=lambda ref: ref.path)
        return refs

    @cached_property
    def explicit(self) -> Sequence[FileRef]:
        """The files that are checked because the user named them."""
        return [
            FileRef(self._display(path), path, True, True, True, version, explicit=True, root=self.root)  # noqa: FBT003 - as named
            for path, version in sorted(self.listing.explicit.items())
        ]

    def explicit_in(self, folder: FolderListing) -> frozenset[str]:
        """Return the names of the explicit files in a folder."""
        return self._explicit_by_folder.get(folder.path, frozenset())

    @cached_property
    def _explicit_by_folder(self) -> Mapping[str, frozenset[str]]:
        return _names_by_folder(self.listing.explicit)

    @cached_property
    def _explicit_by_path(self) -> Mapping[str, FileRef]:
        return {ref.path: ref for ref in self.explicit}

    @cached_property
    def _named_by_folder(self) -> Mapping[str, frozenset[str]]:
        return _names_by_folder(self.named)

    def only_targets(self) -> FileSet:
        """Return the targets alone, without the library around them."""

        def targets_in(folder: FolderListing) -> FolderListing:
            files = {name: one for name, one in folder.files.items() if self.ref(folder, name).is_target}
            return folder if self.is_target_folder(folder) else replace(folder, files=files)

        folders = [folder for folder in map(targets_in, self.listing.folders) if folder.files]
        return FileSet(self._scope, self._declared, replace(self.listing, folders=folders))

    @property
    def has_utf8_names(self) -> bool:
        """Whether all names are UTF-8."""
        try:
            "".join(part for folder in self.listing.folders for part in (folder.path, *folder.files)).encode()
        except UnicodeEncodeError:
            return False
        return True

    def display_prefix(self, folder: FolderListing) -> str:
        """Return the folder part of the paths for display of a folder's files."""
        return self._display(os.path.join(folder.path, ""))

    @cached_property
    def root_prefixes(self) -> Sequence[str]:
        """What the paths for display of files below the roots of the library start with."""
        return [self._display(os.path.join(root, "")) for root in self._scope.roots]

    def is_target_folder(self, folder: FolderListing) -> bool:
        """Return whether all files of a folder are targets; otherwise only those in `named` are."""
        return folder.internal and (
            self._covers_roots or f"{folder.path.rstrip(os.sep)}{os.sep}".startswith(self._targets)
        )

    def ref(self, folder: FolderListing, name: str) -> FileRef:
        """Return a file of a folder."""
        path = self._display(os.path.join(folder.path, name))
        return self._ref(folder, name, path, is_target=self.is_target_folder(folder))

    def _ref(self, folder: FolderListing, name: str, display: str, *, is_target: bool) -> FileRef:
        path, internal, version = os.path.join(folder.path, name), folder.internal, folder.files[name]
        is_target = is_target or (internal and path in self.named)
        if isinstance(version, bytes) and not self.listing.in_git:
            is_target = False  # not checked out
        declared = internal and self._declared(path)
        return FileRef(display, path, is_target, internal, declared, version, root=self.root)

    def get(self, path: str) -> FileRef | None:
        """Return the file with a path for display."""
        found = self._explicit_by_path.get(path)
        if found is None and (place := self.place(path)) is not None:
            return self.ref(*place)
        return found

    def at(self, absolute: str) -> FileRef | None:
        """Return the file at an absolute path."""
        return self.get(self._display(absolute))

    def unlisted(self, path: str) -> FileRef:
        """Return the file with a path for display that is not in the listing: it is new, or left out."""
        absolute = os.path.abspath(path)
        internal = self._scope.is_internal(Path(absolute))
        declared = internal and self._declared(absolute)
        return FileRef(path, absolute, internal, internal, declared, NO_STAMP, root=self.root)

    def place(self, path: str) -> tuple[FolderListing, str] | None:
        """Return the folder and the name of the file with a path for display, unless it is an explicit one."""
        prefix, slash, name = path.rpartition("/")
        for folder in self._folders.get(prefix + slash, ()):
            real = name if name in folder.files else None
            if "\\" in name:  # maybe the name for display of another (see `encodable`)
                real = next((one for one in folder.files if encodable(one) == name), None)
            if real is not None:
                return folder, real
        return None

    @cached_property
    def _folders(self) -> Mapping[str, Sequence[FolderListing]]:
        folders: dict[str, list[FolderListing]] = {}
        for folder in self.listing.folders:
            folders.setdefault(self.display_prefix(folder), []).append(folder)
        return folders


def differing_files(one: Listing, other: Listing) -> Sequence[str]:
    """Return the absolute paths of the files of two listings whose versions differ, sorted."""
    paths = {path for path in (*one.explicit, *other.explicit) if one.explicit.get(path) != other.explicit.get(path)}
    first, second = ({(folder.path, folder.internal): folder.files for folder in one.folders} for one in (one, other))
    for key in first.keys() | second.keys():
        before, after = first.get(key, {}), second.get(key, {})
        if before != after:
            names = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
            paths.update(os.path.join(key[0], name) for name in names)
    return sorted(paths)


def _names_by_folder(paths: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Return the file names in absolute paths by folder."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for folder, name in map(os.path.split, paths):
        names[folder].append(name)
    return {folder: frozenset(some) for folder, some in names.items()}


def _is_listed_from(folders: Iterable[str], path: str) -> bool:
    """Return whether walking one of `folders`, which end with a separator, lists a file."""
    return any(path.startswith(folder) and not is_hidden(path[len(folder) :]) for folder in folders)
