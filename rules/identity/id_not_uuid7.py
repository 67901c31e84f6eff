from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, identifiers

_VERSION = 7
_VARIANT = 0b10
_HEX = frozenset("0123456789abcdef")
_MS_2020 = 1_577_836_800_000
_MS_2031 = 1_924_992_000_000
_MS_YEAR = 31_556_952_000


class IdNotUuid7(Rule):
    """The id encodes a UUID of version 7, generated from 2020 to 2030."""

    name = "id-not-uuid7"
    severity = Severity.INFO
    why = "A generated id is unique and contains the time of creation. An invented one may not be unique."
    notes = (
        "An id encodes 128 bits, which include the version of the UUID and the time of creation. Only well-formed ids are "
        "checked; `id-format` reports the others. Ids of 26 hexadecimal digits are well-formed only by accident."
    )
    bad = (
        Example("title: Tür\nid: «pat_1a2b3c4d5e6f1a2b3c4d5e6f1a»\n", note="hexadecimal digits"),
        Example("id: «pat_01kq3v9hexfe5xw2m8b4n7c6ad»\n", note="not a UUIDv7"),
        Example("id: «pat_0000000000e008000000000000»\n", note="a UUIDv7 of 1970"),
    )
    good = (
        Example("id: pat_01m3250v00fay828t5cy4tqkff\n"),
        Example("id: pat_01kq3v9hexfe5\n", note="malformed: reported by `id-format`"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        identity = pattern.spec.identity
        node = pattern.get(identity.id) if identity.id_prefixes else None
        if node is None or not isinstance(node.value, str):
            return
        suffix = node.value.rpartition("_")[2]
        bits = identifiers.decode_suffix(suffix)
        if bits is None:
            return
        created_ms = bits >> 80
        if bits >> 76 & 0xF != _VERSION or bits >> 62 & 0b11 != _VARIANT:
            fault = (
                "consists of hexadecimal digits and is not a UUIDv7" if _HEX.issuperset(suffix) else "is not a UUIDv7"
            )
        elif not _MS_2020 <= created_ms < _MS_2031:
            fault = f"is a UUIDv7 of the year {1970 + created_ms // _MS_YEAR}"
        else:
            return
        yield self.at(
            pattern,
            node.label_span,
            f"the id {fault}",
            route=(identity.id,),
            help=f"keep it if no other {pattern.spec.noun} has it, and use `patternlint id` for new ones",
        )
