"""What was learned about files, kept from one run to the next.

One SQLite file. A row holds what one content under one path taught, under a signature: the hash of everything else that
could change the answer (the tool's code, config, specs, rules). Size and times of a file are a hint; the truth is the
hash of its content. So another row holds what was seen in one folder: the sizes and times of the files, and the contents
that they had. Whatever is wrong with the cache, a run goes on without it: it can only be missing, never wrong.
SQLite does not notice bytes that a disk spoilt: what a row holds is sealed with a checksum, and a broken seal is a
missing row.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import finalize
from zlib import crc32

from msgspec import Struct

from patternlint.cache.record import AnalysisRecord
from patternlint.parser.parser import FileKind
from patternlint.project.files import FileStamp
from patternlint.project.user_folder import UntrustedFolderError, require_trusted

FILE_NAME = "cache.sqlite"
TAG_NAME = "CACHEDIR.TAG"
APPLICATION_ID = 0x7061746C
"""Marks the SQLite file as ours ("patl")."""
SCHEMA_VERSION = 4
"""The layout of the tables; another one is not read."""
UNUSED_DAYS = 30
"""What no run asked for in so many days is deleted."""
RACY_WINDOW_NS = 2_000_000_000
"""A file that changed less than so many nanoseconds before a run may change again without another time stamp: its
stamp is not believed, and its content is looked at again."""
BUSY_SECONDS = 10
_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; where bytes of its own tables are spoilt, its words about them may be no UTF-8."""
_CHECKSUM_SIZE = 4
"""Bytes of a checksum."""
MAX_RUNS = 8
"""Of whole runs only those used last are kept: each holds all that the library showed."""
_USE_INTERVAL_NS = 60_000_000_000
"""Nanoseconds after which it is written down that a whole run was used again."""
_DIGEST_SIZE = 20
"""Bytes of the hash of all contents of a folder."""
BLOB_ID_SIZE = 20
"""Bytes of a content's name."""
_MAX_LOOKUPS = 2_000
"""So many rows are looked up sooner than all are gone through."""
_KEYS_PER_QUERY = 500
"""Rows that are looked up by one question; SQLite may refuse one with more than 999 values."""
_PAGE_SIZE = 16_384
"""Bytes of a page: what a file taught is some 3,000, and small pages break it up."""
_TABLES = """
CREATE TABLE IF NOT EXISTS learned (
    signature BLOB NOT NULL, path TEXT NOT NULL, blob BLOB NOT NULL, kind TEXT NOT NULL, tally TEXT NOT NULL,
    own BLOB NOT NULL, entry BLOB NOT NULL, day INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS learned_content ON learned (signature, path, blob);
CREATE TABLE IF NOT EXISTS seen (
    signature BLOB NOT NULL, folder BLOB NOT NULL,
    listing BLOB NOT NULL, contents BLOB NOT NULL, names BLOB NOT NULL, found_by BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS seen_folder ON seen (signature, folder);
CREATE TABLE IF NOT EXISTS used (signature BLOB PRIMARY KEY, day INTEGER NOT NULL, tidied INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS run (key BLOB NOT NULL, used INTEGER NOT NULL, data BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS run_key ON run (key);
"""


class FolderSnapshot(Struct, frozen=True):
    """What was seen in a folder when its files were learned from.

    Attributes:
        listing: the files with their stamps, packed.
        digest: the hash of the names and the contents of all these files.
    """

    listing: bytes
    digest: bytes


class FolderIndex(Struct, frozen=True):
    """What the files of a folder are known by, each by its place in the listing.

    Attributes:
        blob_ids: their contents' names, one after the other.
        names: their slugs and ids, packed.
        postings: what finds their entries, packed.
    """

    blob_ids: bytes
    names: bytes
    postings: bytes


class ResultCache:
    """An open cache. Every method does nothing, and finds nothing, once something is wrong with the file.

    What was there a moment ago may be gone when it is asked for: whoever asks must be able to do without.
    """

    def __init__(self, folder: Path, signature: bytes, checkouts: Iterable[Path] = ()) -> None:
        """Open the cache in `folder`; a file there that is none is replaced.

        Args:
            folder: the folder of the cache; made when missing.
            signature: the hash of everything but the files' content that could change what they teach.
            checkouts: folders whose content a commit can replace; a cache inside one of them is not used.
        """
        self._signature = signature
        self._begun = time.time_ns()
        self._day = self._begun // 86_400_000_000_000
        self.problem = ""
        self._path = folder / FILE_NAME
        self._connection: sqlite3.Connection | None = None
        self._writable = True
        try:
            require_trusted(folder, checkouts)
            _make_folder(folder)
            self._connect()
        except _ERRORS as error:
            if _is_damage(error):
                self._rebuild(error)
            else:
                self._disable(error)
        except (OSError, UntrustedFolderError) as error:
            self._disable(error)

    def _connect(self) -> None:
        """Open the file, and see to it that it is closed when nobody has this cache any more.

        A connection of sqlite3 would wait for the garbage collector: it and the statements that it keeps hold each other.

        Raises:
            sqlite3.DatabaseError: when it is no cache of this layout, or cannot be opened.
        """
        self._connection = connection = _open(self._path)
        finalize(self, connection.close)

    def _rebuild(self, error: Exception) -> None:
        """Put a new cache in the place of a file that is none, or that is damaged."""
        try:
            _remove(self._path)
            self._connect()
        except (OSError, *_ERRORS) as again:
            self._disable(again)
        else:
            self.problem = f"the cache was damaged and is built anew ({error})"

    def _disable(self, error: Exception) -> None:
        """Do without the cache from now on; one that is damaged is taken away, so that the next run builds it anew."""
        self.problem = f"no cache: {error.strerror if isinstance(error, OSError) else error}"
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            if _is_damage(error):
                with suppress(OSError):
                    _remove(self._path)
        self._connection = None

    def load_snapshots(self) -> dict[bytes, FolderSnapshot]:
        """Return what was last seen in each folder."""
        found: dict[bytes, FolderSnapshot] = {}
        for folder, sealed in self._rows("SELECT folder, listing FROM seen WHERE signature = ?", (self._signature,)):
            data = _verified(sealed, crc32(folder, crc32(self._signature)))
            if data is not None:
                found[folder] = FolderSnapshot(data[_DIGEST_SIZE:], data[:_DIGEST_SIZE])
        return found

    def load_blob_ids(self, folder: bytes, seen: FolderSnapshot) -> bytes | None:
        """Return `Found.contents` of a folder, when it was last seen so."""
        rows = self._rows("SELECT contents FROM seen WHERE signature = ? AND folder = ?", (self._signature, folder))
        return next((_verified(sealed, _snapshot_checksum(folder, seen)) for (sealed,) in rows), None)

    def load_index(self, folder: bytes, seen: FolderSnapshot) -> FolderIndex | None:
        """Return what the files of a folder are known by, when it was last seen so."""
        query = "SELECT contents, names, found_by FROM seen WHERE signature = ? AND folder = ?"
        about = _snapshot_checksum(folder, seen)
        for row in self._rows(query, (self._signature, folder)):
            contents, names, found_by = (_verified(sealed, about) for sealed in row)
            if contents is not None and names is not None and found_by is not None:
                return FolderIndex(contents, names, found_by)
        return None

    def store_snapshot(self, folder: bytes, seen: FolderSnapshot, found: FolderIndex) -> None:
        """Keep what was seen in a folder."""
        about = _snapshot_checksum(folder, seen)
        listing = _with_checksum(seen.digest + seen.listing, crc32(folder, crc32(self._signature)))
        columns = (_with_checksum(data, about) for data in (found.blob_ids, found.names, found.postings))
        row = self._signature, folder, listing, *columns
        self._write("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?)", [row])

    def is_settled(self, stamp: FileStamp) -> bool:
        """Return whether a stamp is old enough to be believed."""
        _, mtime, ctime, _ = stamp
        return max(mtime, ctime) < self._begun - RACY_WINDOW_NS

    def stored_contents(self) -> frozenset[tuple[str, bytes]]:
        """Return every key with a content that something was learned about under it."""
        return frozenset(self._all_rows("path, blob"))

    def blob_ids_of(self, keys: Sequence[str]) -> list[frozenset[bytes]]:
        """Return the contents that something was learned about, under each of some keys."""
        found: dict[str, list[bytes]] = {}
        for key, blob in self._rows_of("path, blob", keys):
            found.setdefault(key, []).append(blob)
        return [frozenset(found.get(key, ())) for key in keys]

    def load_entries(self, wanted: Mapping[str, tuple[bytes, str]]) -> Iterator[tuple[str, AnalysisRecord]]:
        """Yield what was learned about the given contents, each with its key, without what their text shows by itself.

        Some of it may be missing by now.

        Args:
            wanted: the content, and the path that people see, by key.
        """
        for key, path, blob, kind, tally, entry in self._load_column("entry", wanted):
            yield key, AnalysisRecord(path, kind, blob, entry, b"", tally)

    def load_diagnostics(self, wanted: Mapping[str, tuple[bytes, str]]) -> Iterator[tuple[str, AnalysisRecord]]:
        """Yield what the text of the given contents shows by itself, each with its key, without the entries."""
        for key, path, blob, kind, tally, own in self._load_column("own", wanted):
            yield key, AnalysisRecord(path, kind, blob, b"", own, tally)

    def _load_column(
        self, column: str, wanted: Mapping[str, tuple[bytes, str]]
    ) -> Iterator[tuple[str, str, bytes, FileKind, str, bytes]]:
        """Yield key, path, content, kind and tally of the given contents, and what a column says of each, its seal unbroken."""
        columns = f"path, blob, kind, tally, {column}"
        rows = self._all_rows(columns) if len(wanted) > _MAX_LOOKUPS else self._rows_of(columns, tuple(wanted))
        for key, blob, kind, tally, sealed in rows:
            known = wanted.get(key)
            if known is not None and known[0] == blob:
                inside = _verified(sealed, _row_checksum(key, blob, kind, tally))
                if inside is not None:
                    yield key, known[1], blob, FileKind(kind), tally, inside

    def _all_rows(self, columns: str) -> Iterator[Any]:
        """Yield all that was learned."""
        return self._rows(f"SELECT {columns} FROM learned WHERE signature = ?", (self._signature,))  # noqa: S608 - words of ours

    def _rows_of(self, columns: str, keys: Sequence[str]) -> Iterator[Any]:
        """Yield what was learned under some keys."""
        for start in range(0, len(keys), _KEYS_PER_QUERY):
            some = keys[start : start + _KEYS_PER_QUERY]
            query = f"SELECT {columns} FROM learned WHERE signature = ? AND path IN ({', '.join('?' * len(some))})"  # noqa: S608 - as above
            yield from self._rows(query, (self._signature, *some))

    def store(self, learned: Iterable[tuple[str, AnalysisRecord]]) -> bool:
        """Keep what files taught, each with its key, and return whether that was possible.

        Those that could not be read are left out.
        """
        rows = (self._row(key, one) for key, one in learned if one.blob_id)
        self._write("INSERT OR REPLACE INTO learned VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return self._connection is not None and self._writable

    def _row(self, key: str, one: AnalysisRecord) -> tuple[object, ...]:
        kind, tally = one.kind.value, one.summary
        about = _row_checksum(key, one.blob_id, kind, tally)
        own, entry = _with_checksum(one.diagnostics, about), _with_checksum(one.entry, about)
        return self._signature, key, one.blob_id, kind, tally, own, entry, self._day

    def load_run(self, key: bytes) -> bytes | None:
        """Return what is kept of a whole run."""
        whole = self._signature + key
        for data, used in self._rows("SELECT data, used FROM run WHERE key = ?", (whole,)):
            if used < self._begun - _USE_INTERVAL_NS:
                self._write("UPDATE run SET used = ? WHERE key = ?", [(self._begun, whole)])
            return _verified(data, crc32(whole))
        return None

    def store_run(self, key: bytes, data: bytes) -> None:
        """Keep what a whole run showed."""
        self._write(
            "DELETE FROM run WHERE key NOT IN (SELECT key FROM run ORDER BY used DESC LIMIT ?)", [(MAX_RUNS - 1,)]
        )
        whole = self._signature + key
        self._write(
            "INSERT OR REPLACE INTO run VALUES (?, ?, ?)", [(whole, self._begun, _with_checksum(data, crc32(whole)))]
        )

    def evict(self) -> None:
        """Delete what was learned long ago by another tool or config, or about contents that were not seen since."""
        used, tidied = next(self._rows("SELECT day, tidied FROM used WHERE signature = ?", (self._signature,)), (0, 0))
        if used == self._day:
            return
        before = self._day - UNUSED_DAYS
        idle = list(
            self._rows("SELECT signature FROM used WHERE day < ? AND signature <> ?", (before, self._signature))
        )
        for table in ("learned", "seen", "used") if idle else ():
            self._write(f"DELETE FROM {table} WHERE signature = ?", idle)  # noqa: S608 - words of ours
        if used and tidied < before:
            self._evict_absent(before)
            tidied = self._day
        row = self._signature, self._day, tidied if used else self._day
        self._write("INSERT OR REPLACE INTO used VALUES (?, ?, ?)", [row])

    def _evict_absent(self, before: int) -> None:
        """Delete what was learned before a day about contents that were not there when their folder was last seen."""
        folders = self.load_snapshots()
        contents = [
            found for folder, seen in folders.items() if (found := self.load_blob_ids(folder, seen)) is not None
        ]
        seen = {found[at : at + BLOB_ID_SIZE] for found in contents for at in range(0, len(found), BLOB_ID_SIZE)}
        query = "SELECT rowid, blob FROM learned WHERE signature = ? AND day < ?"
        gone = [(number,) for number, blob in self._rows(query, (self._signature, before)) if blob not in seen]
        self._write("DELETE FROM learned WHERE rowid = ?", gone)

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> Iterator[Any]:
        if self._connection is None:
            return
        try:
            yield from self._connection.execute(query, values)
        except _ERRORS as error:
            self._disable(error)

    def _write(self, query: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Write rows. When that is not possible (full, read-only, busy), nothing more is written, and reading goes on."""
        if self._connection is None or not self._writable:
            return
        try:
            self._connection.executemany(query, rows)
            self._connection.commit()
        except _ERRORS as error:
            if _is_damage(error):
                self._disable(error)
                return
            self.problem = f"the cache is not written: {error}"
            self._writable = False
            with suppress(sqlite3.Error):
                self._connection.rollback()


def _row_checksum(key: str, blob: bytes, kind: str, tally: str) -> int:
    """Return what the checksums of a row begin with, so that they hold for this row alone."""
    return crc32(blob, crc32(f"{key}\0{kind}\0{tally}\0".encode()))


def _snapshot_checksum(folder: bytes, seen: FolderSnapshot) -> int:
    """Return what the checksums of a folder's columns begin with: they hold for one state that was seen."""
    return crc32(seen.listing, crc32(seen.digest, crc32(folder)))


def _with_checksum(data: bytes, about: int) -> bytes:
    return crc32(data, about).to_bytes(_CHECKSUM_SIZE, "little") + data


def _verified(sealed: object, about: int) -> bytes | None:
    """Return what `_sealed` sealed, or None when it is not what it was."""
    if not isinstance(sealed, bytes):
        return None
    data = sealed[_CHECKSUM_SIZE:]
    return data if crc32(data, about).to_bytes(_CHECKSUM_SIZE, "little") == sealed[:_CHECKSUM_SIZE] else None


def _is_damage(error: Exception) -> bool:
    """Return whether the file is no cache, or a spoilt one. Other errors are of the moment: busy, full, read-only."""
    if isinstance(error, UnicodeDecodeError):
        return True
    return isinstance(error, sqlite3.DatabaseError) and (
        not isinstance(error, sqlite3.OperationalError | sqlite3.ProgrammingError) or "no such" in str(error)
    )


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
        path.with_name(name).unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _evict_unused(folder)
    (folder / TAG_NAME).write_text(
        "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of patternlint. It can be deleted.\n",
        encoding="utf-8",
    )


def _evict_unused(folder: Path) -> None:
    """Delete the caches beside a new one that no run has used for `UNUSED_DAYS` days, such as those of deleted libraries."""
    before = time.time() - UNUSED_DAYS * 86_400
    for path in folder.parent.glob(f"*/{FILE_NAME}"):
        with suppress(OSError):
            if path.stat().st_mtime < before:
                _remove(path)
                (path.parent / TAG_NAME).unlink(missing_ok=True)
                path.parent.rmdir()


def _open(path: Path) -> sqlite3.Connection:
    """Return an open cache file.

    Raises:
        sqlite3.DatabaseError: when it is no cache of this layout, or cannot be opened.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level="IMMEDIATE")
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        layout = connection.execute("PRAGMA user_version").fetchone()[0]
        if (application, layout) != (APPLICATION_ID, SCHEMA_VERSION):
            _require_empty(connection, application or layout)
            connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(
                f"BEGIN; {_TABLES} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _require_empty(connection: sqlite3.Connection, marked: int) -> None:
    """Refuse a file that another program, or another version, put there.

    Raises:
        sqlite3.DatabaseError: when it is marked, or holds tables.
    """
    if marked or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        message = "it is no cache of this version"
        raise sqlite3.DatabaseError(message)
