from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from patternlint.rule import (
    CHANGES_BODY,
    Annotated,
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
from patternlint.rule.internal import LINE_ENDINGS, utf16_or_utf32

_BOM = b"\xef\xbb\xbf"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")
_C0_BYTES = bytes(code for code in (*range(32), 127) if chr(code) not in "\t\n\r")
_C1_BYTES = re.compile(b"\xc2[\x80-\x9f]")
_SAVE_AS_UTF8 = "save the file as UTF-8; if git writes another encoding on checkout, delete `working-tree-encoding` from `.gitattributes`"
_NAMES = {0: "NUL", 8: "backspace", 11: "vertical tab", 12: "form feed", 13: "CR", 27: "escape", 127: "delete"}


class Encoding(FileRule):
    """The file is UTF-8 without a byte order mark, its lines end in LF, and it contains no control characters."""

    name = "encoding"
    severity = Severity.ERROR
    why = "Programs guess differently what such bytes mean: letters change, or `---` is not recognized."
    notes = (
        "Each kind of problem is one finding, at its first place: bytes that are not UTF-8, a byte order mark, "
        "lines that end in CRLF, and each control character other than tab and newline. A lone carriage return "
        "(CR) is a control character. CRLF is not reported if git stores the file with LF (`core.autocrlf` on Windows, or "
        "`text` in `.gitattributes`). Set `allow-crlf = true` under `[options.encoding]` in `patternlint.toml` to allow it "
        "everywhere."
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
        if source.decode_error is not None or data[:8].count(0) > 1:
            problems = tuple(self._not_utf8(source))
            yield from problems
            if problems and b"\0" in data:
                return  # the file is not text, so all other problems would be noise
        if data.startswith(_BOM):
            yield self.at(
                source,
                Span(0, 1),
                "file begins with a byte order mark (BOM)",
                subject="BOM",
                help="save the file as UTF-8 without BOM",
                fix=Fix("delete the byte order mark", Safety.SAFE, (Replacement(Span(0, 1), ""),)),
            )
        if not self.allow_crlf and b"\r" in source.uncommon_bytes and b"\r\n" in data:
            yield self._crlf(parsed)
        yield from self._control_characters(parsed)

    def _not_utf8(self, source: Source) -> Iterator[Diagnostic]:
        data = source.data
        wide = utf16_or_utf32(data)
        error = source.decode_error
        start = len(data[: error.start].decode()) if error is not None and not wide else 0
        if wide:
            message, advice = f"file is {wide[:6].upper()}, not UTF-8", _SAVE_AS_UTF8
        elif error is None:
            return
        elif b"\0" in data:
            message = "file is not text: it contains NUL bytes, and bytes that are not UTF-8"
            advice = "exclude the file (`exclude`), or rename it so that its name does not end in `.md`"
        else:
            invalid = data[error.start : error.end]
            bytes_are = "byte {} is" if len(invalid) == 1 else "bytes {} are"
            message = f"{bytes_are.format(invalid.hex(' ').upper())} not UTF-8"
            message += _in_places(source.text.count("\ufffd") - data.count("\ufffd".encode()))
            advice = f"save the file as UTF-8; as Windows-1252, this is `{invalid.decode('cp1252', 'replace')}`"
        yield self.at(source, Span(start, start + 1), message, subject="UTF-8", help=advice)

    def _crlf(self, parsed: ParsedFile) -> Diagnostic:
        source = parsed.source
        *ends, _ = (end - 2 for end in accumulate([len(line) + 2 for line in source.text.split("\r\n")]))
        lines = source.text.count("\n")
        body = parsed.pattern.body.span.start if parsed.pattern is not None else 0
        return self.at(
            source,
            Span(ends[0], ends[0] + 2),
            "lines end in CRLF" if len(ends) == lines else f"{len(ends)} of {lines} lines end in CRLF",
            subject=LINE_ENDINGS,
            help=(
                "save the file with LF line endings, or set `allow-crlf = true` under `[options.encoding]` in "
                "patternlint.toml; in git, `*.md text eol=lf` in `.gitattributes` keeps LF"
            ),
            fix=Fix(
                "replace CRLF line endings with LF",
                Safety.SAFE,
                tuple([Replacement(Span(end, end + 1), "") for end in ends]),
                CHANGES_BODY if ends[-1] >= body else (),
            ),
        )

    def _control_characters(self, parsed: ParsedFile) -> Iterator[Diagnostic]:
        source = parsed.source
        rare = source.uncommon_bytes
        has_lone_cr = b"\r" in rare and source.data.count(b"\r") > source.data.count(b"\r\n")
        is_possible = source.contains_any(_C0_BYTES) or has_lone_cr
        if not (is_possible or (b"\xc2" in rare and _C1_BYTES.search(source.data))):
            return
        places: dict[str, list[int]] = {}
        for match in _CONTROL.finditer(source.text):
            places.setdefault(match[0], []).append(match.start())
        if parsed.opening is not None:
            places.pop("\r", None)  # `front-matter-opening` may report these line endings
        for character, starts in places.items():
            code = ord(character)
            name = f" ({_NAMES[code]})" if code in _NAMES else ""
            yield self.at(
                source,
                Span(starts[0], starts[0] + 1),
                f"control character U+{code:04X}{name}{_in_places(len(starts))}",
                subject=f"U+{code:04X}",
                help="delete it, or write the intended character",
            )


def _in_places(count: int) -> str:
    return f", the first of {count} places" if count > 1 else ""
