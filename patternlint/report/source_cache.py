"""Read the files of findings, with a small cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from patternlint.source import Source

Reader = Callable[[str], Source | None]

_KEPT = 8
"""Findings are sorted by file; the files of their labels are read repeatedly."""


def keep(read: Reader) -> Reader:
    """Return `read` with a cache of the last few files; None for a file that cannot be read."""

    @lru_cache(maxsize=_KEPT)
    def source(path: str) -> Source | None:
        try:
            return read(path)
        except OSError:
            return None

    return source
