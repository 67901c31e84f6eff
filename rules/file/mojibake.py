from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, FileRule, ParsedFile, Severity, Source, Span

_LOST = "\ufffd"
_LOST_BYTES = _LOST.encode()
_NEEDLE = re.compile(rb"\xc3[\x82-\xb4][\xc2\xe2\xc5\xc6\xcb]")
"""The beginning of garbled letters, in the bytes of the file."""

_AS_LATIN_1 = {
    ord(character): byte
    for byte in range(0x80, 0xA0)
    if (character := bytes((byte,)).decode("cp1252", "replace")) != _LOST
}
"""The letters in which Windows-1252 and Latin-1 differ."""

_NEXT = f"\x80-\xbf{''.join(map(chr, _AS_LATIN_1))}"
_RUN = re.compile(f"{_LOST}|[\xc2-\xf4][{_NEXT}][{_NEXT}\xc2-\xf4{_LOST}]*")
_UTF_8 = re.compile(
    "(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    "|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+"
)
"""Characters whose code points are the bytes of valid UTF-8 (RFC 3629, section 4)."""

_LIKELY = {
    "\xc2": ("\xa0", "\xbf"),
    "\xc3": ("\xc0", "\xff"),
    "\xe2": ("\u2000", "\u2bff"),
    "\xef": ("\ufb00", "\ufeff"),
    "\xf0": ("\U0001f000", "\U0001faff"),
}
"""First letters, with the range of characters that are reported alone; others only several in a row."""


class Mojibake(FileRule):
    """No letters were garbled by reading the file in a wrong encoding and saving it again."""

    name = "mojibake"
    severity = Severity.WARNING
    why = "Readers see `â€”` instead of a dash, and searches do not find words with such letters."
    notes = (
        "One finding per file, at the first place, with the number of further places. Letters are reported if, in "
        "Windows-1252 or Latin-1, they are the UTF-8 bytes of a likely character (`Ã¼` for `ü`, `â€”` for a dash) "
        "or of several characters in a row. A capital letter before a quotation mark or an ellipsis is reported "
        "only inside a word. U+FFFD, which replaces a lost character, is always reported."
    )
    bad = (
        Example('title: "G«Ã¤»rten"\nsummary: "FÃ¼ÃŸe"\n'),
        Example("---\ntitle: Gärten\n---\n\nEin Beet «â€”» zwei Beete.\n"),
        Example("---\ntitle: Gärten\n---\n\nConfidence: «Ã¢Ëœâ€¦»\n", note="a star, garbled two times"),
        Example(
            "---\ntitle: Gärten\n---\n\nEin Beet «Ã¢â‚¬â€\ufffd» zwei\ufffd.\n",
            note="a dash without its last byte",
        ),
        Example("---\ntitle: Gärten\n---\n\n«Ð\x9fÑ€Ð¸Ð²ÐµÑ‚»!\n"),
    )
    good = (
        Example(
            "---\ntitle: Gärten\n---\n\nLe ‹CAFÉ›… der Buchstabe „Ä“, SÃO PAULO, “IRMÔ, à\xa0‹\xa0Âge\xa0›, é—é.\n"
        ),
        Example('title: "naïve Größe — ★ 日本"\n'),
    )

    def check(self, parsed: ParsedFile) -> Iterator[Diagnostic]:
        source = parsed.source
        rare = source.uncommon_bytes
        is_lost = b"\xef" in rare and _LOST_BYTES in source.data
        if not is_lost and not (b"\xc3" in rare and _NEEDLE.search(source.data)):
            return
        places = list(_garbled_places(source))
        if not places:
            return
        span, meant = places[0]
        more = len(places) - 1
        others = f", and {more} more place{'s' * (more > 1)}" if more else ""
        yield self.at(
            source,
            span,
            f"`{source.slice(span)}` is a garbled `{meant}`{others}" if meant else f"lost character{others}",
            help=f"write `{meant}`" if meant else "write the lost character; an older version of the file may have it",
        )


def _garbled_places(source: Source) -> Iterator[tuple[Span, str]]:
    """Yield every garbled place with the original characters, or an empty string if they are lost.

    U+FFFD also replaces bytes that are not UTF-8; in a file with such bytes it does not count.
    """
    text = source.text
    for run in _RUN.finditer(text):
        if _LOST in run[0]:
            if source.decode_error is None:
                yield Span(*run.span()), ""
            continue
        for match in _UTF_8.finditer(run[0].translate(_AS_LATIN_1)):
            span = Span(run.start() + match.start(), run.start() + match.end())
            original = _decoded(match[0])
            if _is_garbled(source.slice(span), original, text[span.end : span.end + 1]):
                while nested := _UTF_8.fullmatch(original.translate(_AS_LATIN_1)):
                    original = _decoded(nested[0])  # garbled more than once
                yield span, original


def _decoded(latin_1: str) -> str:
    return latin_1.encode("latin-1").decode("utf-8")


def _is_garbled(letters: str, original: str, following: str) -> bool:
    """Return whether `letters`, before the letter `following`, are not the UTF-8 bytes of `original` by chance."""
    if len(original) > 1:
        return True
    if letters[1] > "\xbf" and letters[2:] == "":
        return following.isalpha()
    low, high = _LIKELY.get(letters[0], ("", ""))
    return low <= original <= high
