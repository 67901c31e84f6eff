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
    """The id stands for a UUID of version 7, made between 2020 and 2030."""

    name = "id-not-uuid7"
    severity = Severity.INFO
    why = (
        "An id that was generated is unique and tells when the pattern was begun; one that was made up may be neither."
    )
    notes = (
        "An id is 128 bits; those of a UUIDv7 say that it is one, and when it was made. This rule speaks only of ids "
        "that are well formed: `id-format` speaks of the others. Ids of 26 hexadecimal digits are well formed by "
        "accident. The last millisecond that counts is that of 2030."
    )
    bad = (
        Example("title: Tür\nid: «pat_1a2b3c4d5e6f1a2b3c4d5e6f1a»\n", note="hexadecimal digits"),
        Example("id: «pat_01kq3v9hexfe5xw2m8b4n7c6ad»\n", note="typed by hand: another version"),
        Example("id: «pat_0000000000e008000000000000»\n", note="a UUIDv7 of 1970"),
    )
    good = (
        Example("id: pat_01m3250v00fay828t5cy4tqkff\n"),
        Example("id: pat_01kq3v9hexfe5\n", note="malformed: `id-format` says so"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Decode the id, and read version, variant and time."""
        node = pattern.get("id")
        if node is None or not isinstance(node.value, str):
            return
        suffix = node.value.rpartition("_")[2]
        bits = identifiers.decode_suffix(suffix)
        if bits is None:
            return
        made = bits >> 80
        if bits >> 76 & 0xF != _VERSION or bits >> 62 & 0b11 != _VARIANT:
            fault = "is 26 hexadecimal digits and no UUIDv7" if _HEX.issuperset(suffix) else "is no UUIDv7"
        elif not _MS_2020 <= made < _MS_2031:
            fault = f"is a UUIDv7 of the year {1970 + made // _MS_YEAR}"
        else:
            return
        yield self.at(
            pattern,
            node.label_span,
            f"the id {fault}",
            route=("id",),
            help="it works as long as no other pattern has it; give a new pattern an id that a program generates",
        )
