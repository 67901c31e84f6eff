"""What one file taught, as small as it can be kept: it goes from workers to the run, and into the cache."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import force_setattr

from patternlint.diagnostics.statistics import said_of, text_of
from patternlint.document.links import shared
from patternlint.library.entry import Entry
from patternlint.linter.results import NOTHING, FileResult, Own
from patternlint.parser.parser import Kind

OPEN = ""
"""The tally of a file with suppressions, or on which a rule failed: it is not known before the whole run is."""


class Learned(Struct, frozen=True, array_like=True):
    """What one file taught.

    Attributes:
        path: the file, as people see it.
        kind: what it is.
        blob: its content's name in git (`blob_id`); empty when it could not be read.
        entry: an encoded `Entry`; empty when it is no pattern.
        own: an encoded `Own`; empty when its text shows nothing.
        tally: what the findings in `own` count for, as text; `OPEN` where that is not all that is to be known.
    """

    path: str
    kind: Kind
    blob: bytes
    entry: bytes
    own: bytes
    tally: str = OPEN


_encode = msgspec.msgpack.Encoder().encode
_decode_own = msgspec.msgpack.Decoder(Own).decode
_decode_entry = msgspec.msgpack.Decoder(Entry).decode
_decode_many = msgspec.msgpack.Decoder(list[Learned]).decode


def blob_id(data: bytes) -> bytes:
    """Return the name that git gives to a file's content (https://git-scm.com/docs/git-hash-object): 20 bytes.

    Named so, what was learned about a file of a commit is found again without reading the file.
    """
    return hashlib.sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).digest()


def without_entry(learned: Learned) -> Learned:
    """Return the same without the entry, to keep while it is not needed any more."""
    return Learned(learned.path, learned.kind, learned.blob, b"", learned.own, sys.intern(learned.tally))


def bare(learned: Learned) -> Learned:
    """Return the same without entry and own findings: only what the file is, and what they count for."""
    return Learned(learned.path, learned.kind, learned.blob, b"", b"", sys.intern(learned.tally))


def keep(result: FileResult, blob: bytes) -> Learned:
    """Return a result as it is kept."""
    entry = _encode(result.entry) if result.entry is not None else b""
    own = result.own
    tally = OPEN if own.directives or not result.is_complete else text_of(said_of(own.findings))
    return Learned(result.path, result.kind, blob, entry, _encode(own) if own != NOTHING else b"", tally)


def own_of(learned: Learned) -> Own:
    """Return what a file's own text shows, under the path by which it is known now."""
    if not learned.own:
        return NOTHING
    own = _decode_own(learned.own)
    path = learned.path
    for finding in own.findings:
        if finding.path != path:
            force_setattr(finding, "path", path)  # fresh from the decoder: nobody has seen it yet
    return own


def entry_in(learned: Learned, *, reported: bool) -> Entry | None:
    """Return what the library may know about a file, under the path by which it is known now."""
    if not learned.entry:
        return None
    entry = _decode_entry(learned.entry)
    force_setattr(entry, "links", tuple(map(shared, entry.links)))  # fresh from the decoder: nobody has seen it yet
    if entry.path != learned.path:
        force_setattr(entry, "path", learned.path)
    if not reported:
        force_setattr(entry, "reported", reported)
    return entry


def pack(many: Sequence[Learned]) -> bytes:
    """Return what several files taught as bytes."""
    return _encode(many)


def unpack(data: bytes) -> list[Learned]:
    """Return what `pack` made bytes of."""
    return _decode_many(data)
