from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import (
    BODY_ROUTE,
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Replacement,
    Rule,
    Safety,
    Severity,
    Span,
    body_text,
)

_BEGIN = "> [!NOTE] Confidence Rating: "
_REST = re.compile(r"(★{1,3})(☆{0,2}) \(([^()\s][^\r\n]*)\)")
_SIGNS = re.compile(r"[★☆⭐✩-✰]|:star|Ã|â")
_FULL = 3
_LABELS = {1: "Low", 2: "Medium", 3: "High"}
_HEAD = "---\ntitle: Kräutergarten\nlifecycle:\n  confidence: 2\n---\n\n"
_END = "> Viele Gärten.\n\n### Section 1: Context\n"


class ConfidenceLine(Rule):
    """A line above the sections rates the confidence in the pattern."""

    name = "confidence-line"
    severity = Severity.WARNING
    why = "Readers see by it at once how far to trust the pattern; without the exact form it is no box but stray text."
    notes = (
        "The form is `> [!NOTE] Confidence Rating: ★★☆ (Medium)`: one to three ★, with ☆ up to three or without, and any "
        "words in the brackets. A line that is written otherwise is put right as far as its stars and its words are "
        "there; `2/3`, `⭐⭐` and `**` count as two stars. Where there is no such line, the finding points at the first line of the "
        "body, and the fix takes the stars from `lifecycle.confidence` and the words from the template: Low, Medium, "
        "High. It is not safe, because only a person knows how far to trust the pattern."
    )
    bad = (
        Example(
            _HEAD + "Grüne Töpfe.\n\n«[!NOTE] Confidence Rating: ★★☆ (Medium)»\n" + _END,
            _HEAD + "Grüne Töpfe.\n\n> [!NOTE] Confidence Rating: ★★☆ (Medium)\n" + _END,
        ),
        Example(
            _HEAD + "> Grüne Töpfe.\n\n«> [!NOTE]\n> **Confidence rating:** 2/3 (Erprobt)»\n" + _END,
            _HEAD + "> Grüne Töpfe.\n\n> [!NOTE] Confidence Rating: ★★☆ (Erprobt)\n" + _END,
        ),
        Example(_HEAD + "«> [!NOTE] Confidence Rating: ★★★★ (High)»\n" + _END, note="of four stars nobody knows"),
        Example(_HEAD + "«> [!NOTE] Confidence Rating: Ã¢Ëœâ€¦ (High)»\n" + _END, note="broken characters"),
        Example(_HEAD + "«> [!NOTE] Confidence Rating: ★★☆»\n" + _END),
        Example(
            _HEAD
            + "«Grüne Töpfe, die»\nman teilt.\n\n### Section 1: Context\n\nConfidence ratings are no matter here.\n",
            _HEAD + "Grüne Töpfe, die\nman teilt.\n\n> [!NOTE] Confidence Rating: ★★☆ (Medium)\n\n"
            "### Section 1: Context\n\nConfidence ratings are no matter here.\n",
            unsafe=True,
        ),
        Example(
            _HEAD + "«### Section 1: Context»\n\nDraußen.\n",
            _HEAD + "> [!NOTE] Confidence Rating: ★★☆ (Medium)\n\n### Section 1: Context\n\nDraußen.\n",
            unsafe=True,
        ),
        Example("---\ntitle: Kräutergarten\n---\n«»"),
    )
    good = (
        Example(_HEAD + "Töpfe.\n\n> [!NOTE] Confidence Rating: ★ (Emerging – für uns)\n"),
        Example(_HEAD + "# Töpfe\n\n> [!NOTE] Confidence Rating: ★★★ (High)  \n\nText.\n"),
        Example(
            _HEAD + "> [!NOTE] Confidence Rating: ★★★ (High) <!-- patternlint: ignore[confidence-mismatch] ja -->\n"
        ),
        Example((_HEAD + "> [!NOTE] Confidence Rating: ★★☆ (Medium)\n").replace("\n", "\r\n")),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        found = body_text.find_confidence_line(pattern)
        if found is None:
            if pattern.spec.confidence:
                yield self._missing(pattern)
            return
        line = body_text.split_suppressions(found.line.text)[0].rstrip()
        match = _REST.fullmatch(line, len(_BEGIN)) if line.startswith(_BEGIN) else None
        if match is None or len(match[1]) + len(match[2]) > _FULL:
            yield self._wrong(pattern, found)

    def _missing(self, pattern: Pattern) -> Diagnostic:
        first = body_text.first_line(pattern)
        node = pattern.get(*pattern.spec.confidence)
        rating = node.value if node is not None else None
        fix = None
        if first is None:
            place = pattern.body.span
            place = Span(place.end, place.end)
        else:
            place = first.span
            if isinstance(rating, int | float) and rating in _LABELS and not isinstance(rating, bool):
                line = f"{_BEGIN}{_stars(int(rating))} ({_LABELS[int(rating)]})"
                fix = Fix(
                    f"add `{line}`",
                    Safety.UNSAFE,
                    (_insert(pattern, first.start, line),),
                    (DeclaredChange(BODY_ROUTE),),
                )
        return self.at(
            pattern,
            place,
            "missing confidence rating",
            route=BODY_ROUTE,
            help=f"add a line such as `{_BEGIN}★★☆ (Medium)` above the first section",
            fix=fix,
        )

    def _wrong(self, pattern: Pattern, found: body_text.Confidence) -> Diagnostic:
        text = pattern.source.text
        line, suppressions = body_text.split_suppressions(found.line.text)
        line = line.rstrip()
        start, end = found.line.start, found.line.start + len(line)
        if suppressions and not found.line.text.startswith(line + suppressions):
            end = found.line.start + len(found.line.text.rstrip())
        above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start]
        if above.strip(" \t\r\n>").casefold() == "[!note]":
            start -= len(above)
        rest = text[found.stars.end : end].strip()
        fix = None
        if 1 <= found.rating <= _FULL and found.stars.start == found.rest and rest[:1] == "(" and rest[-1:] == ")":
            line = f"{_BEGIN}{_stars(found.rating)} {rest}"
            fix = Fix(
                f"write `{line}`", Safety.SAFE, (Replacement(Span(start, end), line),), (DeclaredChange(BODY_ROUTE),)
            )
        return self.at(
            pattern,
            Span(start, end),
            _trouble(found),
            route=BODY_ROUTE,
            help=self._advice(pattern, found, rest),
            fix=fix,
        )

    def _advice(self, pattern: Pattern, found: body_text.Confidence, rest: str) -> str:
        """Return the line to write, with the stars and the words that are there as far as they are good."""
        node = pattern.get(*pattern.spec.confidence) if pattern.spec.confidence else None
        given = node.number if node is not None else None
        number = given if given in _LABELS else _FULL - 1
        rating = found.rating if 1 <= found.rating <= _FULL else int(number or 0)
        words = rest.strip(" .()[]{}–—-:,*_")
        words = words if rating == found.rating and words and not _SIGNS.search(words) else _LABELS[rating]
        line = f"`{_BEGIN}{_stars(rating)} ({words})`"
        return f"write {line}" if rating == found.rating else f"write one to three ★ and a word in parentheses: {line}"


def _trouble(found: body_text.Confidence) -> str:
    """Return what is wrong with the line, the first thing first."""
    if not found.line.text.startswith(_BEGIN):
        return f"the confidence rating does not begin with `{_BEGIN}`"
    if not found.rating:
        return "the confidence rating has no stars"
    if found.rating > _FULL:
        return f"the confidence rating has {found.rating} stars, the maximum is three"
    return "the confidence rating is not one to three ★ and a word in parentheses"


def _stars(rating: int) -> str:
    return "★" * rating + "☆" * (_FULL - rating)


def _insert(pattern: Pattern, first: int, line: str) -> Replacement:
    """Return the edit that puts the line behind the opening paragraph, or above the first line where there is none."""
    opening = body_text.lead_paragraph(pattern)
    if opening is None:
        return Replacement(Span(first, first), line + "\n\n")
    return Replacement(Span(opening.end, opening.end), "\n\n" + line)
