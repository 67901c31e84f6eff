"""Reads the files that findings are about, the last few kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from patternlint.source import Source

Reader = Callable[[str], Source | None]

_KEPT = 8
"""Findings come sorted by file; besides the file itself, the files of its labels are read again and again."""


def keep(read: Reader) -> Reader:
    """Return `read` with a memory of the last few files; a file that cannot be read is None."""

    @lru_cache(maxsize=_KEPT)
    def source(path: str) -> Source | None:
        try:
            return read(path)
        except OSError:
            return None

    return source
