"""script-glitch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import name as unicode_name

from patternlint.rule import Diagnostic, Example, FileRule, Parsed, Severity, Span

_CYRILLIC = "\u0400-\u052f"
_LATIN = "A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\u024f"
_MIXED = re.compile(f"[{_LATIN}][{_CYRILLIC}]|[{_CYRILLIC}][{_LATIN}]")
_CYRILLIC_LETTER = re.compile(f"[{_CYRILLIC}]")
_BYTES = (b"\xd0", b"\xd1", b"\xd2", b"\xd3", b"\xd4")


class ScriptGlitch(FileRule, frozen=True):
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

    def check(self, parsed: Parsed) -> Iterator[Diagnostic]:
        """Look where letters of both scripts touch."""
        source = parsed.source
        if not any(byte in source.data for byte in _BYTES):
            return
        text = source.text
        reached = 0
        for match in _MIXED.finditer(text):
            if match.start() < reached:
                continue
            span = _word(text, match.start())
            reached = span.end
            if _is_code(parsed, text, span):
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


def _is_code(parsed: Parsed, text: str, span: Span) -> bool:
    """Return whether a word stands in an address or in code."""
    line = text.rfind("\n", 0, span.start) + 1
    before = text[line : span.start]
    if before.count("`") % 2 or "://" in before[max(before.rfind(" "), before.rfind("(")) + 1 :]:
        return True
    pattern = parsed.pattern
    return pattern is not None and pattern.body.in_fence(span.start)
