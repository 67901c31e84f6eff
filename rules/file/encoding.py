from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import (
    BODY_ROUTE,
    Annotated,
    DeclaredChange,
    Diagnostic,
    Example,
    FileRule,
    Fix,
    Meta,
    ParsedFile,
    Replacement,
    Safety,
    Severity,
    Source,
    Span,
)
from patternlint.rule.internal import utf16_or_utf32

_BOM = b"\xef\xbb\xbf"
_CONTROLS = bytes(code for code in (*range(32), 127) if chr(code) not in "\t\n\r")

_LATER_CONTROLS = re.compile("[\x80-\x9f]")
_LATER_BYTES = re.compile(b"\xc2[\x80-\x9f]")
_LONE_CR = re.compile("\r(?!\n)")
_NAMES = {0: "NUL", 8: "backspace", 11: "vertical tab", 12: "form feed", 13: "CR", 27: "escape", 127: "delete"}


class Encoding(FileRule):
    """The file is UTF-8 without a byte order mark, its lines end in LF, and it holds no control characters."""

    name = "encoding"
    severity = Severity.ERROR
    why = "Programs that read the file guess differently what such bytes mean: letters change, or `---` is not seen."
    notes = (
        "There is one finding for each kind of trouble, at its first place: bytes that are no UTF-8, a byte order mark, "
        "lines that end in CRLF, and each control character apart from tab and newline. A carriage return (CR) that "
        "stands alone is a control character. If git writes CRLF on checkout (`core.autocrlf` on Windows), add `*.md text "
        "eol=lf` to `.gitattributes`, or set `allow-crlf = true` under `[options.encoding]` in `patternlint.toml`."
    )
    bad = (
        Example(b"---\ntitle: G\xe4rten\n---\n", note="`Gärten` as Windows-1252 has it"),
        Example("«\ufeff»---\ntitle: Gärten\n---\n", "---\ntitle: Gärten\n---\n", note="a byte order mark (BOM)"),
        Example(
            "---\ntitle: Gärten«\r\n»---\r\n\nText.\r\n",
            "---\ntitle: Gärten\n---\n\nText.\n",
            note="lines that end in CRLF",
        ),
        Example("---\ntitle: Gärten\n---\n\nSeite«\f» zwei\f und\f drei\n", note="a form feed"),
        Example("---\ntitle: Gärten\n---\n\nSie«\x92»s und«\x00»\n", note="two control characters"),
        Example("---\ntitle: Gärten\n---\n\nEins«\r»Zwei\n"),
    )
    good = (
        Example("---\ntitle: Gärten\t# eins\n---\n\n\tCode\u200b\u00a0\n"),
        Example("---\r\ntitle: Gärten\r\n---\r\n", options={"allow-crlf": True}),
    )

    allow_crlf: Annotated[bool, Meta(description="Whether lines may end in CRLF.")] = False

    def check(self, parsed: ParsedFile) -> Iterator[Diagnostic]:
        source = parsed.source
        data = source.data
        rare = source.uncommon_bytes
        if source.decode_error is not None or data[:8].count(0) > 1:
            wrong = tuple(self._not_utf8(source))
            yield from wrong
            if wrong and b"\0" in data:
                return  # nothing of it is text, and all that could be said below would be noise
        if data.startswith(_BOM):
            yield self.at(
                source,
                Span(0, 1),
                "the file begins with a byte order mark (BOM)",
                subject="BOM",
                help="save it as UTF-8 without BOM",
                fix=Fix("delete the byte order mark", Safety.SAFE, (Replacement(Span(0, 1), ""),)),
            )
        if b"\r" in rare:
            if not self.allow_crlf and b"\r\n" in data:
                yield self._crlf(parsed)
            lone = _LONE_CR.search(source.text)
            if lone is not None and parsed.opening is None:  # whose fix may be about the line ends
                yield self._control(source, lone.start(), len(_LONE_CR.findall(source.text)))
        if source.contains_any(_CONTROLS):
            yield from self._controls(source)
        if b"\xc2" in rare and _LATER_BYTES.search(data):
            found = _LATER_CONTROLS.findall(source.text)
            for character in dict.fromkeys(found):
                yield self._control(source, source.text.index(character), found.count(character))

    def _not_utf8(self, source: Source) -> Iterator[Diagnostic]:
        data = source.data
        wide = utf16_or_utf32(data)
        error = source.decode_error
        start = len(data[: error.start].decode()) if error is not None and not wide else 0
        if wide:
            message, advice = f"the file is {wide[:6].upper()}, not UTF-8", "save it as UTF-8"
        elif error is None:
            return
        elif b"\0" in data:
            message = "the file is no text: it has NUL bytes, and others that are not UTF-8"
            advice = "if it is no pattern, leave it out (`exclude`), or let its name not end in `.md`"
        else:
            found = data[error.start : error.end]
            places = source.text.count("\ufffd") - data.count("\ufffd".encode())
            message = f"the byte{'s' * (len(found) > 1)} {found.hex(' ').upper()} (hexadecimal) {_are(found)} not UTF-8"
            message += _in_places(places)
            guess = found.decode("cp1252", "replace")
            advice = f"save the file as UTF-8; as Windows-1252 it reads `{guess}` here"
        yield self.at(source, Span(start, start + 1), message, subject="UTF-8", help=advice)

    def _crlf(self, parsed: ParsedFile) -> Diagnostic:
        source = parsed.source
        text = source.text
        first = text.index("\r\n")
        ends = [match.start() for match in re.finditer("\r\n", text)]
        lines = text.count("\n")
        message = "the lines end in CRLF" if len(ends) == lines else f"{len(ends)} of {lines} lines end in CRLF"
        edits = tuple(Replacement(Span(end, end + 1), "") for end in ends)
        body = parsed.pattern.body.span.start if parsed.pattern is not None else 0
        return self.at(
            source,
            Span(first, first + 2),
            message,
            subject="CRLF",
            help=(
                "save the file with LF line ends; if git writes CRLF on checkout (`core.autocrlf`), add "
                "`*.md text eol=lf` to `.gitattributes`, or set `allow-crlf = true` under `[options.encoding]` in "
                "patternlint.toml"
            ),
            fix=Fix("end lines in LF", Safety.SAFE, edits, (DeclaredChange(BODY_ROUTE),) if ends[-1] >= body else ()),
        )

    def _controls(self, source: Source) -> Iterator[Diagnostic]:
        for character in filter(source.text.__contains__, map(chr, _CONTROLS)):
            yield self._control(source, source.text.index(character), source.text.count(character))

    def _control(self, source: Source, start: int, count: int) -> Diagnostic:
        code = ord(source.text[start])
        name = f" ({_NAMES[code]})" if code in _NAMES else ""
        return self.at(
            source,
            Span(start, start + 1),
            f"the control character U+{code:04X}{name}{_in_places(count)}",
            subject=f"U+{code:04X}",
            help="delete it, or write what was meant",
        )


def _are(found: bytes) -> str:
    return "is" if len(found) == 1 else "are"


def _in_places(count: int) -> str:
    return f", the first of {count}" if count > 1 else ""
