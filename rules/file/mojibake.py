from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, FileRule, ParsedFile, Severity, Source, Span

_LOST = "\ufffd"
_LOST_BYTES = _LOST.encode()


def _shown_as() -> dict[str, int]:
    """Return the bytes 80 to BF, which go on with a character in UTF-8, by how Latin-1 and Windows-1252 show them."""
    shown = {chr(byte): byte for byte in range(0x80, 0xC0)}
    for byte in range(0x80, 0xA0):
        character = bytes((byte,)).decode("cp1252", "replace")
        if character != _LOST:
            shown[character] = byte
    return shown


_BYTE_OF = _shown_as()
_NEXT = "".join(_BYTE_OF)
_RUN = re.compile(f"{_LOST}|[\xc2-\xf4][{_NEXT}][{_NEXT}\xc2-\xf4{_LOST}]*")
_NEEDLE = re.compile(rb"\xc3[\x82-\xb4][\xc2\xe2\xc5\xc6\xcb]")
"""How the beginning of a run looks in the bytes of the file."""

_LENGTH = {
    chr(lead): length
    for length, leads in ((2, range(0xC2, 0xE0)), (3, range(0xE0, 0xF0)), (4, range(0xF0, 0xF5)))
    for lead in leads
}
"""How many bytes a character has in UTF-8, by the letter that its first byte is shown as."""

_LIKELY = {
    "\xc2": ("\xa0", "\xbf"),
    "\xc3": ("\xc0", "\xff"),
    "\xe2": ("\u2000", "\u2bff"),
    "\xef": ("\ufb00", "\ufeff"),
    "\xf0": ("\U0001f000", "\U0001faff"),
}
"""First letters, with the characters that are a proof even when they stand alone; others are believed in company."""


class Mojibake(FileRule):
    """No letters were ruined by reading the file in a wrong encoding and saving it again."""

    name = "mojibake"
    severity = Severity.WARNING
    why = "Readers see `â€”` where a dash was, and the search does not find words with such letters."
    notes = (
        "There is one finding for a file, at the first place, with how many more there are. Letters count when, as "
        "Windows-1252 or Latin-1 has them, they are the bytes of a likely character in UTF-8 (`Ã¼` of `ü`, `â€”` of a "
        "dash) or of several characters in a row. A capital before a quotation mark or an ellipsis only counts inside a "
        "word. The sign U+FFFD, which stands where a character was lost, counts everywhere."
    )
    bad = (
        Example('title: "G«Ã¤»rten"\nsummary: "FÃ¼ÃŸe"\n'),
        Example("---\ntitle: Gärten\n---\n\nEin Beet «â€”» zwei Beete.\n"),
        Example("---\ntitle: Gärten\n---\n\nConfidence: «Ã¢Ëœâ€¦»\n", note="twice over: a star"),
        Example(
            "---\ntitle: Gärten\n---\n\nEin Beet «Ã¢â‚¬â€\ufffd» zwei\ufffd.\n",
            note="a dash, and its last byte is lost",
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
        data, rare = source.data, source.uncommon_bytes
        lost = b"\xef" in rare and _LOST_BYTES in data
        if not lost and not (b"\xc3" in rare and _NEEDLE.search(data)):
            return
        places = list(_places(source))
        if not places:
            return
        span, meant = places[0]
        message = f"`{source.slice(span)}` is `{meant}`, read wrongly" if meant else "a character that was lost"
        more = len(places) - 1
        if more:
            message += f", and {more} more such place{'s' * (more > 1)}"
        yield self.at(
            source,
            span,
            message,
            help=f"write `{meant}`"
            if meant
            else "write what was meant; an older version of the file may have it still",
        )


def _places(source: Source) -> Iterator[tuple[Span, str]]:
    """Yield every ruined place with what was meant, as far as that can be told.

    U+FFFD also stands for bytes that are no UTF-8; where there are such, it is not counted.
    """
    text = source.text
    for match in _RUN.finditer(text):
        run = match[0]
        if _LOST in run:
            if source.decode_error is None:
                yield Span(match.start(), match.end()), ""
            continue
        for start, end, meant in _groups(run):
            span = Span(match.start() + start, match.start() + end)
            if _is_believable(run[start:end], meant, text[span.end : span.end + 1]):
                yield span, _again(meant)


def _groups(run: str) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches of `run` that are the bytes of characters in UTF-8, and these characters."""
    at = 0
    while at < len(run):
        start = at
        meant: list[str] = []
        while (character := _character(run, at)) is not None:
            meant.append(character)
            at += _LENGTH[run[at]]
        if meant:
            yield start, at, "".join(meant)
        else:
            at += 1


def _character(run: str, at: int) -> str | None:
    """Return the character that the letters of `run` at `at` are the bytes of, or None."""
    length = _LENGTH.get(run[at : at + 1], 0)
    rest = [byte for letter in run[at + 1 : at + length] if (byte := _BYTE_OF.get(letter)) is not None]
    if not length or len(rest) < length - 1:
        return None
    try:
        return bytes((ord(run[at]), *rest)).decode()
    except UnicodeDecodeError:
        return None


def _is_believable(letters: str, meant: str, behind: str) -> bool:
    """Return whether `letters` are not by chance the bytes of `meant`. `behind` is the letter that follows them."""
    if len(meant) > 1:
        return True
    if letters[1] > "\xbf" and letters[2:] == "":
        return behind.isalpha()
    low, high = _LIKELY.get(letters[0], ("", ""))
    return low <= meant <= high


def _again(text: str) -> str:
    """Return `text` with what was ruined more than once put right."""
    while (once := "".join(meant for _, _, meant in _groups(text))) and _byte_count(text) == len(text):
        text = once
    return text


def _byte_count(text: str) -> int:
    """Return how many letters of `text` are bytes of characters in UTF-8."""
    return sum(end - start for start, end, _ in _groups(text))
