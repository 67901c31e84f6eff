"""The source lines of findings, cut to a readable length."""

from __future__ import annotations

from collections.abc import Callable
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

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[str, msgspec.Raw]).decode
_decode_file = msgspec.msgpack.Decoder(list[tuple[Region, Excerpt]]).decode


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
        self._source = lru_cache(maxsize=1)(source)
        self._stored = _decode(stored) if stored is not None else {}  # each file encoded: findings are sorted by path
        self._path = ""
        self._known: dict[Region, Excerpt] = {}
        self._stored_count = 0
        self.has_new = False

    def of(self, finding: Diagnostic) -> Excerpt:
        """Return the excerpt of a finding; without a text for one about a file as a whole."""
        region, path = finding.region, finding.path
        if region == WHOLE_FILE or not path:
            return NO_EXCERPT
        if path != self._path:
            self._open(path)
        excerpt = self._known.get(region)
        if excerpt is None:
            self.has_new = True
            source = self._source(path)
            is_there = source is not None and region.line <= len(source.lines)
            excerpt = cut(source.line_text(region.line), region) if source is not None and is_there else NO_EXCERPT
            self._known[region] = excerpt
        return excerpt

    def _open(self, path: str) -> None:
        """Encode the excerpts of the current file, if there are new ones, and decode those of another one."""
        if len(self._known) > self._stored_count:
            self._stored[self._path] = msgspec.Raw(_encode(list(self._known.items())))
        stored = self._stored.get(path)
        self._path, self._known = path, dict(_decode_file(stored)) if stored is not None else {}
        self._stored_count = len(self._known)

    def encoded(self) -> bytes:
        """Return all excerpts as bytes."""
        self._open("")
        return _encode(self._stored)
