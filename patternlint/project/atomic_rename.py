"""Atomic renames that lose nothing: two files swap their names, or a file gets a new name that is not in use."""

from __future__ import annotations

import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_AT_FDCWD = -100
_NO_REPLACE, _EXCHANGE = (4, 2) if sys.platform == "darwin" else (1, 2)
"""Flags of `renamex_np` on macOS, and of `renameat2` on Linux."""
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)
"""Errors of file systems without such renames, such as FAT and older network file systems."""


def exchange(one: Path, other: Path) -> bool:
    """Swap the names of two files, and return whether the system and the file system support it.

    Raises:
        OSError: when one of them is missing, or the folder cannot be written.
    """
    return _rename(one, other, _EXCHANGE)


def rename_new(old: Path, new: Path) -> None:
    """Rename a file to a name that is not in use.

    Raises:
        OSError: `FileExistsError` when the new name is in use.
    """
    if _rename(old, new, _NO_REPLACE):
        return
    if os.name != "nt" and os.path.lexists(new):  # Windows refuses by itself
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new))
    old.rename(new)


def _rename(old: Path, new: Path, flag: int) -> bool:
    call = _system_call()
    if call is None:
        return False
    code = call(os.fsencode(old), os.fsencode(new), flag)
    if code in _UNSUPPORTED:
        return False
    if code:
        raise OSError(code, os.strerror(code), str(old), None, str(new))
    return True


@cache
def _system_call() -> Callable[[bytes, bytes, int], int] | None:
    """Return a function that renames with a flag and returns an error number, or None if the system has no such function."""
    import ctypes  # noqa: PLC0415 - only runs that write need it

    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            renamex = library.renamex_np
            return lambda old, new, flag: ctypes.get_errno() if renamex(old, new, flag) else 0
        renameat = library.renameat2
    except (OSError, TypeError, AttributeError):  # Windows has no such library, older systems no such function
        return None
    return lambda old, new, flag: ctypes.get_errno() if renameat(_AT_FDCWD, old, _AT_FDCWD, new, flag) else 0
