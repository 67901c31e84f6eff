from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import name as unicode_name

from patternlint.rule import Diagnostic, Example, FileRule, ParsedFile, Severity, Span, body_text

_CYRILLIC = "\u0400-\u052f"
_LATIN = "A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\u024f"
_MIXED = re.compile(f"[{_LATIN}][{_CYRILLIC}]|[{_CYRILLIC}][{_LATIN}]")
_CYRILLIC_LETTER = re.compile(f"[{_CYRILLIC}]")
_LONGEST_ADDRESS = 2_000
_BYTES = b"\xd0\xd1\xd2\xd3\xd4"


class ScriptGlitch(FileRule):
    """No word mixes Latin and Cyrillic letters."""

    name = "script-glitch"
    severity = Severity.WARNING
    why = "The letters look alike, and the word is another one to every search, link and screen reader."
    notes = (
        "Addresses, code and whole words of another script are left alone. Greek letters are too: `µm`, `Δt` and "
        "`α-diversity` are written on purpose."
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
        if not source.contains_any(_BYTES):
            return
        text = source.text
        backticks = body_text.BacktickCounter(text)
        reached = 0
        for match in _MIXED.finditer(text):
            if match.start() < reached:
                continue
            span = _word(text, match.start())
            reached = span.end
            if backticks.before(span.start) % 2 or _is_address(text, span.start) or _in_fence(parsed, span.start):
                continue
            word = source.slice(span)
            strange = dict.fromkeys(_CYRILLIC_LETTER.findall(word))
            letters = ", ".join(f"`{letter}` {unicode_name(letter).title()}" for letter in strange)
            yield self.at(
                source,
                span,
                f"`{word}` mixes Latin and Cyrillic letters",
                subject=word,
                help=f"type the word anew; it holds {letters}",
            )


def _word(text: str, at: int) -> Span:
    """Return the letters around the one at `at`."""
    start = at
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    end = at
    while end < len(text) and text[end].isalpha():
        end += 1
    return Span(start, end)


def _is_address(text: str, at: int) -> bool:
    """Return whether what stands before `at`, back to a blank or a bracket, begins an address."""
    far = max(0, at - _LONGEST_ADDRESS)
    start = max(far, *(text.rfind(mark, far, at) for mark in " (\n"))
    return text.find("://", start, at) >= 0


def _in_fence(parsed: ParsedFile, at: int) -> bool:
    pattern = parsed.pattern
    return pattern is not None and pattern.body.is_in_code_block(at)
