"""What one file taught, as small as it can be kept: it goes from workers to the run, and into the cache."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import force_setattr

from patternlint.diagnostics.statistics import encode_summary, summarize
from patternlint.document.links import intern_link
from patternlint.library.entry import Entry
from patternlint.linter.results import NO_DIAGNOSTICS, FileAnalysis, LocalDiagnostics
from patternlint.parser.parser import FileKind

SUMMARY_UNKNOWN = ""
"""The tally of a file with suppressions, or on which a rule failed: it is not known before the whole run is."""


class AnalysisRecord(Struct, frozen=True, array_like=True):
    """What one file taught.

    Attributes:
        path: the file, as people see it.
        kind: what it is.
        blob_id: its content's name in git (`blob_id`); empty when it could not be read.
        entry: an encoded `Entry`; empty when it is no pattern.
        diagnostics: an encoded `Own`; empty when its text shows nothing.
        summary: what the findings in `own` count for, as text; `OPEN` where that is not all that is to be known.
    """

    path: str
    kind: FileKind
    blob_id: bytes
    entry: bytes
    diagnostics: bytes
    summary: str = SUMMARY_UNKNOWN


_encode = msgspec.msgpack.Encoder().encode
_decode_own = msgspec.msgpack.Decoder(LocalDiagnostics).decode
_decode_entry = msgspec.msgpack.Decoder(Entry).decode
_decode_many = msgspec.msgpack.Decoder(list[AnalysisRecord]).decode


def blob_id(data: bytes) -> bytes:
    """Return the name that git gives to a file's content (https://git-scm.com/docs/git-hash-object): 20 bytes.

    Named so, what was learned about a file of a commit is found again without reading the file.
    """
    return hashlib.sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).digest()


def without_entry(learned: AnalysisRecord) -> AnalysisRecord:
    """Return the same without the entry, to keep while it is not needed any more."""
    return AnalysisRecord(
        learned.path, learned.kind, learned.blob_id, b"", learned.diagnostics, sys.intern(learned.summary)
    )


def without_payload(learned: AnalysisRecord) -> AnalysisRecord:
    """Return the same without entry and own findings: only what the file is, and what they count for."""
    return AnalysisRecord(learned.path, learned.kind, learned.blob_id, b"", b"", sys.intern(learned.summary))


def encode_record(result: FileAnalysis, blob: bytes) -> AnalysisRecord:
    """Return a result as it is kept."""
    entry = _encode(result.entry) if result.entry is not None else b""
    own = result.own
    tally = SUMMARY_UNKNOWN if own.suppressions or not result.is_complete else encode_summary(summarize(own.findings))
    return AnalysisRecord(result.path, result.kind, blob, entry, _encode(own) if own != NO_DIAGNOSTICS else b"", tally)


def decode_diagnostics(learned: AnalysisRecord) -> LocalDiagnostics:
    """Return what a file's own text shows, under the path by which it is known now."""
    if not learned.diagnostics:
        return NO_DIAGNOSTICS
    own = _decode_own(learned.diagnostics)
    path = learned.path
    for finding in own.findings:
        if finding.path != path:
            force_setattr(finding, "path", path)  # fresh from the decoder: nobody has seen it yet
    return own


def decode_entry(learned: AnalysisRecord, *, reported: bool) -> Entry | None:
    """Return what the library may know about a file, under the path by which it is known now."""
    if not learned.entry:
        return None
    entry = _decode_entry(learned.entry)
    force_setattr(
        entry, "links", tuple(map(intern_link, entry.links))
    )  # fresh from the decoder: nobody has seen it yet
    if entry.path != learned.path:
        force_setattr(entry, "path", learned.path)
    if not reported:
        force_setattr(entry, "internal", reported)
    return entry


def encode_records(many: Sequence[AnalysisRecord]) -> bytes:
    """Return what several files taught as bytes."""
    return _encode(many)


def decode_records(data: bytes) -> list[AnalysisRecord]:
    """Return what `pack` made bytes of."""
    return _decode_many(data)
