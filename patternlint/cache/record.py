"""The encoded analysis of one file, as workers send it and the cache stores it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import is_about_line_endings
from patternlint.diagnostics.statistics import encode_summary, summarize
from patternlint.document.links import intern_link
from patternlint.library.card import Card
from patternlint.library.entry import Entry
from patternlint.linter.results import NO_DIAGNOSTICS, FileAnalysis, LocalDiagnostics
from patternlint.parser.parser import FileKind

SUMMARY_UNKNOWN = ""
"""The summary of a file with suppressions, or on which a rule failed: it depends on the diagnostics of library rules.
That of a file with CRLF depends on git."""


class AnalysisRecord(Struct, frozen=True, array_like=True):
    """The analysis of one file, encoded.

    Attributes:
        path: the path for display in this run; it replaces the path that was encoded.
        kind: what the file is.
        blob_id: the Git blob id of its content (see `blob_id`); empty when the analysis is incomplete.
        entry: an encoded `Entry`; empty when the file has none, or when it is not loaded.
        diagnostics: an encoded `LocalDiagnostics`; empty without diagnostics, or if they are not loaded.
        card: an encoded `Card`; empty when the file has none, or when it is not loaded.
        spec: the version of the specification that it follows, or empty.
        summary: the encoded summary of the diagnostics, or `SUMMARY_UNKNOWN`.
    """

    path: str
    kind: FileKind
    blob_id: bytes
    entry: bytes = b""
    diagnostics: bytes = b""
    card: bytes = b""
    spec: str = ""
    summary: str = SUMMARY_UNKNOWN


_encode = msgspec.msgpack.Encoder().encode
_decode_diagnostics = msgspec.msgpack.Decoder(LocalDiagnostics).decode
_decode_entry = msgspec.msgpack.Decoder(Entry).decode
_decode_card = msgspec.msgpack.Decoder(Card).decode
_decode_records = msgspec.msgpack.Decoder(list[AnalysisRecord]).decode


def blob_id(data: bytes) -> bytes:
    """Return the Git blob id of a content (https://git-scm.com/docs/git-hash-object): 20 bytes, SHA-1.

    With the ids of Git, results for the files of a commit are found without reading them.
    """
    return hashlib.sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).digest()


def without_entry(record: AnalysisRecord) -> AnalysisRecord:
    """Return `record` without its entry."""
    return replace(record, entry=b"", spec=sys.intern(record.spec), summary=sys.intern(record.summary))


def without_payload(record: AnalysisRecord) -> AnalysisRecord:
    """Return `record` without its entry, diagnostics and card."""
    return replace(without_entry(record), diagnostics=b"", card=b"")


def encode_record(result: FileAnalysis, blob_id: bytes) -> AnalysisRecord:
    """Return the record of an analysis."""
    entry = _encode(result.entry) if result.entry is not None else b""
    own = result.own
    diagnostics = _encode(own) if own != NO_DIAGNOSTICS else b""
    is_final = result.is_complete and not own.suppressions and not any(map(is_about_line_endings, own.findings))
    summary = encode_summary(summarize(own.findings)) if is_final else SUMMARY_UNKNOWN
    spec = result.entry.spec if result.entry is not None else ""
    card = _encode(result.card) if result.card is not None else b""
    return AnalysisRecord(result.path, result.kind, blob_id, entry, diagnostics, card, spec, summary)


def decode_diagnostics(record: AnalysisRecord) -> LocalDiagnostics:
    """Return the local diagnostics of a record, under the path of the record."""
    if not record.diagnostics:
        return NO_DIAGNOSTICS
    own, path = _decode_diagnostics(record.diagnostics), record.path
    if any(finding.path != path for finding in own.findings):
        return replace(own, findings=tuple(replace(finding, path=path) for finding in own.findings))
    return own


def decode_entry(record: AnalysisRecord, *, internal: bool) -> Entry | None:
    """Return the entry of a record, under the path of the record; `internal` is false for an external pattern."""
    if not record.entry:
        return None
    entry = _decode_entry(record.entry)
    return replace(entry, path=record.path, links=tuple(map(intern_link, entry.links)), internal=internal)


def decode_card(record: AnalysisRecord) -> Card | None:
    """Return the card of a record, or None if it has none."""
    return _decode_card(record.card) if record.card else None


def encode_records(records: Sequence[AnalysisRecord]) -> bytes:
    """Return records as bytes."""
    return _encode(records)


def decode_records(data: bytes) -> list[AnalysisRecord]:
    """Return the records that `encode_records` encoded."""
    return _decode_records(data)
