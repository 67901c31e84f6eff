from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import name as unicode_name

from patternlint.rule import Diagnostic, Example, FileRule, ParsedFile, Severity, Span, body_text, phrases

_CYRILLIC = "\u0400-\u052f"
_LATIN = "A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\u024f"
_MIXED = re.compile(f"[{_LATIN}][{_CYRILLIC}]|[{_CYRILLIC}][{_LATIN}]")
_CYRILLIC_LETTER = re.compile(f"[{_CYRILLIC}]")
_LONGEST_URL = 2_000
_CYRILLIC_BYTES = b"\xd0\xd1\xd2\xd3\xd4"


class ScriptGlitch(FileRule):
    """No word mixes Latin and Cyrillic letters."""

    name = "script-glitch"
    severity = Severity.WARNING
    why = "The letters look alike, but the word is a different one for every search, link and screen reader."
    notes = (
        "URLs, code and whole words of another script are ignored. Greek letters are too: `µm`, `Δt` and "
        "`α-diversity` are intended."
    )
    bad = (
        Example('title: "«Gаrten»" # das a ist kyrillisch\n'),
        Example("---\ntitle: Gärten\n---\n\nDie «соmmons» und die «Соmmons».\n"),
    )
    good = (
        Example('title: "Сад"\nsummary: "Ein Garten (Сад) in Москва-City, Δt und βeta."\n'),
        Example("---\ntitle: Gärten\n---\n\nhttps://ex.example/соmmons und `соmmons`\n\n```\nсоmmons\n```\n"),
    )

    def check(self, parsed: ParsedFile) -> Iterator[Diagnostic]:
        source = parsed.source
        if not source.contains_any(_CYRILLIC_BYTES):
            return
        text = source.text
        backticks = body_text.BacktickCounter(text)
        body = parsed.pattern.body if parsed.pattern is not None else None
        reached = 0
        for match in _MIXED.finditer(text):
            if match.start() < reached:
                continue
            span = _word(text, match.start())
            reached = span.end
            if (
                backticks.before(span.start) % 2
                or _is_url(text, span.start)
                or (body is not None and body.is_in_code_block(span.start))
            ):
                continue
            word = source.slice(span)
            foreign = dict.fromkeys(_CYRILLIC_LETTER.findall(word))
            letters = phrases.join_and([f"`{letter}` ({unicode_name(letter).capitalize()})" for letter in foreign])
            yield self.at(
                source,
                span,
                f"`{word}` mixes Latin and Cyrillic letters",
                subject=word,
                help=f"retype the word without {letters}",
            )


def _word(text: str, offset: int) -> Span:
    """Return the letters around the one at `offset`."""
    start = offset
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    end = offset
    while end < len(text) and text[end].isalpha():
        end += 1
    return Span(start, end)


def _is_url(text: str, offset: int) -> bool:
    """Return whether `offset` is in a URL, which begins after a space or a bracket."""
    earliest = max(0, offset - _LONGEST_URL)
    start = max(earliest, *(text.rfind(mark, earliest, offset) for mark in " (\n"))
    return text.find("://", start, offset) >= 0
