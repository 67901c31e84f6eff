"""What earlier runs learned about the files of a run: which are as they were, and what their patterns are found by.

Files are looked at folder by folder. A folder whose listing is, byte for byte, the one that was kept holds the contents
that were kept with it; in any other, file by file, the stamps are compared.
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
from patternlint.library.lazy import lookup_keys
from patternlint.project.files import FileRef, FileStamp, FolderListing, encodable

_POSITION_BITS = 32
"""Bits of a place in a listing, below the hash of what a pattern is found by."""

_encode = msgspec.msgpack.Encoder().encode
_decode_listing = msgspec.msgpack.Decoder(dict[str, FileStamp]).decode
_decode_names = msgspec.msgpack.Decoder(tuple[list[str], list[str]]).decode


class FolderFiles(Struct, frozen=True):
    """The files of a run that lie in one folder, in the order of their names.

    Attributes:
        key: what the folder is known by in the cache: what a file teaches depends on why it is looked at.
        display_prefix: what the paths of its files begin with, as people see them.
        refs: the files.
        names: their names.
    """

    key: bytes
    display_prefix: str
    refs: Sequence[FileRef]
    names: Sequence[str]


def folder_key(path: str, *, forced: bool, reported: bool) -> bytes:
    """Return what a folder is known by in the cache."""
    return (b"!" if forced else b"" if reported else b"?") + os.fsencode(path)


def group_by_folder(refs: Iterable[FileRef]) -> list[FolderFiles]:
    """Return the files of a run by folder, in the order of what these are known by."""

    def key(ref: FileRef) -> bytes:
        return folder_key(ref.folder_and_name[0], forced=ref.explicit, reported=ref.internal)

    groups: dict[bytes, list[FileRef]] = {}
    for folder, found in groupby(refs, key):
        groups.setdefault(folder, []).extend(found)
    made: list[FolderFiles] = []
    for folder, members in sorted(groups.items()):
        members.sort(key=lambda ref: ref.absolute)
        names = [encodable(ref.folder_and_name[1]) for ref in members]
        made.append(FolderFiles(folder, members[0].path.removesuffix(names[0]), members, names))
    return made


def encode_listing(files: Mapping[str, FileStamp]) -> bytes:
    """Return names and stamps as bytes."""
    try:
        return _encode(files)
    except UnicodeEncodeError:
        return _encode({encodable(name): stamp for name, stamp in files.items()})


def decode_listing(seen: FolderSnapshot) -> dict[str, FileStamp]:
    """Return what `pack_listing` made bytes of."""
    return _decode_listing(seen.listing)


def folder_digest(names: Iterable[str], contents: bytes) -> bytes:
    """Return the hash of the names and the contents of files."""
    return blake2b("\0".join(names).encode() + b"\0\0" + contents, digest_size=20).digest()


def run_digest(folders: Iterable[tuple[bytes, str, bytes, bytes]]) -> bytes:
    """Return the hash of all contents of a run and of what is asked about them.

    Args:
        folders: of each its key, how it is shown, which of its files are wanted, and its state; ordered by key.
    """
    digest = blake2b(digest_size=20)
    for folder in folders:
        digest.update(_encode(folder))
    return digest.digest()


ALL_TARGETS, NO_TARGETS = b"1", b"0"


def files_digest(groups: Iterable[FolderFiles], contents: Callable[[FileRef], bytes]) -> bytes:
    """Return the `run_key` of files; empty when one content is not known."""
    folders: list[tuple[bytes, str, bytes, bytes]] = []
    for group in groups:
        blobs = [contents(ref) for ref in group.refs]
        if not all(blobs):
            return b""
        names = group.names
        wanted = [name for name, ref in zip(names, group.refs, strict=True) if ref.is_target]
        which = ALL_TARGETS if len(wanted) == len(names) else "\0".join(wanted).encode() or NO_TARGETS
        folders.append((group.key, group.display_prefix, which, folder_digest(names, b"".join(blobs))))
    return run_digest(folders)


def unchanged_files(
    groups: Iterable[FolderFiles], seen: Mapping[bytes, FolderSnapshot], cache: ResultCache
) -> dict[str, bytes]:
    """Return, by key, the contents of the files that are as they were."""
    kept: dict[str, bytes] = {}
    for group in groups:
        before = seen.get(group.key)
        contents = cache.load_blob_ids(group.key, before) if before is not None else None
        if before is None or contents is None:
            continue
        listed = {
            name: (stamp, contents[at : at + BLOB_ID_SIZE])
            for (name, stamp), at in zip(
                decode_listing(before).items(), range(0, len(contents), BLOB_ID_SIZE), strict=True
            )
        }
        for name, ref in zip(group.names, group.refs, strict=True):
            known = listed.get(name)
            if known is not None and known[0] == ref.stamp:
                kept[ref.key] = known[1]
    return kept


class SnapshotInputs(Struct, frozen=True):
    """What a run knows of its files: the contents by key, the entries that it has just learned, and how to get others."""

    blob_ids: Mapping[str, bytes]
    new_entries: Mapping[str, Entry | None]
    load_entries: Callable[[Sequence[FileRef]], Iterator[Entry | None]]


def store_snapshots(
    cache: ResultCache, groups: Iterable[FolderFiles], seen: Mapping[bytes, FolderSnapshot], known: SnapshotInputs
) -> None:
    """Keep what is seen in each folder, where it is not what was seen before."""
    for group in groups:
        files: dict[str, tuple[FileRef, bytes]] = {}
        for name, ref in zip(group.names, group.refs, strict=True):
            blob = known.blob_ids.get(ref.key, b"")
            if blob and cache.is_settled(ref.stamp):
                files[name] = ref, blob
        contents = b"".join(blob for _, blob in files.values())
        now = FolderSnapshot(
            encode_listing({name: ref.stamp for name, (ref, _) in files.items()}), folder_digest(files, contents)
        )
        before = seen.get(group.key)
        if before != now:
            names, places = _build_index(files, _EarlierIndex(cache, group.key, before), known)
            cache.store_snapshot(group.key, now, FolderIndex(contents, _encode(names), places))


class _EarlierIndex:
    """What the files of a folder were known by before."""

    def __init__(self, cache: ResultCache, key: bytes, seen: FolderSnapshot | None) -> None:
        found = cache.load_index(key, seen) if seen is not None else None
        self._places: dict[tuple[str, bytes], int] = {}
        self.slugs: list[str] = []
        self.ids: list[str] = []
        self.found_by: Iterable[int] = ()
        if seen is not None and found is not None:
            contents = found.blob_ids
            for place, name in enumerate(decode_listing(seen)):
                self._places[name, contents[place * BLOB_ID_SIZE : (place + 1) * BLOB_ID_SIZE]] = place
            self.slugs, self.ids = _decode_names(found.names)
            self.found_by = memoryview(found.postings).cast("Q")

    def position(self, name: str, blob: bytes) -> int | None:
        """Return the place that a file with this content had."""
        return self._places.get((name, blob))


def _build_index(
    files: Mapping[str, tuple[FileRef, bytes]], before: _EarlierIndex, known: SnapshotInputs
) -> tuple[tuple[list[str], list[str]], bytes]:
    """Return the slugs and ids of files, and what finds them."""
    slugs, ids = [""] * len(files), [""] * len(files)
    moved: dict[int, int] = {}
    fresh: list[tuple[int, Entry | None]] = []
    others: list[tuple[int, FileRef]] = []
    for place, (name, (ref, blob)) in enumerate(files.items()):
        old = before.position(name, blob)
        if ref.key in known.new_entries:
            fresh.append((place, known.new_entries[ref.key]))
        elif old is not None:
            moved[old] = place
            slugs[place], ids[place] = before.slugs[old], before.ids[old]
        else:
            others.append((place, ref))
    below = (1 << _POSITION_BITS) - 1
    found = [one - old + moved[old] for one in before.found_by if (old := one & below) in moved]
    fetched = known.load_entries([ref for _, ref in others])
    for place, entry in (*fresh, *zip((place for place, _ in others), fetched, strict=True)):
        if entry is not None:
            slugs[place], ids[place] = entry.slug, entry.id
            found += {_key_hash(kind, name) | place for kind, name in lookup_keys(entry)}
    return (slugs, ids), array("Q", sorted(found)).tobytes()


def _key_hash(kind: str, name: str) -> int:
    return crc32(name.encode("utf-8", "surrogatepass"), _kind_checksum(kind)) << _POSITION_BITS


@functools.cache
def _kind_checksum(kind: str) -> int:
    return crc32(kind.encode())


EMPTY_INDEX = FolderIndex(b"", _encode(([], [])), b"")
"""What a folder is known by of which nothing is known."""


class NameIndex:
    """What finds the files of a folder, each by its place in the listing."""

    def __init__(self, found: FolderIndex) -> None:
        """Take what was kept."""
        self._found = found
        self._places = memoryview(found.postings).cast("Q")

    def find(self, kind: str, name: str) -> Iterator[int]:
        """Yield the places of all files that are found by this, and maybe others."""
        places = self._places
        first = _key_hash(kind, name)
        for at in range(bisect_left(places, first), len(places)):
            place = places[at] - first
            if place >> _POSITION_BITS:
                return
            yield place

    def blob_id(self, place: int) -> bytes:
        """Return the content of a file."""
        return self._found.blob_ids[place * BLOB_ID_SIZE : (place + 1) * BLOB_ID_SIZE]

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield the slug and the id of every file, empty where there is none."""
        return zip(*_decode_names(self._found.names), strict=True)


def is_unchanged(folder: FolderListing, seen: FolderSnapshot) -> bool:
    """Return whether a folder holds the files that it held, all of them with their stamps."""
    return encode_listing(folder.files) == seen.listing
