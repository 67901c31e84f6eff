"""The diagnostics of library rules by file, compressed: for a large library they do not fit into memory as values.

Sorted paths are divided into chunks of `FILES_PER_BATCH`. Each chunk holds packs; a pack has the diagnostics of some rules,
and separately their summaries, which are read more often.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from patternlint.diagnostics.diagnostic import Diagnostic, sort_key
from patternlint.diagnostics.statistics import DiagnosticSummary, FileSummary, summarize

FILES_PER_BATCH = 512
_COMPRESSION_LEVEL = 1  # diagnostics are so similar that higher levels save little

_Pack = tuple[bytes, bytes]
"""Diagnostics, and their paths with their summaries; both encoded and compressed."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Diagnostic]).decode
_decode_summaries = msgspec.msgpack.Decoder(tuple[list[str], FileSummary]).decode
_decode_chunks = msgspec.msgpack.Decoder(tuple[list[str], list[list[_Pack]]]).decode


class LibraryDiagnostics:
    """Diagnostics by file. `for_path` is fast for paths in sorted order, because one chunk at a time is decoded.

    Args:
        first_paths: the first path of each chunk.
        chunks: the packs of each chunk.
    """

    def __init__(self, first_paths: Sequence[str], chunks: Sequence[list[_Pack]]) -> None:
        self._first_paths = first_paths
        self._chunks = chunks
        self._decoded = -1, dict[str, list[Diagnostic]]()

    @classmethod
    def empty_for(cls, paths: Sequence[str]) -> LibraryDiagnostics:
        """Return an empty collection for diagnostics about `paths`, which are sorted."""
        first_paths = paths[::FILES_PER_BATCH] or ("",)
        return cls(first_paths, [[] for _ in first_paths])

    def encode(self, diagnostics: Iterable[Diagnostic]) -> list[tuple[int, _Pack]]:
        """Return diagnostics encoded for `add`."""
        by_chunk = groupby(diagnostics, lambda diagnostic: self._chunk_of(diagnostic.path))
        return [(number, _pack(list(some))) for number, some in by_chunk]

    def add(self, packs: Iterable[tuple[int, _Pack]]) -> None:
        """Add encoded diagnostics."""
        for number, pack in packs:
            self._chunks[number].append(pack)
        self._decoded = -1, {}

    def _chunk_of(self, path: str) -> int:
        return max(bisect_right(self._first_paths, path) - 1, 0)

    def for_path(self, path: str) -> Sequence[Diagnostic]:
        """Return the diagnostics about a file, sorted; for the empty path those about no file."""
        chunk = self._chunk_of(path)
        number, by_path = self._decoded
        if number != chunk:
            by_path = defaultdict[str, list[Diagnostic]](list)
            for pack, _ in self._chunks[chunk]:
                for diagnostic in _decode(zlib.decompress(pack)):
                    by_path[diagnostic.path].append(diagnostic)
            for some in by_path.values():
                some.sort(key=sort_key)
            self._decoded = chunk, by_path
        return by_path.get(path, ())

    def summaries(self) -> Iterator[tuple[str, FileSummary]]:
        """Yield every path that has diagnostics, with their summary."""
        for packs in self._chunks:
            by_path = defaultdict[str, list[DiagnosticSummary]](list)
            for _, pack in packs:
                for path, summary in zip(*_decode_summaries(zlib.decompress(pack)), strict=True):
                    by_path[path].append(summary)
            for path, some in by_path.items():
                yield path, tuple(some)

    def to_bytes(self) -> bytes:
        """Return all diagnostics as bytes."""
        return _encode((self._first_paths, self._chunks))

    @classmethod
    def from_bytes(cls, data: bytes) -> LibraryDiagnostics:
        """Return the diagnostics that `to_bytes` encoded."""
        return cls(*_decode_chunks(data))


def _pack(diagnostics: Sequence[Diagnostic]) -> _Pack:
    summaries = [diagnostic.path for diagnostic in diagnostics], summarize(diagnostics)
    return _compress(_encode(diagnostics)), _compress(_encode(summaries))


def _compress(data: bytes) -> bytes:
    return zlib.compress(data, _COMPRESSION_LEVEL)
