"""The user's own folder outside of every checkout, whose content no commit can forge, and links out of a checkout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from stat import S_IWOTH

from patternlint.errors import UserError


class UntrustedFolderError(UserError):
    """A folder whose content another user or a commit may have written."""


def user_folder() -> Path | None:
    """Return the folder for the caches and journals of this user, or None when the system names no absolute one.

    The folders are those of `platformdirs`, which is too slow to import for a run without changes.
    """
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    usual = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    base = Path(named)
    if not base.is_absolute():
        base = Path(os.path.expanduser(usual))  # noqa: PTH111 - unlike pathlib, it does not raise without a home folder
    return base / "patternlint" if base.is_absolute() else None


def library_cache_folder(top: Path) -> Path | None:
    """Return the folder of the cache of the library at `top`, an absolute path, or None without a user folder."""
    base = user_folder()
    return base / blake2b(os.fsencode(top), digest_size=16).hexdigest() if base is not None else None


def journals_folder() -> Path | None:
    """Return the folder of the journals of changes to several files, or None without a user folder."""
    base = user_folder()
    return base / "journals" if base is not None else None


def has_journals() -> bool:
    """Return whether any change was interrupted or is in progress."""
    folder = journals_folder()
    try:
        return folder is not None and any(True for _ in folder.iterdir())
    except OSError:
        return False


def require_trusted(folder: Path, checkouts: Iterable[Path]) -> None:
    """Refuse a folder whose content a commit or another user may have written.

    Args:
        folder: the folder, which need not exist.
        checkouts: absolute paths of the folders that contain the library.

    Raises:
        UntrustedFolderError: when it is in a checkout, belongs to another user, or is writable by every user.
    """
    real = os.path.realpath(folder)
    for top in checkouts:
        if folder.is_relative_to(top) or Path(real).is_relative_to(os.path.realpath(top)):
            message = f"{folder} is inside {top}, where a commit can replace it"
            raise UntrustedFolderError(message)
    try:
        info = folder.stat()
    except FileNotFoundError:
        return
    if hasattr(os, "geteuid"):
        if info.st_uid != os.geteuid():
            message = f"{folder} belongs to another user"
            raise UntrustedFolderError(message)
        if info.st_mode & S_IWOTH:
            message = f"{folder} is writable by every user"
            raise UntrustedFolderError(message)


def outward_link_reason(path: Path, checkouts: Iterable[Path]) -> str:
    """Return why a file of ours must not be used: a link leads out of the checkout, or into the folder of git.

    Args:
        path: the absolute path that the user named.
        checkouts: absolute paths of the folders that contain the library.

    Returns:
        The reason; empty if it may be used, and for a path outside of every checkout.
    """
    tops = [top for top in checkouts if path.is_relative_to(top)]
    real = Path(os.path.realpath(path))
    if all(real == Path(os.path.realpath(top), path.relative_to(top)) for top in tops):
        return ""
    ways = [real.relative_to(top) for top in map(os.path.realpath, tops) if real.is_relative_to(top)]
    if ways and not any(".git" in way.parts for way in ways):
        return ""
    return f"a link leads to {real}, outside of {tops[0]}"
