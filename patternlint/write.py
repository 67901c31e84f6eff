"""Writes fixed files so that whatever happens, each is whole: the old one or the new one.

A temporary file is written beside the file, made safe on the disk, and put in its place in one step. Several files that
belong together are all prepared before the first is put in its place.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from patternlint.trouble import Trouble

_MARK = ".patternlint-"
_END = "~"
_NAME_MAX = 255
"""The longest file name, in bytes, that common file systems take."""
_WORDS = {
    errno.ENOSPC: "no room is left on the disk",
    errno.EDQUOT: "no room is left on the disk",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "no permission to write into its folder",
    errno.EPERM: "no permission to write into its folder",
    errno.ENOENT: "it is no longer there",
}


class WriteError(Trouble):
    """A file that was not written, and why: one clear sentence. It is as it was."""

    def __init__(self, path: Path, reason: str) -> None:
        """Take the file and the reason."""
        super().__init__(f"{path} was not written: {reason}")
        self.path = path
        self.reason = reason


class Rewrite(Struct, frozen=True):
    """A file that is to be written.

    Attributes:
        path: the file; for a link, the file that it leads to is written and the link stays.
        before: its bytes as they were read; when they are others by now, it is not written.
        after: its bytes as they shall be.
        root: a link that leads out of this folder is not followed.
    """

    path: Path
    before: bytes
    after: bytes
    root: Path


def write_all(files: Mapping[str, Rewrite], together: Iterable[frozenset[str]]) -> dict[str, WriteError]:
    """Write files, each by itself or with those that it belongs to, and return what went wrong, by name.

    Args:
        files: what to write, by any name.
        together: sets of names whose files are written all or none.
    """
    failures: dict[str, WriteError] = {}
    left = set(files)
    for group in together:
        names = sorted(group & left)
        left -= group
        _write_group(files, names, failures)
    for name in sorted(left):
        _write_group(files, [name], failures)
    return failures


def _write_group(files: Mapping[str, Rewrite], names: list[str], failures: dict[str, WriteError]) -> None:
    try:
        write([files[name] for name in names])
    except WriteError as error:
        for name in names:
            failures[name] = error


def write(files: Iterable[Rewrite]) -> None:
    """Write files, all or none.

    Raises:
        WriteError: when one of them cannot be written; then all are as they were.
    """
    prepared: list[tuple[Path, Path, Rewrite]] = []
    done: list[tuple[Path, Rewrite]] = []
    try:
        for file in files:
            target = _target(file.path, file.root)
            _check_unchanged(target, file)
            prepared.append((target, _prepare(target, file.after), file))
        for target, temporary, file in prepared:
            _check_unchanged(target, file)
            _put_in_place(temporary, target)
            done.append((target, file))
    except BaseException:
        for target, file in done:
            with suppress(WriteError):
                _put_in_place(_prepare(target, file.before), target)
        raise
    finally:
        for _, temporary, _ in prepared:
            with suppress(OSError):
                temporary.unlink()
    for folder in {target.parent for target, _ in done}:
        _sync_folder(folder)


def _target(path: Path, root: Path) -> Path:
    """Return the file to write, links followed."""
    try:
        if not path.is_symlink():
            found = path
        else:
            found = path.resolve(strict=True)
            if not found.is_relative_to(root.resolve()):
                raise WriteError(path, "it is a link to a file outside of the folder")
        mode = found.stat().st_mode
    except OSError as error:
        raise WriteError(path, _reason(error)) from error
    if not stat.S_ISREG(mode):
        raise WriteError(path, "it is no ordinary file")
    if not mode & 0o222:
        raise WriteError(path, "it is read-only")
    return found


def _check_unchanged(target: Path, file: Rewrite) -> None:
    try:
        data = target.read_bytes()
    except OSError as error:
        raise WriteError(file.path, _reason(error)) from error
    if data != file.before:
        raise WriteError(file.path, "something else changed it in the meantime")


def _prepare(target: Path, data: bytes) -> Path:
    """Return a temporary file beside `target` that holds `data`, with the mode and owner of `target`."""
    temporary = target.with_name(_temporary_name(target.name))
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                _take_over(target, temporary)
                os.fsync(descriptor)
        except BaseException:
            temporary.unlink()
            raise
    except OSError as error:
        raise WriteError(target, _reason(error)) from error
    return temporary


def _temporary_name(name: str) -> str:
    """Return a name for a temporary file: it tells which process made it, so that left ones are known as such."""
    tail = f"{_MARK}{os.getpid()}-{secrets.token_hex(4)}{_END}"
    room = _NAME_MAX - len(tail) - 1
    return f".{os.fsencode(name)[:room].decode(errors='ignore')}{tail}"


def _take_over(target: Path, temporary: Path) -> None:
    """Give `temporary` the mode and, where that is allowed, the owner and the extended attributes of `target`."""
    known = target.stat()
    if hasattr(os, "chown"):
        made = temporary.stat()
        if (made.st_uid, made.st_gid) != (known.st_uid, known.st_gid):
            with suppress(OSError):
                os.chown(temporary, known.st_uid, known.st_gid)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(target):
                os.setxattr(temporary, name, os.getxattr(target, name))
    temporary.chmod(stat.S_IMODE(known.st_mode))


def _put_in_place(temporary: Path, target: Path) -> None:
    try:
        temporary.replace(target)
    except OSError as error:
        raise WriteError(target, _reason(error)) from error


def _sync_folder(folder: Path) -> None:
    """Make the new names in a folder safe on the disk, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: OSError) -> str:
    return _WORDS.get(error.errno or 0) or error.strerror or str(error)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file of our own, such as a baseline: made when missing, and whole whatever happens.

    Raises:
        WriteError: when it cannot be written; then it is as it was.
    """
    temporary = path.with_name(_temporary_name(path.name))
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise WriteError(path, _reason(error)) from error


def create_file(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet.

    Raises:
        WriteError: when it is there, or cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise WriteError(path, "there is such a file already") from error
    except OSError as error:
        raise WriteError(path, _reason(error)) from error


def sweep(folders: Iterable[Path]) -> None:
    """Delete the temporary files that processes which are no more have left in `folders`."""
    for folder in folders:
        for path in _left_over(folder):
            with suppress(OSError):
                path.unlink()


def _left_over(folder: Path) -> Iterator[Path]:
    try:
        names = [entry.name for entry in os.scandir(folder) if _MARK in entry.name]
    except OSError:
        return
    for name in names:
        head, _, tail = name.rpartition(_MARK)
        pid = tail.partition("-")[0]
        if head.startswith(".") and tail.endswith(_END) and pid.isdigit() and not _is_alive(int(pid)):
            yield folder / name


def _is_alive(pid: int) -> bool:
    """Return whether a process lives; on Windows always true, since to ask would end it."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
