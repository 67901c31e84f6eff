"""Write files atomically; files that belong together change all or none.

A temporary file is written beside the file, synced to the disk, and swapped with it in one step. The file that the swap
replaces must have the content that was read before; otherwise another program has saved it in the meantime, and it is
restored. Files that belong together are all prepared first, and a journal lets a later run undo the change if the
process is killed.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from io import FileIO
from pathlib import Path

from msgspec import Struct

from patternlint.errors import UserError
from patternlint.project.atomic_rename import exchange, rename_new
from patternlint.project.journal import FileChange, abandoned_journals, digest, record_changes
from patternlint.project.user_folder import outward_link_reason

_TEMPORARY = re.compile(r"\..*\.patternlint-(?P<pid>[0-9]+)-.*~", re.DOTALL)
CHANGED = "something else changed it in the meantime"
_NAME_MAX = 255
"""The longest file name, in bytes, that common file systems take."""
_REASONS = {
    errno.ENOSPC: "no room is left on the disk",
    errno.EDQUOT: "no room is left on the disk",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "no permission to write into its folder",
    errno.EPERM: "no permission to write into its folder",
    errno.ENOENT: "it is no longer there",
}


class WriteError(UserError):
    """A file that was not written, and the reason. The file is unchanged."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} was not written: {reason}")
        self.path = path
        self.reason = reason


class PendingWrite(Struct, frozen=True):
    """A file to write.

    Attributes:
        path: the file; for a link, the file that it leads to is written and the link stays.
        before: the bytes that were read; if the file has other bytes now, it is not written.
        after: the new bytes.
        root: a file that is outside of this folder, links resolved, is not written.
        new: the new path of the file; None to keep it.
    """

    path: Path
    before: bytes
    after: bytes
    root: Path
    new: Path | None = None


def write_all(files: Mapping[str, PendingWrite], together: Iterable[frozenset[str]]) -> dict[str, WriteError]:
    """Write files, each by itself or with those that it belongs to, and return the errors by name.

    Args:
        files: the files to write, by any name.
        together: sets of names whose files are written all or none.
    """
    groups: list[list[str]] = []
    left = set(files)
    for group in together:
        groups.append(sorted(group & left))
        left -= group
    failures: dict[str, WriteError] = {}
    for names in (*groups, *([name] for name in sorted(left))):
        try:
            write([files[name] for name in names])
        except WriteError as error:
            failures.update(dict.fromkeys(names, error))
    return failures


class _Prepared(Struct, frozen=True):
    """A file to write: its path without links, and the temporary file with its new content."""

    target: Path
    temporary: Path
    file: PendingWrite


def write(files: Iterable[PendingWrite]) -> None:
    """Write files, all or none.

    Raises:
        WriteError: if a file cannot be written; then all files are unchanged.
    """
    prepared: list[_Prepared] = []
    done: list[_Prepared] = []
    moved: list[_Prepared] = []
    try:
        for file in files:
            target = _target(file.path, file.root)
            _check_unchanged(target, file)
            prepared.append(_Prepared(target, _prepare(target, file.after), file))
        with _journal(prepared):
            try:
                for one in prepared:
                    _replace_target(one.temporary, one.target, one.file.before)
                    done.append(one)
                for one in prepared:
                    if one.file.new is not None:
                        _rename(one.target, one.file.new)
                        moved.append(one)
            except BaseException:
                _undo(done, moved)
                raise
    finally:
        for one in prepared:
            with suppress(OSError):
                one.temporary.unlink()
    for folder in {one.target.parent for one in done}:
        _sync_folder(folder)


def _journal(prepared: Sequence[_Prepared]) -> AbstractContextManager[None]:
    """Return the journal of a change that takes more than one step."""
    if len(prepared) == 1 and prepared[0].file.new is None:
        return nullcontext()
    changes = (
        FileChange(
            os.fsencode(one.target.resolve()),
            one.file.before,
            digest(one.file.after),
            os.fsencode(one.file.new) if one.file.new is not None else b"",
        )
        for one in prepared
    )
    return record_changes(changes, {one.file.root for one in prepared})


def _undo(done: Iterable[_Prepared], moved: Iterable[_Prepared]) -> None:
    for one in moved:
        if one.file.new is not None:
            with suppress(WriteError):
                _rename(one.file.new, one.target)
    for one in done:
        with suppress(WriteError):
            # After a swap the temporary file has the old content, so no space on the disk is required.
            old = one.temporary if one.temporary.exists() else _prepare(one.target, one.file.before)
            _replace_target(old, one.target, one.file.after)


def _rename(old: Path, new: Path) -> None:
    try:
        rename_new(old, new)
    except FileExistsError as error:
        raise WriteError(old, f"there is a file {new} already") from error
    except OSError as error:
        raise WriteError(old, _reason(error)) from error


def recover(checkouts: Iterable[Path]) -> Iterator[str]:
    """Undo the unfinished changes of killed runs, and yield a sentence about each.

    A file that has been changed since by another program is not restored.

    Args:
        checkouts: folders whose content a commit can replace; journals inside one of them are not read.
    """
    for changes in abandoned_journals(checkouts):
        if all(map(_is_done, changes)):
            continue
        restored = [path for change in changes for path in _restore(change)]
        if restored:
            names = ", ".join(map(str, restored))
            yield f"a change that was interrupted half-way is undone; restored: {names}"


def _is_done(change: FileChange) -> bool:
    old, new = Path(os.fsdecode(change.path)), Path(os.fsdecode(change.new or change.path))
    return _has_content(new, change.after) and (new == old or not old.exists())


def _has_content(path: Path, content: bytes) -> bool:
    try:
        return digest(path.read_bytes()) == content
    except OSError:
        return False


def _restore(change: FileChange) -> Iterator[Path]:
    """Restore the old name and content of a file, and yield its path if the content was the new one."""
    path = Path(os.fsdecode(change.path))
    with suppress(WriteError, FileNotFoundError):
        if change.new and not path.exists() and _has_content(Path(os.fsdecode(change.new)), change.after):
            _rename(Path(os.fsdecode(change.new)), path)
        now = path.read_bytes()
        if digest(now) == change.after:
            temporary = _prepare(path, change.before)
            try:
                _replace_target(temporary, path, now)
            finally:
                temporary.unlink(missing_ok=True)
            yield path


def _target(path: Path, root: Path) -> Path:
    """Return the file to write, links followed."""
    try:
        found = Path(os.path.realpath(path, strict=True))
        if not found.is_relative_to(root.resolve()):
            raise WriteError(path, "it is a link to a file outside of the folder")
        info = found.stat()
    except OSError as error:
        raise WriteError(path, _reason(error)) from error
    if not stat.S_ISREG(info.st_mode):
        raise WriteError(path, "it is not a regular file")
    if not info.st_mode & 0o222:
        raise WriteError(path, "it is read-only")
    if info.st_nlink > 1:
        raise WriteError(path, f"it has {info.st_nlink} names (hard links), and the others would keep the old content")
    return found


def _check_unchanged(target: Path, file: PendingWrite) -> None:
    try:
        data = target.read_bytes()
    except OSError as error:
        raise WriteError(file.path, _reason(error)) from error
    if data != file.before:
        raise WriteError(file.path, CHANGED)


def _prepare(target: Path, data: bytes) -> Path:
    """Return a temporary file beside `target` with the content `data`, and the mode and owner of `target`."""
    temporary = target.with_name(_temporary_name(target.name))
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                _copy_metadata(target, temporary)
                os.fsync(descriptor)
        except BaseException:
            temporary.unlink()
            raise
    except OSError as error:
        raise WriteError(target, _reason(error)) from error
    return temporary


def _temporary_name(name: str) -> str:
    """Return a name for a temporary file (see `_TEMPORARY`) with the process id, so that stale ones can be deleted."""
    tail = f".patternlint-{os.getpid()}-{secrets.token_hex(4)}~"
    room = _NAME_MAX - len(tail) - 1
    return f".{os.fsencode(name)[:room].decode(errors='ignore')}{tail}"


def _copy_metadata(target: Path, temporary: Path) -> None:
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


def _replace_target(temporary: Path, target: Path, expected: bytes) -> None:
    """Replace `target`, which must contain `expected`, with a temporary file; after a swap that contains `expected`."""
    try:
        ours = temporary.read_bytes()
        if exchange(temporary, target):
            if temporary.read_bytes() != expected:
                _swap_back(temporary, target, ours)
                raise WriteError(target, CHANGED)
            return
        if target.read_bytes() != expected:
            raise WriteError(target, CHANGED)
        temporary.replace(target)
    except OSError as error:
        raise WriteError(target, _reason(error)) from error


def _swap_back(temporary: Path, target: Path, ours: bytes) -> None:
    """Restore the version that another program saved just before the swap, or the newest one if it saved again."""
    put = ours
    while True:
        returned = temporary.read_bytes()
        exchange(temporary, target)
        if temporary.read_bytes() == put:
            return
        put = returned


def _sync_folder(folder: Path) -> None:
    """Sync the names in a folder to the disk, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def require_inside(path: Path, checkouts: Iterable[Path]) -> Path:
    """Return the path of a file to write, with links resolved inside a checkout.

    Args:
        path: the absolute path that the user named; outside of every checkout it is returned unchanged.
        checkouts: absolute paths of the folders that contain the library.

    Raises:
        WriteError: when a link leads out of the checkout, or into the folder of git.
    """
    tops = tuple(checkouts)
    reason = outward_link_reason(path, tops)
    if reason:
        raise WriteError(path, reason)
    return Path(os.path.realpath(path)) if any(map(path.is_relative_to, tops)) else path


def replace_file(path: Path, data: bytes) -> None:
    """Write a file of patternlint, such as a baseline, atomically; create it if it is missing.

    Stale temporary files beside it are deleted. For a link, the file that it leads to is written and the link stays. A device
    or pipe, such as `/dev/null`, is written directly.

    Raises:
        WriteError: if it cannot be written; then it is unchanged.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
        else:
            _replace(Path(os.path.realpath(path)), data)
    except OSError as error:
        raise WriteError(path, _reason(error)) from error


def _replace(path: Path, data: bytes) -> None:
    remove_stale_temporaries((path.parent,))
    temporary = path.with_name(_temporary_name(path.name))
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


def create_file(path: Path, data: bytes) -> None:
    """Write a new file.

    Raises:
        WriteError: when it exists, or cannot be written; then nothing is left of it.
    """
    try:
        with path.open("xb", buffering=0) as file:
            try:
                _write_whole(file, data)
            except OSError:
                path.unlink()
                raise
    except FileExistsError as error:
        raise WriteError(path, "there is such a file already") from error
    except OSError as error:
        raise WriteError(path, _reason(error)) from error


def _write_whole(file: FileIO, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def remove_stale_temporaries(folders: Iterable[Path]) -> None:
    """Delete the temporary files in `folders` whose process no longer exists."""
    for folder in folders:
        with suppress(OSError):
            for path in [*folder.iterdir()]:
                found = _TEMPORARY.fullmatch(path.name)
                if found is not None and not _is_alive(int(found["pid"])):
                    with suppress(OSError):
                        path.unlink()


def _is_alive(pid: int) -> bool:
    """Return whether a process exists; on Windows always true, since `os.kill` would end it."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):  # no system counts that far
        return False
    except OSError:
        pass  # it belongs to another user
    return True
