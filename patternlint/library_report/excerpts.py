"""The source lines of findings, cut to a readable length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import msgspec
from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.source import WHOLE_FILE, Region, Source

_WIDTH = 160  # characters
_BEFORE = 40  # characters before the mark of a line that is cut
_ELLIPSIS = "…"


class Excerpt(Struct, frozen=True, array_like=True, gc=False):
    """A line with a marked part: the text, the offset of the mark and its length."""

    text: str = ""
    start: int = 0
    length: int = 0


NO_EXCERPT = Excerpt()

Excerpts = Mapping[str, Mapping[Region, Excerpt]]
"""Excerpts by path and region."""

_Stored = dict[str, list[tuple[Region, Excerpt]]]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Stored).decode


def cut(line: str, region: Region) -> Excerpt:
    """Return a line with the part of `region` that is on it, cut around the mark if it is too long."""
    line = line.rstrip("\r\n")
    start = min(region.column - 1, len(line))
    end = min(region.end_column - 1, len(line)) if region.end_line == region.line else len(line)
    first = 0
    if len(line) > _WIDTH:
        first = max(0, min(start - _BEFORE, len(line) - _WIDTH))
        before, after = _ELLIPSIS if first else "", _ELLIPSIS if first + _WIDTH < len(line) else ""
        line = f"{before}{line[first : first + _WIDTH]}{after}"
        first -= len(before)
    start, end = min(start - first, len(line)), min(max(end, start) - first, len(line))
    return Excerpt(line, start, end - start)


class ExcerptReader:
    """Returns the excerpts of findings, stored ones if they still exist, and reads the others from the files.

    Args:
        source: returns the text of a file, or None when it can no longer be read.
        stored: encoded excerpts of an earlier run over the same contents, or None.
    """

    def __init__(self, source: Callable[[str], Source | None], stored: bytes | None = None) -> None:
        self._source = lru_cache(maxsize=1)(source)  # findings are sorted by path
        known = _decode(stored) if stored is not None else {}
        self._known: dict[str, dict[Region, Excerpt]] = {path: dict(some) for path, some in known.items()}
        self.has_new = False

    def of(self, finding: Diagnostic) -> Excerpt:
        """Return the excerpt of a finding; without a text for one about a file as a whole."""
        region, path = finding.region, finding.path
        if region == WHOLE_FILE or not path:
            return NO_EXCERPT
        known = self._known.setdefault(path, {})
        excerpt = known.get(region)
        if excerpt is None:
            self.has_new = True
            source = self._source(path)
            is_there = source is not None and region.line <= len(source.lines)
            excerpt = cut(source.line_text(region.line), region) if source is not None and is_there else NO_EXCERPT
            known[region] = excerpt
        return excerpt

    def encoded(self, paths: Iterable[str] | None = None) -> bytes:
        """Return all excerpts as bytes, or those of some files."""
        known = self._known if paths is None else {path: self._known[path] for path in paths if path in self._known}
        return _encode({path: list(some.items()) for path, some in known.items()})
