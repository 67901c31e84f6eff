"""What the library shows about each file that was asked for, packed: of a large library it is too much to hold as values."""

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
"""Files whose findings are packed together: few enough to unpack them at once."""

_QUICK = 1
"""A level of compression: findings are so much alike that more is hardly less."""


_Pack = tuple[bytes, bytes]
"""Some findings about a lot of files, and apart from them what they count for, which is asked for more often."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Diagnostic]).decode
_decode_summaries = msgspec.msgpack.Decoder(tuple[list[str], FileSummary]).decode
_decode_all = msgspec.msgpack.Decoder(tuple[list[str], list[list[_Pack]]]).decode


class LibraryDiagnostics:
    """Findings by file. Those of a file can be asked for again and again, best in the order of the paths."""

    def __init__(self, firsts: Sequence[str], packs: Sequence[list[_Pack]]) -> None:
        """Take the first path of each lot of files, and the findings of each, packed."""
        self._firsts = firsts
        self._packs = packs
        self._open = -1, dict[str, list[Diagnostic]]()

    @classmethod
    def empty_for(cls, paths: Sequence[str]) -> LibraryDiagnostics:
        """Return what nothing is in yet.

        Args:
            paths: those that findings may be about, sorted.
        """
        firsts = paths[::FILES_PER_BATCH] or ("",)
        return cls(firsts, [[] for _ in firsts])

    def encode(self, findings: Iterable[Diagnostic]) -> list[tuple[int, _Pack]]:
        """Return findings as `add` takes them."""
        return [(lot, _packed(list(some))) for lot, some in groupby(findings, lambda finding: self._lot(finding.path))]

    def add(self, packed: Iterable[tuple[int, _Pack]]) -> None:
        """Add findings."""
        for lot, pack in packed:
            self._packs[lot].append(pack)
        self._open = -1, {}

    def _lot(self, path: str) -> int:
        return max(bisect_right(self._firsts, path) - 1, 0)

    def for_path(self, path: str) -> Sequence[Diagnostic]:
        """Return the findings about a file, sorted; those about none have the empty path."""
        lot = self._lot(path)
        number, found = self._open
        if number != lot:
            found = defaultdict[str, list[Diagnostic]](list)
            for pack, _ in self._packs[lot]:
                for finding in _decode(zlib.decompress(pack)):
                    found[finding.path].append(finding)
            for some in found.values():
                some.sort(key=sort_key)
            self._open = lot, found
        return found.get(path, ())

    def summaries(self) -> Iterator[tuple[str, FileSummary]]:
        """Yield every path that something was found about, with what that counts for."""
        for packs in self._packs:
            found = defaultdict[str, list[DiagnosticSummary]](list)
            for _, pack in packs:
                for path, bit in zip(*_decode_summaries(zlib.decompress(pack)), strict=True):
                    found[path].append(bit)
            for path, some in found.items():
                yield path, tuple(some)

    def to_bytes(self) -> bytes:
        """Return all of it as bytes."""
        return _encode((self._firsts, self._packs))

    @classmethod
    def from_bytes(cls, data: bytes) -> LibraryDiagnostics:
        """Return what `to_bytes` made bytes of."""
        return cls(*_decode_all(data))


def _packed(findings: Sequence[Diagnostic]) -> _Pack:
    said = [finding.path for finding in findings], summarize(findings)
    return zlib.compress(_encode(findings), _QUICK), zlib.compress(_encode(said), _QUICK)
