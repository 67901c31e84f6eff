"""Results of earlier runs in one SQLite file.

* `analysis` holds one row for each file key and content: the analysis of that content under that key.
* `folder` holds the last snapshot of each folder: a listing with stat values, blob ids, and an index of names.
* `run` holds results of whole runs, under a digest of all contents.

All rows belong to a cache key (see `cache_key`): other code, configuration, specifications or rules find no rows. Stat values
are a hint, blob ids decide.

The cache may lose rows at any time and never returns wrong ones. SQLite does not detect corrupted pages, so each blob starts
with a CRC-32; a row that fails the check counts as missing. After an error of SQLite, the run goes on without the cache.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from weakref import finalize
from zlib import crc32

from msgspec import Struct

from patternlint.cache.record import AnalysisRecord
from patternlint.parser.parser import FileKind
from patternlint.project.files import FileStamp
from patternlint.project.user_folder import UntrustedFolderError, require_trusted

FILE_NAME = "cache.sqlite"
TAG_NAME = "CACHEDIR.TAG"
APPLICATION_ID = 0x7061746C  # "patl"
SCHEMA_VERSION = 7
"""The version of the tables below. A file of another version is replaced."""
UNUSED_DAYS = 30
"""Rows that no run used for this many days are deleted."""
RACY_WINDOW_NS = 2_000_000_000  # like Git's racy index: a younger stat value is not trusted
BUSY_SECONDS = 10
MAX_RUNS = 8  # each holds the diagnostics of all library rules
BLOB_ID_SIZE = 20  # SHA-1
_DIGEST_SIZE = 20
_CHECKSUM_SIZE = 4  # CRC-32
_USE_INTERVAL_NS = 60_000_000_000  # writing the time of each use would cost more than reading the run
_MAX_LOOKUPS = 2_000  # above, reading all rows is faster than looking each up
_KEYS_PER_QUERY = 500  # SQLite may refuse more than 999 parameters
_PAGE_SIZE = 16_384  # a row has about 3,000 bytes, which small pages split
_ERRORS = (sqlite3.Error, UnicodeDecodeError)  # the latter from messages about corrupted schemas
_TABLES = """
CREATE TABLE IF NOT EXISTS analysis (
    cache_key BLOB NOT NULL, file_key TEXT NOT NULL, blob_id BLOB NOT NULL, kind TEXT NOT NULL, spec TEXT NOT NULL,
    summary TEXT NOT NULL, diagnostics BLOB NOT NULL, entry BLOB NOT NULL, card BLOB NOT NULL, day INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS analysis_content ON analysis (cache_key, file_key, blob_id);
CREATE TABLE IF NOT EXISTS folder (
    cache_key BLOB NOT NULL, folder_key BLOB NOT NULL,
    listing BLOB NOT NULL, blob_ids BLOB NOT NULL, names BLOB NOT NULL, postings BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS folder_folder_key ON folder (cache_key, folder_key);
CREATE TABLE IF NOT EXISTS usage (cache_key BLOB PRIMARY KEY, day INTEGER NOT NULL, evicted INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS run (run_key BLOB NOT NULL, used INTEGER NOT NULL, data BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS run_run_key ON run (run_key);
"""


Column = Literal["entry", "diagnostics", "card"]
"""A part of an analysis that is loaded by itself."""


class FolderSnapshot(Struct, frozen=True):
    """The files of a folder when they were analyzed.

    Attributes:
        listing: file names with their stamps, encoded.
        digest: the hash of the names and the contents.
    """

    listing: bytes
    digest: bytes


class FolderIndex(Struct, frozen=True):
    """An index of the files in a snapshot. Positions are those in its listing.

    Attributes:
        blob_ids: the blob ids of the files, joined.
        names: slugs, ids and specifications of the files, encoded.
        postings: sorted 64-bit integers, each a hash of a lookup key above the position of a file.
    """

    blob_ids: bytes
    names: bytes
    postings: bytes


class ResultCache:
    """An open cache file. After an error, `problem` says why, and all methods do nothing and return nothing.

    Rows may disappear between two calls, because several processes use the same file.
    """

    def __init__(self, folder: Path, cache_key: bytes, checkouts: Iterable[Path] = ()) -> None:
        """Open the cache in `folder`.

        Args:
            folder: created when missing. A file in it that is not a cache of this version is replaced.
            cache_key: the key of all rows that are read and written.
            checkouts: folders whose content a commit can replace. A cache inside one of them is not used.
        """
        self._key = cache_key
        self.restart_clock()
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

    def restart_clock(self) -> None:
        """Let the time at which files are listed be now (see `is_settled`)."""
        self._started = time.time_ns()
        self._day = self._started // 86_400_000_000_000

    def _connect(self) -> None:
        """Open the file, and close it when this object is no longer referenced.

        The garbage collector would close it later: connections and their cached statements refer to each other.

        Raises:
            sqlite3.DatabaseError: when the file is not a cache of this version, or cannot be opened.
        """
        self._connection = connection = _open(self._path)
        finalize(self, connection.close)

    def _rebuild(self, error: Exception) -> None:
        """Replace the file by a new cache."""
        try:
            _remove(self._path)
            self._connect()
        except (OSError, *_ERRORS) as again:
            self._disable(again)
        else:
            self.problem = f"cache rebuilt because it was damaged ({error})"

    def _disable(self, error: Exception) -> None:
        """Stop using the cache. A damaged file is deleted, so that the next run rebuilds it."""
        self.problem = f"cache not used: {error.strerror if isinstance(error, OSError) else error}"
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            if _is_damage(error):
                with suppress(OSError):
                    _remove(self._path)
        self._connection = None

    def load_snapshots(self) -> dict[bytes, FolderSnapshot]:
        """Return the snapshot of every folder, by folder key."""
        snapshots: dict[bytes, FolderSnapshot] = {}
        for folder, column in self._rows("SELECT folder_key, listing FROM folder WHERE cache_key = ?", (self._key,)):
            data = _verified(column, crc32(folder, crc32(self._key)))
            if data is not None:
                snapshots[folder] = FolderSnapshot(data[_DIGEST_SIZE:], data[:_DIGEST_SIZE])
        return snapshots

    def load_blob_ids(self, folder: bytes, snapshot: FolderSnapshot) -> bytes | None:
        """Return `FolderIndex.blob_ids` of a folder; None unless the stored snapshot is still the given one."""
        rows = self._rows("SELECT blob_ids FROM folder WHERE cache_key = ? AND folder_key = ?", (self._key, folder))
        return next((_verified(column, _snapshot_checksum(folder, snapshot)) for (column,) in rows), None)

    def load_index(self, folder: bytes, snapshot: FolderSnapshot) -> FolderIndex | None:
        """Return the index of a folder; None unless the stored snapshot is still the given one."""
        query = "SELECT blob_ids, names, postings FROM folder WHERE cache_key = ? AND folder_key = ?"
        checksum = _snapshot_checksum(folder, snapshot)
        for row in self._rows(query, (self._key, folder)):
            blob_ids, names, postings = (_verified(column, checksum) for column in row)
            if blob_ids is not None and names is not None and postings is not None:
                return FolderIndex(blob_ids, names, postings)
        return None

    def store_snapshot(self, folder: bytes, snapshot: FolderSnapshot, index: FolderIndex) -> None:
        """Replace the snapshot and the index of a folder."""
        checksum = _snapshot_checksum(folder, snapshot)
        listing = _with_checksum(snapshot.digest + snapshot.listing, crc32(folder, crc32(self._key)))
        columns = (_with_checksum(data, checksum) for data in (index.blob_ids, index.names, index.postings))
        self._write("INSERT OR REPLACE INTO folder VALUES (?, ?, ?, ?, ?, ?)", [(self._key, folder, listing, *columns)])

    def is_settled(self, stamp: FileStamp) -> bool:
        """Return whether a file was last changed long enough before this run that a later change shows in its stamp."""
        _, mtime, ctime, _ = stamp
        return max(mtime, ctime) < self._started - RACY_WINDOW_NS

    def blob_ids_of(self, keys: Sequence[str]) -> list[frozenset[bytes]]:
        """Return for each file key the blob ids with a stored analysis."""
        stored: dict[str, list[bytes]] = {}
        for key, blob_id in self._rows_of("file_key, blob_id", keys):
            stored.setdefault(key, []).append(blob_id)
        return [frozenset(stored.get(key, ())) for key in keys]

    def load(self, column: Column, contents: Mapping[str, tuple[bytes, str]]) -> Iterator[tuple[str, AnalysisRecord]]:
        """Yield file keys and records. Records that the cache does not have are left out.

        Args:
            column: the field that the records have; the other two are empty.
            contents: the blob id and the path for display, by file key.
        """
        rows = self._rows_of(f"file_key, blob_id, kind, spec, summary, {column}", tuple(contents))
        for key, blob_id, kind, spec, summary, value in rows:
            content = contents.get(key)
            if content is not None and content[0] == blob_id:
                data = _verified(value, _row_checksum(key, blob_id, kind, spec, summary))
                if data is not None:
                    parts = {column: data}
                    yield key, AnalysisRecord(content[1], FileKind(kind), blob_id, spec=spec, summary=summary, **parts)

    def _rows_of(self, columns: str, keys: Sequence[str]) -> Iterator[Any]:
        """Yield the analyses of file keys, and of others if there are many keys: reading all is faster then."""
        query = f"SELECT {columns} FROM analysis WHERE cache_key = ?"  # noqa: S608 - our constants
        if len(keys) > _MAX_LOOKUPS:
            yield from self._rows(query, (self._key,))
            return
        for start in range(0, len(keys), _KEYS_PER_QUERY):
            some = keys[start : start + _KEYS_PER_QUERY]
            yield from self._rows(f"{query} AND file_key IN ({', '.join('?' * len(some))})", (self._key, *some))

    def store(self, records: Iterable[tuple[str, AnalysisRecord]]) -> bool:
        """Store records by file key, except incomplete ones. Return whether the cache is still writable."""
        rows = (self._row(key, record) for key, record in records if record.blob_id)
        self._write("INSERT OR REPLACE INTO analysis VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return self._connection is not None and self._writable

    def _row(self, key: str, record: AnalysisRecord) -> tuple[object, ...]:
        columns = key, record.blob_id, record.kind.value, record.spec, record.summary
        checksum = _row_checksum(*columns)
        payload = (_with_checksum(data, checksum) for data in (record.diagnostics, record.entry, record.card))
        return self._key, *columns, *payload, self._day

    def load_run(self, key: bytes) -> bytes | None:
        """Return a result of a whole run."""
        run_key = self._key + key
        for data, used in self._rows("SELECT data, used FROM run WHERE run_key = ?", (run_key,)):
            if used < self._started - _USE_INTERVAL_NS:
                self._write("UPDATE run SET used = ? WHERE run_key = ?", [(self._started, run_key)])
            return _verified(data, crc32(run_key))
        return None

    def store_run(self, key: bytes, data: bytes) -> None:
        """Store a result of a whole run. Only the `MAX_RUNS` that were used last are kept."""
        self._write(
            "DELETE FROM run WHERE run_key NOT IN (SELECT run_key FROM run ORDER BY used DESC LIMIT ?)",
            [(MAX_RUNS - 1,)],
        )
        run_key = self._key + key
        row = run_key, self._started, _with_checksum(data, crc32(run_key))
        self._write("INSERT OR REPLACE INTO run VALUES (?, ?, ?)", [row])

    def evict(self) -> None:
        """Delete rows of unused cache keys, and analyses of contents that no folder holds; once a day."""
        query = "SELECT day, evicted FROM usage WHERE cache_key = ?"
        used, evicted = next(self._rows(query, (self._key,)), (0, 0))
        if used == self._day:
            return
        oldest = self._day - UNUSED_DAYS
        unused = list(self._rows("SELECT cache_key FROM usage WHERE day < ? AND cache_key <> ?", (oldest, self._key)))
        for table in ("analysis", "folder", "usage") if unused else ():
            self._write(f"DELETE FROM {table} WHERE cache_key = ?", unused)  # noqa: S608 - our constants
        if used and evicted < oldest:
            self._evict_absent(oldest)
            evicted = self._day
        row = self._key, self._day, evicted if used else self._day
        self._write("INSERT OR REPLACE INTO usage VALUES (?, ?, ?)", [row])

    def _evict_absent(self, oldest: int) -> None:
        """Delete analyses from before the day `oldest` of contents that are in no snapshot."""
        present = {
            blob_ids[start : start + BLOB_ID_SIZE]
            for folder, snapshot in self.load_snapshots().items()
            if (blob_ids := self.load_blob_ids(folder, snapshot)) is not None
            for start in range(0, len(blob_ids), BLOB_ID_SIZE)
        }
        query = "SELECT rowid, blob_id FROM analysis WHERE cache_key = ? AND day < ?"
        absent = [(row,) for row, blob_id in self._rows(query, (self._key, oldest)) if blob_id not in present]
        self._write("DELETE FROM analysis WHERE rowid = ?", absent)

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> Iterator[Any]:
        if self._connection is None:
            return
        try:
            yield from self._connection.execute(query, values)
        except _ERRORS as error:
            self._disable(error)

    def _write(self, query: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Write rows. After an error that is not damage (disk full, read-only, busy), the cache is only read."""
        if self._connection is None or not self._writable:
            return
        try:
            self._connection.executemany(query, rows)
            self._connection.commit()
        except _ERRORS as error:
            if _is_damage(error):
                self._disable(error)
                return
            self.problem = f"cache not written: {error}"
            self._writable = False
            with suppress(sqlite3.Error):
                self._connection.rollback()


def _row_checksum(key: str, blob_id: bytes, kind: str, spec: str, summary: str) -> int:
    """Return the start value of the checksums in a row, which ties them to that row."""
    return crc32(blob_id, crc32(f"{key}\0{kind}\0{spec}\0{summary}\0".encode()))


def _snapshot_checksum(folder: bytes, snapshot: FolderSnapshot) -> int:
    """Return the start value of the checksums of an index, which ties them to its snapshot."""
    return crc32(snapshot.listing, crc32(snapshot.digest, crc32(folder)))


def _with_checksum(data: bytes, start: int) -> bytes:
    return crc32(data, start).to_bytes(_CHECKSUM_SIZE, "little") + data


def _verified(column: object, start: int) -> bytes | None:
    """Return the data that `_with_checksum` was given; None when the column is corrupted or belongs to another row."""
    if not isinstance(column, bytes):
        return None
    data = column[_CHECKSUM_SIZE:]
    return data if crc32(data, start).to_bytes(_CHECKSUM_SIZE, "little") == column[:_CHECKSUM_SIZE] else None


def _is_damage(error: Exception) -> bool:
    """Return whether an error means that the file is not a cache or is corrupted, rather than busy, full or read-only."""
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
    _remove_unused_caches(folder)
    (folder / TAG_NAME).write_text(
        "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of patternlint. It can be deleted.\n",
        encoding="utf-8",
    )


def _remove_unused_caches(folder: Path) -> None:
    """Delete the caches next to a new one that no run used for `UNUSED_DAYS` days, such as those of deleted libraries."""
    oldest = time.time() - UNUSED_DAYS * 86_400
    for path in folder.parent.glob(f"*/{FILE_NAME}"):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                _remove(path)
                (path.parent / TAG_NAME).unlink(missing_ok=True)
                path.parent.rmdir()


def _open(path: Path) -> sqlite3.Connection:
    """Return a connection to a cache file, which is created when missing.

    Raises:
        sqlite3.DatabaseError: when the file is not a cache of this version, or cannot be opened.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level="IMMEDIATE")
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if (application, version) != (APPLICATION_ID, SCHEMA_VERSION):
            _require_empty(connection, application or version)
            connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(
                f"BEGIN; {_TABLES} PRAGMA application_id = {APPLICATION_ID}; "
                f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _require_empty(connection: sqlite3.Connection, mark: int) -> None:
    """Reject a file of another program or version.

    Raises:
        sqlite3.DatabaseError: when it is marked by an application id or version, or holds tables.
    """
    if mark or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        message = "not a cache of this version"
        raise sqlite3.DatabaseError(message)
