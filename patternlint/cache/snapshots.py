"""Folder snapshots: which files are unchanged since an earlier run, and an index of their names.

Files are compared folder by folder. When the encoded listing of a folder equals the stored one, all of its files have the
stored blob ids. Otherwise the stamps are compared file by file.
"""

from __future__ import annotations

import functools
import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import groupby
from zlib import crc32

import msgspec
from msgspec import Struct

from patternlint.cache.store import BLOB_ID_SIZE, FolderIndex, FolderSnapshot, ResultCache
from patternlint.library.entry import Entry
from patternlint.library.store import lookup_keys
from patternlint.project.files import FileRef, FileStamp, FileVersion, FolderListing, encodable

_POSITION_BITS = 32
"""Lower bits of a posting, which hold the position of a file in the listing. The upper bits are a hash."""

_encode = msgspec.msgpack.Encoder().encode
_decode_listing = msgspec.msgpack.Decoder(dict[str, FileStamp]).decode
_decode_names = msgspec.msgpack.Decoder(tuple[list[str], list[str], list[str | None]]).decode


_Names = tuple[list[str], list[str], list[str | None]]
"""The slugs, ids and specifications of files, by position; no specification for a file that is not a pattern."""


class FolderFiles(Struct, frozen=True):
    """The files of a run in one folder, sorted by name.

    Attributes:
        key: the key of the folder in the cache.
        display_prefix: what the paths for display of its files start with.
        refs: the files.
        names: their names.
    """

    key: bytes
    display_prefix: str
    refs: Sequence[FileRef]
    names: Sequence[str]


def folder_key(path: str, root: str, *, explicit: bool, internal: bool) -> bytes:
    """Return the key of a folder in the cache. Explicit, internal and external files of one folder have different keys.

    Args:
        path: the absolute path of the folder.
        root: as for `FileRef`.
        explicit: whether its files were named by the user.
        internal: whether its files belong to the library.
    """
    relative = f"{path.rstrip(os.sep)}{os.sep}".removeprefix(root)
    return (b"!" if explicit else b"" if internal else b"?") + os.fsencode(relative)


def group_by_folder(refs: Iterable[FileRef]) -> list[FolderFiles]:
    """Return the files of a run by folder, sorted by folder key."""

    def key_of(ref: FileRef) -> bytes:
        return folder_key(ref.folder_and_name[0], ref.root, explicit=ref.explicit, internal=ref.internal)

    by_key: dict[bytes, list[FileRef]] = {}
    for key, some in groupby(refs, key_of):
        by_key.setdefault(key, []).extend(some)
    folders: list[FolderFiles] = []
    for key, members in sorted(by_key.items()):
        members.sort(key=lambda ref: ref.absolute)
        names = [encodable(ref.folder_and_name[1]) for ref in members]
        folders.append(FolderFiles(key, members[0].path.removesuffix(names[0]), members, names))
    return folders


def encode_listing(files: Mapping[str, FileVersion]) -> bytes:
    """Return names and stamps as bytes."""
    try:
        return _encode(files)
    except UnicodeEncodeError:
        return _encode({encodable(name): stamp for name, stamp in files.items()})


def decode_listing(snapshot: FolderSnapshot) -> dict[str, FileStamp]:
    """Return the names and stamps of a snapshot."""
    return _decode_listing(snapshot.listing)


def folder_digest(names: Iterable[str], blob_ids: bytes) -> bytes:
    """Return the hash of the names and contents of files."""
    return blake2b("\0".join(names).encode() + b"\0\0" + blob_ids, digest_size=20).digest()


def run_digest(folders: Iterable[tuple[bytes, str, bytes, bytes]]) -> bytes:
    """Return the hash of the contents, display paths and targets of a run.

    Args:
        folders: for each folder its key, display prefix, targets, and `folder_digest`; sorted by key. The targets are
            `ALL_TARGETS`, `NO_TARGETS`, or names joined by NUL.
    """
    digest = blake2b(digest_size=20)
    for folder in folders:
        digest.update(_encode(folder))
    return digest.digest()


ALL_TARGETS, NO_TARGETS = b"1", b"0"


def files_digest(folders: Iterable[FolderFiles], blob_id_of: Callable[[FileRef], bytes]) -> bytes:
    """Return the `run_digest` of files; empty when the blob id of one is unknown."""
    parts: list[tuple[bytes, str, bytes, bytes]] = []
    for folder in folders:
        blob_ids = [blob_id_of(ref) for ref in folder.refs]
        if not all(blob_ids):
            return b""
        names = folder.names
        targets = [name for name, ref in zip(names, folder.refs, strict=True) if ref.is_target]
        encoded = ALL_TARGETS if len(targets) == len(names) else "\0".join(targets).encode() or NO_TARGETS
        parts.append((folder.key, folder.display_prefix, encoded, folder_digest(names, b"".join(blob_ids))))
    return run_digest(parts)


def unchanged_files(
    folders: Iterable[FolderFiles], snapshots: Mapping[bytes, FolderSnapshot], cache: ResultCache
) -> dict[str, bytes]:
    """Return the blob ids of the files with unchanged stamps, by file key."""
    unchanged: dict[str, bytes] = {}
    for folder in folders:
        snapshot = snapshots.get(folder.key)
        blob_ids = cache.load_blob_ids(folder.key, snapshot) if snapshot is not None else None
        if snapshot is None or blob_ids is None:
            continue
        starts = range(0, len(blob_ids), BLOB_ID_SIZE)
        stored = {
            name: (stamp, blob_ids[start : start + BLOB_ID_SIZE])
            for (name, stamp), start in zip(decode_listing(snapshot).items(), starts, strict=True)
        }
        for name, ref in zip(folder.names, folder.refs, strict=True):
            earlier = stored.get(name)
            if earlier is not None and earlier[0] == ref.version:
                unchanged[ref.key] = earlier[1]
    return unchanged


class SnapshotInputs(Struct, frozen=True):
    """The results of a run that its snapshots are made from.

    Attributes:
        blob_ids: of all files, by file key.
        new_entries: of the files that were analyzed, by file key; None for one without an entry.
        load_entries: returns the entries of other files, given with their blob ids by file key, from the cache.
    """

    blob_ids: Mapping[str, bytes]
    new_entries: Mapping[str, Entry | None]
    load_entries: Callable[[Mapping[str, tuple[bytes, FileRef]]], Mapping[str, Entry | None]]


def store_snapshots(
    cache: ResultCache,
    folders: Iterable[FolderFiles],
    snapshots: Mapping[bytes, FolderSnapshot],
    inputs: SnapshotInputs,
) -> None:
    """Store the snapshot of each folder that differs from the stored one. Files that are not settled are left out."""
    for folder in folders:
        files: dict[str, tuple[FileRef, bytes]] = {}
        for name, ref in zip(folder.names, folder.refs, strict=True):
            blob_id = inputs.blob_ids.get(ref.key, b"")
            if blob_id and isinstance(ref.version, tuple) and cache.is_settled(ref.version):
                files[name] = ref, blob_id
        blob_ids = b"".join(blob_id for _, blob_id in files.values())
        listing = encode_listing({name: ref.version for name, (ref, _) in files.items()})
        snapshot = FolderSnapshot(listing, folder_digest(files, blob_ids))
        earlier = snapshots.get(folder.key)
        if earlier != snapshot:
            names, postings = _build_index(files, _EarlierIndex(cache, folder.key, earlier), inputs)
            cache.store_snapshot(folder.key, snapshot, FolderIndex(blob_ids, _encode(names), postings))


class _EarlierIndex:
    """The stored index of a folder, to copy what it says about unchanged files."""

    def __init__(self, cache: ResultCache, key: bytes, snapshot: FolderSnapshot | None) -> None:
        index = cache.load_index(key, snapshot) if snapshot is not None else None
        self._positions: dict[tuple[str, bytes], int] = {}
        self.names: _Names = ([], [], [])
        self.postings: Iterable[int] = ()
        if snapshot is not None and index is not None:
            names = NameIndex(index)
            self._positions = {
                (name, names.blob_id(position)): position for position, name in enumerate(decode_listing(snapshot))
            }
            self.names = _decode_names(index.names)
            self.postings = names.postings

    def position(self, name: str, blob_id: bytes) -> int | None:
        """Return the earlier position of a file with the same name and content."""
        return self._positions.get((name, blob_id))


def _build_index(
    files: Mapping[str, tuple[FileRef, bytes]], earlier: _EarlierIndex, inputs: SnapshotInputs
) -> tuple[_Names, bytes]:
    """Return the names of files, and their postings."""
    names: _Names = ([""] * len(files), [""] * len(files), [None] * len(files))
    moved: dict[int, int] = {}
    analyzed: list[tuple[int, Entry | None]] = []
    others: dict[int, tuple[bytes, FileRef]] = {}
    for position, (name, (ref, blob_id)) in enumerate(files.items()):
        old = earlier.position(name, blob_id)
        if ref.key in inputs.new_entries:
            analyzed.append((position, inputs.new_entries[ref.key]))
        elif old is not None:
            moved[old] = position
            slugs, ids, specs = earlier.names
            names[0][position], names[1][position], names[2][position] = slugs[old], ids[old], specs[old]
        else:
            others[position] = blob_id, ref
    mask = (1 << _POSITION_BITS) - 1
    postings = [posting - old + moved[old] for posting in earlier.postings if (old := posting & mask) in moved]
    loaded = inputs.load_entries({ref.key: (blob_id, ref) for blob_id, ref in others.values()})
    for position, entry in (*analyzed, *((position, loaded[ref.key]) for position, (_, ref) in others.items())):
        if entry is not None:
            names[0][position], names[1][position] = entry.slug, entry.id
            names[2][position] = None if entry.left_alone else entry.spec
            postings += {hash_key(kind, name) | position for kind, name in lookup_keys(entry)}
    return names, array("Q", sorted(postings)).tobytes()


def hash_key(kind: str, name: str) -> int:
    """Return the hash of a lookup key, as in the upper bits of a posting."""
    return crc32(name.encode("utf-8", "surrogatepass"), _kind_checksum(kind)) << _POSITION_BITS


@functools.cache
def _kind_checksum(kind: str) -> int:
    return crc32(kind.encode())


EMPTY_INDEX = FolderIndex(b"", _encode(([], [], [])), b"")


class NameIndex:
    """Finds the files of a folder by lookup keys (see `lookup_keys`); files are positions in the listing."""

    def __init__(self, index: FolderIndex) -> None:
        self._index = index
        self.postings = memoryview(index.postings).cast("Q")

    def find(self, key: int) -> Sequence[int]:
        """Return the positions of all files with a lookup key, given its hash; collisions add false positives."""
        postings = self.postings
        start = bisect_left(postings, key)
        end = start
        while end < len(postings) and postings[end] - key < 1 << _POSITION_BITS:
            end += 1
        return [posting - key for posting in postings[start:end]]

    def blob_id(self, position: int) -> bytes:
        """Return the blob id of a file."""
        return self._index.blob_ids[position * BLOB_ID_SIZE : (position + 1) * BLOB_ID_SIZE]

    @property
    def blob_ids(self) -> bytes:
        """The blob ids of all files, joined."""
        return self._index.blob_ids

    def names(self) -> Iterator[tuple[str, str, str | None]]:
        """Yield the slug, the id and the specification of every file, empty where missing; None if it is not a pattern."""
        return zip(*_decode_names(self._index.names), strict=True)


def is_unchanged(folder: FolderListing, snapshot: FolderSnapshot) -> bool:
    """Return whether a folder has the files of a snapshot, with the same stamps."""
    return encode_listing(folder.files) == snapshot.listing
