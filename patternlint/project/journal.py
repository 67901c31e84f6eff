"""Journals of changes to several files that belong together, so that a later run can undo those of a killed one.

A journal is in the user's own folder, never in a checkout, so that no commit can make patternlint write anything. The
process that writes the files holds a lock on its journal; the system releases the lock when the process is killed. A
journal without a lock is abandoned.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from patternlint.project.user_folder import UntrustedFolderError, journals_folder, require_trusted

_JOURNAL, _DRAFT = ".journal", ".draft"
_DIGEST_SIZE = 16

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # locked bytes cannot be read by others, so one beyond the content is locked

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileChange(Struct, frozen=True, array_like=True):
    """A change of one file.

    Attributes:
        path: the absolute path of the file, as bytes.
        before: the content of the file.
        after: the digest of its new content.
        new: the new absolute path of the file, as bytes; empty to keep it.
    """

    path: bytes
    before: bytes
    after: bytes
    new: bytes = b""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[FileChange, ...]).decode


def digest(data: bytes) -> bytes:
    """Return the digest of a content."""
    return blake2b(data, digest_size=_DIGEST_SIZE).digest()


def _trusted_folder(checkouts: Iterable[Path]) -> Path:
    """Return the folder of the journals, or raise UntrustedFolderError if it is missing or not trusted."""
    folder = journals_folder()
    if folder is None:
        message = "this user has no folder"
        raise UntrustedFolderError(message)
    require_trusted(folder, checkouts)
    return folder


@contextmanager
def record_changes(changes: Iterable[FileChange], checkouts: Iterable[Path]) -> Iterator[None]:
    """Record changes in a journal within this context, where a journal can be written."""
    try:
        descriptor, path = _write(_trusted_folder(checkouts), _encode(tuple(changes)))
    except (OSError, UntrustedFolderError):
        yield
        return
    try:
        yield
    finally:
        os.close(descriptor)  # first, since Windows does not delete open files
        with suppress(OSError):
            path.unlink()


def _write(folder: Path, data: bytes) -> tuple[int, Path]:
    """Return the locked descriptor and the path of a new journal, synced to the disk."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f"{secrets.token_hex(8)}{_DRAFT}"
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        _lock(descriptor)
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(digest(data) + data)
            file.flush()
            os.fsync(descriptor)
        path = draft.with_suffix(_JOURNAL)
        draft.rename(path)
    except BaseException:
        os.close(descriptor)
        draft.unlink(missing_ok=True)
        raise
    return descriptor, path


def abandoned_journals(checkouts: Iterable[Path]) -> Iterator[tuple[FileChange, ...]]:
    """Yield the changes of each abandoned journal, and delete the journal before the next one is yielded.

    Args:
        checkouts: folders whose content a commit can replace; journals inside one of them are not read.
    """
    try:
        folder = _trusted_folder(checkouts)
        paths = sorted(path for path in folder.iterdir() if path.suffix in (_JOURNAL, _DRAFT))
    except (OSError, UntrustedFolderError):
        return
    for path in paths:
        with suppress(OSError, msgspec.MsgspecError):
            descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
            try:
                _lock(descriptor)
                with os.fdopen(descriptor, "rb", closefd=False) as file:
                    data = file.read()
                if path.suffix == _JOURNAL and data[:_DIGEST_SIZE] == digest(data[_DIGEST_SIZE:]):
                    yield _decode(data[_DIGEST_SIZE:])
            finally:
                os.close(descriptor)
            path.unlink()
